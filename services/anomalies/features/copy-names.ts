/** anomalies' own copy of names, kept by events and emptied when somebody is erased. */
import type { agentsChanged, agentsErased, branchesChanged } from '@moonbase/agents/events.ts';
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { peopleChanged, peopleErased } from '@moonbase/people/events.ts';

export type NameEvent = Event<
  | typeof agentsChanged
  | typeof agentsErased
  | typeof branchesChanged
  | typeof peopleChanged
  | typeof peopleErased
>;

export async function copyNames(events: readonly NameEvent[], tx: Transaction): Promise<void> {
  // One at a time, in order: they are few, and an erasure must come last.
  for (const event of events) await copyOne(event, tx);
}

async function copyOne(event: NameEvent, tx: Transaction): Promise<void> {
  switch (event.type) {
    case 'branches.changed': {
      const { branchId, name, region } = event.payload;
      await tx.query(
        `INSERT INTO anomalies.branches VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region`,
        [branchId, name, region],
      );
      break;
    }
    case 'agents.changed': {
      const { agentId, code, firstName, lastName, branchId, teamId } = event.payload;
      await tx.query(
        `INSERT INTO anomalies.agents AS a (id, code, name, branch_id, team_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET code = excluded.code, branch_id = excluded.branch_id,
           team_id = excluded.team_id, name = CASE WHEN a.erased THEN NULL ELSE excluded.name END`,
        [agentId, code, [firstName, lastName].filter(Boolean).join(' ') || null, branchId, teamId],
      );
      break;
    }
    case 'agents.erased': {
      const { agentId } = event.payload;
      await tx.query('UPDATE anomalies.agents SET name = NULL, erased = true WHERE id = $1', [agentId]);
      await tx.query('UPDATE anomalies.anomalies SET note = NULL WHERE agent_id = $1', [agentId]);
      break;
    }
    case 'people.changed': {
      const { personId, name, agentId, active, roles, teams, branches, regions } = event.payload;
      await tx.query(
        `INSERT INTO anomalies.people (id, name, agent_id, active, roles, teams, branches, regions)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, agent_id = excluded.agent_id,
           active = excluded.active, roles = excluded.roles, teams = excluded.teams,
           branches = excluded.branches, regions = excluded.regions`,
        [personId, name, agentId, active, roles, teams, branches, regions],
      );
      break;
    }
    case 'people.erased': {
      const { personId } = event.payload;
      await tx.query('DELETE FROM anomalies.people WHERE id = $1', [personId]);
      await tx.query('DELETE FROM anomalies.places WHERE person_id = $1', [personId]);
      await tx.query('DELETE FROM anomalies.export_hours WHERE person_id = $1', [personId]);
      await tx.query('UPDATE anomalies.anomalies SET note = NULL WHERE person_id = $1 OR judged_by = $2', [
        personId,
        `person:${personId}`,
      ]);
      break;
    }
  }
}
