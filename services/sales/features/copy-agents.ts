/**
 * Keeps sales' own copy of agents, branches, teams and products, and has sales tried again that the change
 * may mend.
 *
 * It works in one lane, so that the copy follows the order of the log. It holds the lock `sales.known`
 * alone until it commits: a sale that is being refused at that moment either sees the change or is seen by
 * the retry (see write-sales.ts).
 */

import type {
  agentsChanged,
  agentsErased,
  branchesChanged,
  productsChanged,
  teamsChanged,
} from '@moonbase/agents/events.ts';
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';

type Change =
  | Event<typeof agentsChanged>
  | Event<typeof agentsErased>
  | Event<typeof branchesChanged>
  | Event<typeof teamsChanged>
  | Event<typeof productsChanged>;

/** Codes whose change may mend sales. */
export interface Mending {
  agents: string[];
  products: string[];
  branches: string[];
}

export async function copyAgents(
  events: readonly Change[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('sales.known'))`);
  const { zone } = await context.organisation();
  const mending: Mending = { agents: [], products: [], branches: [] };
  for (const event of events) {
    switch (event.type) {
      case 'agents.changed':
        await copyAgent(event, tx, zone);
        mending.agents.push(event.payload.code);
        break;
      case 'agents.erased':
        await tx.query('UPDATE sales.known_agents SET name = NULL WHERE id = $1', [event.payload.agentId]);
        break;
      case 'branches.changed':
        await copyBranch(event, tx);
        mending.branches.push(event.payload.code);
        break;
      case 'teams.changed':
        await tx.query(
          `INSERT INTO sales.known_teams VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
          [event.payload.teamId, event.payload.name],
        );
        break;
      case 'products.changed':
        await tx.query(
          `INSERT INTO sales.known_products VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name`,
          [event.payload.productId, event.payload.code, event.payload.name],
        );
        mending.products.push(event.payload.code);
        break;
    }
  }
  const listed = await tx.query(
    `SELECT FROM sales.rejected WHERE agents && $1 OR product = ANY ($2) OR branch = ANY ($3) LIMIT 1`,
    [mending.agents, mending.products, mending.branches],
  );
  if (listed.rowCount) await context.enqueue(tx, 'retry-rejected', mending);
}

async function copyAgent(event: Event<typeof agentsChanged>, tx: Transaction, zone: string): Promise<void> {
  const { agentId, code, status, branchId, firstName, lastName, assignments, authorisations } = event.payload;
  const name = [firstName, lastName].filter(Boolean).join(' ') || null;
  // Days without activity begin and end on the business day of the event, in the agent's branch.
  await tx.query(
    `WITH today AS (
       SELECT daterange(($5::timestamptz AT TIME ZONE coalesce(
         (SELECT b.zone FROM sales.known_branches b WHERE b.id = $4), $6))::date, NULL)::datemultirange AS on_)
     INSERT INTO sales.known_agents AS k (id, code, name, inactive)
     SELECT $1, $2, $3, CASE WHEN $7 THEN '{}' ELSE today.on_ END FROM today
     ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name,
       inactive = CASE WHEN $7 THEN k.inactive - (SELECT on_ FROM today)
                       WHEN upper_inf(k.inactive) THEN k.inactive
                       ELSE k.inactive + (SELECT on_ FROM today) END`,
    [agentId, code, name, branchId, event.occurredAt, zone, status === 'active'],
  );
  await tx.query('DELETE FROM sales.known_assignments WHERE agent_id = $1', [agentId]);
  const places = assignments.length
    ? assignments
    : [{ from: '-infinity', branchId, teamId: event.payload.teamId }];
  await tx.query(
    `INSERT INTO sales.known_assignments (agent_id, first_day, branch_id, team_id)
     SELECT $1, CASE WHEN ord = 1 THEN '-infinity' ELSE first_day END, branch_id, team_id
     FROM unnest($2::date[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS a(first_day, branch_id, team_id, ord)
     ON CONFLICT DO NOTHING`,
    [agentId, places.map((a) => a.from), places.map((a) => a.branchId), places.map((a) => a.teamId)],
  );
  await tx.query('DELETE FROM sales.known_authorisations WHERE agent_id = $1', [agentId]);
  await tx.query(
    `INSERT INTO sales.known_authorisations (agent_id, product_id, days)
     SELECT $1, product_id, daterange(first_day, last_day, '[]')
     FROM unnest($2::uuid[], $3::date[], $4::date[]) AS a(product_id, first_day, last_day)
     ON CONFLICT DO NOTHING`,
    [
      agentId,
      authorisations.map((a) => a.productId),
      authorisations.map((a) => a.from),
      authorisations.map((a) => a.to),
    ],
  );
}

async function copyBranch({ payload }: Event<typeof branchesChanged>, tx: Transaction): Promise<void> {
  // A zone that PostgreSQL does not know would fail whole batches of sales.
  await tx.query(
    `INSERT INTO sales.known_branches (id, code, name, zone)
     VALUES ($1, $2, $3, (SELECT z.name FROM pg_timezone_names z WHERE z.name = $4))
     ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, zone = excluded.zone`,
    [payload.branchId, payload.code, payload.name, payload.zone],
  );
}
