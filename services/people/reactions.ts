/** What people does on which event. */
import { agentsChanged, branchesChanged } from '@moonbase/agents/events.ts';
import { type Reaction, reaction } from '@moonbase/service';
import { copyPlaces } from './features/copy-places.ts';

export const peopleReactions: Record<string, Reaction> = {
  'copy-places': reaction({ on: [agentsChanged, branchesChanged], handle: copyPlaces, lanes: 1 }),
};
