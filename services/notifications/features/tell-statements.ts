/** A statement was closed, a dispute about one raised or decided: the other side is told. */
import type { disputeDecided, disputeRaised, statementClosed } from '@moonbase/commissions/events.ts';
import type { Event, Transaction } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { findRecipients } from './find-recipients.ts';
import { notify } from './notify.ts';
import { writeAmount } from './write-values.ts';

/** Closed longer ago than this is history: statements of the past that were closed late. */
const PAST_DAYS = 7;
/** Who may decide disputes: `commissions:write`. */
const DECIDERS = ['administrator'];

export async function tellStatements(
  events: Event<typeof statementClosed>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const now = context.clock.now();
  const news = [];
  for (const { id, payload, occurredAt } of events) {
    const at = new Date(occurredAt);
    const past = now.getTime() - at.getTime() > PAST_DAYS * 86_400_000;
    news.push({
      cause: id,
      kind: 'statement-closed' as const,
      recipients: await findRecipients(tx, { agents: [payload.agentId] }),
      values: {
        month: writeMonth(payload.month),
        number: payload.number,
        amount: payload.totals
          .map(({ currency, commission }) => writeAmount(commission, 'amount', currency))
          .join(', '),
      },
      link: `/commissions/statements/${payload.statementId}`,
      past,
      at: past ? at : now,
    });
  }
  await notify(tx, context, news);
}

export async function tellDisputes(
  events: (Event<typeof disputeRaised> | Event<typeof disputeDecided>)[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const news = [];
  for (const event of events) {
    const { payload } = event;
    // Whoever decides hears of a new or withdrawn one, the agent of what was decided.
    const toAgent = event.type === 'commissions.dispute-decided' && event.payload.status !== 'withdrawn';
    news.push({
      cause: event.id,
      kind: toAgent ? ('dispute-decided' as const) : ('dispute-raised' as const),
      recipients: await findRecipients(tx, toAgent ? { agents: [payload.agentId] } : { roles: DECIDERS }),
      values: {
        month: writeMonth(payload.month),
        agent: (await agentName(tx, payload.agentId)) ?? 'An agent',
        what: event.type === 'commissions.dispute-raised' ? 'raised' : event.payload.status,
        amount:
          event.type === 'commissions.dispute-decided' && event.payload.adjustment !== null
            ? `${writeAmount(event.payload.adjustment, 'amount', payload.currency)} on your next statement`
            : 'nothing is paid for it',
      },
      link: `/commissions/disputes/${payload.disputeId}`,
      about: [payload.agentId],
      at: context.clock.now(),
    });
  }
  await notify(tx, context, news);
}

/** `March 2026` */
function writeMonth(month: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

async function agentName(tx: Transaction, id: string): Promise<string | null> {
  const answer = await tx.query<{ name: string | null }>(
    'SELECT name FROM notifications.agents WHERE id = $1',
    [id],
  );
  return answer.rows[0]?.name ?? null;
}
