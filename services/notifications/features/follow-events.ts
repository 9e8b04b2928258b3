/**
 * What happens elsewhere, in the order in which it happened: the copies of agents and people first, so that
 * news about somebody finds them. One lane for all, because that order is across keys.
 */
import { agentsChanged, agentsErased, branchesChanged } from '@moonbase/agents/events.ts';
import { anomalyFlagged } from '@moonbase/anomalies/events.ts';
import { disputeDecided, disputeRaised, statementClosed } from '@moonbase/commissions/events.ts';
import type { Event, EventDeclaration, Transaction } from '@moonbase/events';
import { peopleChanged, peopleErased } from '@moonbase/people/events.ts';
import { targetReached } from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { copyAgents, copyBranches, copyPeople, eraseAgents, erasePeople } from './keep-copies.ts';
import { tellAnomalies } from './tell-anomalies.ts';
import { tellDeactivation } from './tell-deactivation.ts';
import { tellDisputes, tellStatements } from './tell-statements.ts';
import { tellTargets } from './tell-targets.ts';

type Follow<D extends EventDeclaration> = (
  events: Event<D>[],
  tx: Transaction,
  context: ServiceContext,
) => Promise<void>;

/** Ties an event to what is done about it. */
function follow<D extends EventDeclaration>(declaration: D, ...handlers: Follow<D>[]) {
  return { declaration, handlers: handlers as unknown as Follow<EventDeclaration>[] };
}

const rows = [
  follow(agentsChanged, copyAgents, tellDeactivation),
  follow(agentsErased, eraseAgents),
  follow(branchesChanged, copyBranches),
  follow(peopleChanged, copyPeople),
  follow(peopleErased, erasePeople),
  follow(targetReached, tellTargets),
  follow(statementClosed, tellStatements),
  follow(disputeRaised, tellDisputes),
  follow(disputeDecided, tellDisputes),
  follow(anomalyFlagged, tellAnomalies),
];

export const followed: readonly EventDeclaration[] = rows.map((row) => row.declaration);

/** Works through the events run by run: neighbours of one type go together. */
export async function followEvents(events: Event[], tx: Transaction, context: ServiceContext): Promise<void> {
  for (let from = 0; from < events.length; ) {
    const { type } = events[from]!;
    let to = from;
    while (to < events.length && events[to]!.type === type) to += 1;
    const row = rows.find(({ declaration }) => declaration.type === type);
    for (const handle of row?.handlers ?? []) await handle(events.slice(from, to), tx, context);
    from = to;
  }
}
