/** What insights does on which event. */
import { agentsEvents } from '@moonbase/agents/events.ts';
import { notificationsChanged } from '@moonbase/notifications/events.ts';
import { peopleErased } from '@moonbase/people/events.ts';
import {
  saleCancelled,
  saleCorrected,
  saleDeleted,
  saleRecorded,
  targetChanged,
} from '@moonbase/sales/events.ts';
import { reaction } from '@moonbase/service';
import { copyNames } from './features/copy-names.ts';
import { copyTargets } from './features/copy-targets.ts';
import { moveFigures } from './features/move-figures.ts';
import { moveNotifications } from './features/move-notifications.ts';
import { forgetOwners } from './features/saved-queries.ts';

export const insightsReactions = {
  figures: reaction({
    on: [saleRecorded, saleCorrected, saleCancelled, saleDeleted],
    handle: moveFigures,
  }),
  notifications: reaction({ on: [notificationsChanged], handle: moveNotifications, lanes: 2 }),
  names: reaction({ on: agentsEvents, handle: copyNames, lanes: 1 }),
  owners: reaction({ on: [peopleErased], handle: forgetOwners, lanes: 1 }),
  targets: reaction({ on: [targetChanged], handle: copyTargets, lanes: 1 }),
};
