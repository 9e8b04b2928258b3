/** Keeps people's own copy of where agents belong and of regions' branches: what is in whose reach depends on it. */
import type { agentsChanged, branchesChanged } from '@moonbase/agents/events.ts';
import type { Event, Transaction } from '@moonbase/events';
import { forgetRights } from '@moonbase/identity';

type Change = Event<typeof agentsChanged> | Event<typeof branchesChanged>;

export async function copyPlaces(events: readonly Change[], tx: Transaction): Promise<void> {
  const agents = new Map<string, { id: string; branch: string; team: string | null }>();
  const branches = new Map<string, { id: string; region: string }>();
  for (const { type, payload } of events) {
    if (type === 'agents.changed')
      agents.set(payload.agentId, { id: payload.agentId, branch: payload.branchId, team: payload.teamId });
    else branches.set(payload.branchId, { id: payload.branchId, region: payload.region });
  }
  await tx.query(
    `INSERT INTO people.known_agents (id, branch_id, team_id)
     SELECT id, branch, team FROM jsonb_to_recordset($1) AS a (id uuid, branch uuid, team uuid)
     ON CONFLICT (id) DO UPDATE SET branch_id = excluded.branch_id, team_id = excluded.team_id`,
    [JSON.stringify([...agents.values()])],
  );
  await tx.query(
    `INSERT INTO people.known_branches (id, region)
     SELECT id, region FROM jsonb_to_recordset($1) AS b (id uuid, region text)
     ON CONFLICT (id) DO UPDATE SET region = excluded.region`,
    [JSON.stringify([...branches.values()])],
  );
  tx.afterCommit(forgetRights);
}
