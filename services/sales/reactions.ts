/** What sales does about events. Both work in one lane: they depend on the order of the log. */
import {
  agentsChanged,
  agentsErased,
  branchesChanged,
  productsChanged,
  teamsChanged,
} from '@moonbase/agents/events.ts';
import { type Reaction, reaction } from '@moonbase/service';
import { saleCancelled, saleCorrected, saleDeleted, saleRecorded, targetChanged } from './events.ts';
import { copyAgents } from './features/copy-agents.ts';
import { trackProgress } from './features/track-progress.ts';

export const reactions: Record<string, Reaction> = {
  'copy-agents': reaction({
    on: [agentsChanged, agentsErased, branchesChanged, teamsChanged, productsChanged],
    lanes: 1,
    handle: copyAgents,
  }),
  'track-progress': reaction({
    on: [saleRecorded, saleCorrected, saleCancelled, saleDeleted, targetChanged],
    lanes: 1,
    handle: trackProgress,
  }),
};
