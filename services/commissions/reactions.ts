/** What commissions does about events. */
import { agentsEvents } from '@moonbase/agents/events.ts';
import {
  saleCancelled,
  saleCorrected,
  saleDeleted,
  saleRecorded,
  targetReached,
} from '@moonbase/sales/events.ts';
import { reaction } from '@moonbase/service';
import { keepCopies } from './features/keep-copies.ts';
import { keepReached } from './features/keep-reached.ts';
import { keepShares } from './features/keep-shares.ts';

export const reactions = {
  /** Names of agents, branches, teams and products. */
  copies: reaction({ on: agentsEvents, lanes: 1, handle: keepCopies }),
  /** The share of each agent in each sale. */
  shares: reaction({
    on: [saleRecorded, saleCorrected, saleCancelled, saleDeleted],
    lanes: 1,
    handle: keepShares,
  }),
  /** Targets reached, for accelerators. */
  targets: reaction({ on: [targetReached], lanes: 1, handle: keepReached }),
};
