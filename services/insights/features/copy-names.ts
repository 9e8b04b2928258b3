/** insights' own copy of what agents publishes: names for figures. */

import type {
  agentsChanged,
  agentsErased,
  branchesChanged,
  productsChanged,
  teamsChanged,
} from '@moonbase/agents/events.ts';
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';

type NameEvent = Event<
  | typeof agentsChanged
  | typeof agentsErased
  | typeof branchesChanged
  | typeof productsChanged
  | typeof teamsChanged
>;

export async function copyNames(events: readonly NameEvent[], tx: Transaction): Promise<void> {
  // One at a time, in order: they are few, and an agent's erasure must come last.
  for (const event of events) await copyOne(event, tx);
}

async function copyOne(event: NameEvent, tx: Transaction): Promise<void> {
  const { position } = event;
  switch (event.type) {
    case 'branches.changed': {
      const { branchId, code, name, region, active } = event.payload;
      await tx.query(
        `INSERT INTO insights.branches AS b (id, code, name, region, active, position) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET code = $2, name = $3, region = $4, active = $5, position = $6
          WHERE b.position < $6`,
        [branchId, code, name, region, active, position],
      );
      break;
    }
    case 'teams.changed': {
      const { teamId, name, active } = event.payload;
      await tx.query(
        `INSERT INTO insights.teams AS t (id, name, active, position) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET name = $2, active = $3, position = $4 WHERE t.position < $4`,
        [teamId, name, active, position],
      );
      break;
    }
    case 'products.changed': {
      const { productId, code, type, name, targetAmount, currency, active } = event.payload;
      await tx.query(
        `INSERT INTO insights.products AS p (id, code, type, name, target_amount, currency, active, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET code = $2, type = $3, name = $4, target_amount = $5, currency = $6,
                active = $7, position = $8 WHERE p.position < $8`,
        [productId, code, type, name, targetAmount, currency, active, position],
      );
      break;
    }
    case 'agents.changed': {
      const { agentId, code, firstName, lastName, status, branchId, teamId } = event.payload;
      const name = [firstName, lastName].filter(Boolean).join(' ') || null;
      // Without a name the agent has been erased since: that event comes, or came, by itself.
      await tx.query(
        `INSERT INTO insights.agents AS a (id, code, name, active, branch_id, team_id, position)
         VALUES ($1, $2, $3, $4, $6, $7, $5)
         ON CONFLICT (id) DO UPDATE SET code = $2, name = $3, active = $4, branch_id = $6, team_id = $7, position = $5
          WHERE a.position < $5 AND NOT a.erased`,
        [agentId, code, name, status === 'active', position, branchId, teamId],
      );
      break;
    }
    case 'agents.erased':
      await tx.query(
        `INSERT INTO insights.agents AS a (id, code, name, active, erased, position) VALUES ($1, '', NULL, false, true, $2)
         ON CONFLICT (id) DO UPDATE SET name = NULL, active = false, erased = true, position = $2`,
        [event.payload.agentId, position],
      );
      break;
  }
}
