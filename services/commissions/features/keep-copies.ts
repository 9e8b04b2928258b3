/** Keeps the names of agents, branches, teams and products, and where agents belong; forgets who is erased. */
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
import { makeStale } from './refresh-statements.ts';

type Change =
  | Event<typeof agentsChanged>
  | Event<typeof agentsErased>
  | Event<typeof branchesChanged>
  | Event<typeof teamsChanged>
  | Event<typeof productsChanged>;

export async function keepCopies(
  events: readonly Change[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  // Marks before agents, as everybody who takes both.
  await makeStale(tx, await touched(events, tx), context);
  for (const event of events) {
    switch (event.type) {
      case 'agents.changed': {
        const { agentId, code, firstName, lastName, branchId, teamId } = event.payload;
        const name = [firstName, lastName].filter(Boolean).join(' ') || null;
        await tx.query(
          `INSERT INTO commissions.known_agents (id, code, name, branch_id, team_id) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name,
             branch_id = excluded.branch_id, team_id = excluded.team_id`,
          [agentId, code, name, branchId, teamId],
        );
        break;
      }
      case 'agents.erased':
        await eraseAgent(tx, event.payload.agentId);
        break;
      case 'branches.changed':
        await tx.query(
          `INSERT INTO commissions.known_branches VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name`,
          [event.payload.branchId, event.payload.code, event.payload.name],
        );
        break;
      case 'teams.changed':
        await tx.query(
          `INSERT INTO commissions.known_teams VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
          [event.payload.teamId, event.payload.name],
        );
        break;
      case 'products.changed':
        await tx.query(
          `INSERT INTO commissions.known_products VALUES ($1, $2, $3, $4)
           ON CONFLICT (id) DO UPDATE SET code = excluded.code, type = excluded.type, name = excluded.name`,
          [event.payload.productId, event.payload.code, event.payload.type, event.payload.name],
        );
        break;
    }
  }
}

/** Agents who have something to earn that these changes may bear upon. */
async function touched(events: readonly Change[], tx: Transaction): Promise<string[]> {
  const agents = events.flatMap((event) => (event.type === 'agents.changed' ? [event.payload.agentId] : []));
  const products = events.flatMap((event) =>
    event.type === 'products.changed' ? [event.payload.productId] : [],
  );
  if (agents.length + products.length === 0) return [];
  const found = await tx.query<{ agent_id: string }>(
    `SELECT DISTINCT agent_id FROM commissions.shares
     WHERE unsettled AND (agent_id = ANY ($1) OR product_id = ANY ($2))`,
    [agents, products],
  );
  return found.rows.map((row) => row.agent_id);
}

/** The name and what was written in disputes about this agent; what was earned stays, under the code. */
async function eraseAgent(tx: Transaction, agentId: string): Promise<void> {
  await tx.query('UPDATE commissions.known_agents SET name = NULL WHERE id = $1', [agentId]);
  await tx.query(
    `UPDATE commissions.messages SET body = '', author_name = ''
     WHERE dispute_id IN (SELECT id FROM commissions.disputes WHERE agent_id = $1)`,
    [agentId],
  );
  await tx.query(
    `UPDATE commissions.disputes SET reason = '', raised_by_name = '', decision = NULL WHERE agent_id = $1`,
    [agentId],
  );
}
