/** What notifications does about events. */
import { reaction } from '@moonbase/service';
import { followEvents, followed } from './features/follow-events.ts';

export const notificationsReactions = {
  /** Keeps the copies of agents and people, and tells of targets reached and agents deactivated. */
  follow: reaction({ on: followed, handle: followEvents, lanes: 1 }),
};
