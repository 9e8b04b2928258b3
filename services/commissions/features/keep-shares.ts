/** Keeps commissions' own copy of what was sold: the share of each agent in each sale, as it is now. */
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type {
  SaleFacts,
  saleCancelled,
  saleCorrected,
  saleDeleted,
  saleRecorded,
} from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { dayIn } from './months.ts';
import { makeStale } from './refresh-statements.ts';
import type { ShareInput } from './statement-inputs.ts';

type SaleEvent =
  | Event<typeof saleRecorded>
  | Event<typeof saleCorrected>
  | Event<typeof saleCancelled>
  | Event<typeof saleDeleted>;

export async function keepShares(
  events: readonly SaleEvent[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const { zone } = await context.organisation();
  const rows = new Map<string, object>();
  const agents = new Set<string>();
  for (const event of events) {
    // Never later than today, wherever clocks differ.
    const happened = Math.min(new Date(event.occurredAt).getTime(), context.clock.now().getTime());
    const knownOn = dayIn(zone, new Date(happened));
    const put = (sale: SaleFacts, agentIds: readonly string[] | null, state: ShareInput['state']) => {
      for (const { agentId, teamId, branchId, percent, amount } of sale.shares) {
        if (agentIds && !agentIds.includes(agentId)) continue;
        agents.add(agentId);
        const { saleId, reference, day, soldAt, productId, currency } = sale;
        const facts = { saleId, reference, day, soldAt, productId, currency };
        const row = { ...facts, agentId, teamId, branchId, percent, amount, state, knownOn };
        rows.set(`${saleId} ${agentId}`, row);
      }
    };
    switch (event.type) {
      case 'sales.recorded':
        put(event.payload.after, null, 'counted');
        break;
      case 'sales.corrected': {
        const now = event.payload.after.shares.map(({ agentId }) => agentId);
        const gone = event.payload.before.shares.map(({ agentId }) => agentId);
        put(
          event.payload.before,
          gone.filter((agentId) => !now.includes(agentId)),
          'moved',
        );
        put(event.payload.after, null, 'counted');
        break;
      }
      case 'sales.cancelled':
        put(event.payload.before, null, 'cancelled');
        break;
      case 'sales.deleted':
        // A cancelled sale counts no more already, and how much of it goes back was said then.
        if (event.payload.before) put(event.payload.before, null, 'deleted');
        break;
    }
  }
  if (rows.size === 0) return;
  await tx.query(
    {
      name: 'commissions.keep-shares',
      text: `INSERT INTO commissions.shares (sale_id, agent_id, reference, day, sold_at, product_id, team_id, branch_id,
               currency, percent, amount, state, known_on)
             SELECT "saleId", "agentId", reference, day, "soldAt", "productId", "teamId", "branchId", currency, percent,
                    amount, state, "knownOn"
             FROM jsonb_to_recordset($1) AS s ("saleId" uuid, "agentId" uuid, reference text, day date,
               "soldAt" timestamptz, "productId" uuid, "teamId" uuid, "branchId" uuid, currency text, percent numeric,
               amount numeric, state text, "knownOn" date)
             ON CONFLICT (sale_id, agent_id) DO UPDATE SET reference = excluded.reference, day = excluded.day,
               sold_at = excluded.sold_at, product_id = excluded.product_id, team_id = excluded.team_id,
               branch_id = excluded.branch_id, currency = excluded.currency, percent = excluded.percent,
               amount = excluded.amount, state = excluded.state, known_on = excluded.known_on`,
    },
    [JSON.stringify([...rows.values()])],
  );
  await makeStale(tx, [...agents], context);
}
