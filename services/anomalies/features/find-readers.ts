/**
 * Who may see an anomaly, by the same table that the row policies obey: they are told of it, and nobody else.
 * Nobody is told of what is about themselves.
 */
import type { Queryable } from '@moonbase/data';
import { reachesOf, roles } from '@moonbase/identity';

export interface Whereabouts {
  agentId: string | null;
  teamId: string | null;
  branchId: string | null;
  personId: string | null;
}

const reading = Object.entries(roles)
  .filter(([, { may }]) => 'anomalies:read' in may)
  .map(([name]) => name);

/** Reads those who may see any. @returns finds the ids of those who may see a certain one */
export async function readReaders(db: Queryable): Promise<(of: Whereabouts) => string[]> {
  const answer = await db.query<{
    id: string;
    agentId: string | null;
    roles: string[];
    teams: string[];
    branches: string[];
    regions: string[];
  }>(
    // As packages/identity reads rights: who was given none leads where their own agent belongs.
    `SELECT p.id, p.agent_id AS "agentId", p.roles,
       CASE WHEN p.teams <> '{}' THEN p.teams ELSE array_remove(ARRAY[a.team_id], NULL) END::text[] AS teams,
       CASE WHEN p.branches <> '{}' THEN p.branches ELSE array_remove(ARRAY[a.branch_id], NULL) END::text[]
         AS branches,
       ARRAY(SELECT b.id::text FROM anomalies.branches b
             WHERE b.region = ANY (CASE WHEN p.regions <> '{}' THEN p.regions ELSE
               ARRAY(SELECT o.region FROM anomalies.branches o WHERE o.id = a.branch_id) END)) AS regions
     FROM anomalies.people p LEFT JOIN anomalies.agents a ON a.id = p.agent_id
     WHERE p.active AND p.roles && $1::text[] ORDER BY p.id`,
    [reading],
  );
  const people = answer.rows.map((row) => {
    const { id, agentId, teams, branches, regions } = row;
    const place = { person: id, agent: agentId, teams, branches, regions };
    return { id, agentId, reach: reachesOf(row.roles, place)['anomalies:read'] };
  });
  return ({ agentId, teamId, branchId, personId }) =>
    people
      .filter((person) => person.id !== personId && (agentId === null || person.agentId !== agentId))
      .filter(
        ({ reach }) =>
          reach?.all ||
          (teamId !== null && reach?.teams.includes(teamId)) ||
          (branchId !== null && reach?.branches.includes(branchId)),
      )
      .map(({ id }) => id);
}
