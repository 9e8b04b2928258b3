/**
 * What happens elsewhere, in the order in which it happened: names and roles first, so that what is flagged finds
 * whom to tell. One lane for all, because that order is across keys, and statistics are shared.
 */
import { agentsChanged, agentsErased, branchesChanged } from '@moonbase/agents/events.ts';
import type { Event, EventDeclaration, Transaction } from '@moonbase/events';
import { peopleChanged, peopleErased, peopleSignedIn } from '@moonbase/people/events.ts';
import { saleCancelled, saleCorrected, saleDeleted, saleRecorded } from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { copyNames } from './copy-names.ts';
import { watchSales } from './watch-sales.ts';
import { watchSignIns } from './watch-sign-ins.ts';

// biome-ignore lint/suspicious/noExplicitAny: each row's handler takes the events it is declared for.
type Follow = (events: Event<any>[], tx: Transaction, context: ServiceContext) => Promise<void>;

const rows: { on: readonly EventDeclaration[]; handle: Follow }[] = [
  {
    on: [agentsChanged, agentsErased, branchesChanged, peopleChanged, peopleErased],
    handle: copyNames,
  },
  { on: [saleRecorded, saleCorrected, saleCancelled, saleDeleted], handle: watchSales },
  { on: [peopleSignedIn], handle: watchSignIns },
];

export const followed: readonly EventDeclaration[] = rows.flatMap((row) => row.on);

const rowOf = (event: Event) => rows.find(({ on }) => on.some(({ type }) => type === event.type));

/** Works through the events run by run: neighbours that one handler takes go together. */
export async function followEvents(events: Event[], tx: Transaction, context: ServiceContext): Promise<void> {
  for (let from = 0; from < events.length; ) {
    const row = rowOf(events[from]!);
    let to = from;
    while (to < events.length && rowOf(events[to]!) === row) to += 1;
    await row?.handle(events.slice(from, to), tx, context);
    from = to;
  }
}
