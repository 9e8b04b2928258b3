/** What anomalies does about events. */
import { reaction } from '@moonbase/service';
import { followEvents, followed } from './features/follow-events.ts';

export const anomaliesReactions = {
  /** Keeps copies and statistics, and flags what is unusual. */
  follow: reaction({ on: followed, handle: followEvents, lanes: 1 }),
};
