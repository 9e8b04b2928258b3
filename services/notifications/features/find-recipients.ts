/** Who is told: agents by themselves, their team or branch, and people by themselves or their role. */
import type { Queryable } from '@moonbase/data';

/** Somebody to tell. An agent who has an account is told as that person, once. */
export interface Recipient {
  personId: string | null;
  agentId: string | null;
  name: string | null;
  email: string | null;
}

export interface Audience {
  agents?: readonly string[];
  teams?: readonly string[];
  branches?: readonly string[];
  people?: readonly string[];
  /** People who have one of these roles. */
  roles?: readonly string[];
  /** Those who lead these agents, teams and branches, by the reach of their role; and administrators. */
  leadersOf?: { agents?: readonly string[]; teams?: readonly string[]; branches?: readonly string[] };
  /** Every active agent and person. */
  everyone?: boolean;
}

/**
 * Who leads one of the teams `$7` or branches `$8`, or where one of the agents `$9` belongs. Who was given nothing to
 * lead leads where their own agent belongs, as in packages/identity.
 */
const LEADS = `
  WITH own AS (SELECT p.id, a.team_id, a.branch_id FROM notifications.people p
                 LEFT JOIN notifications.agents a ON a.id = p.agent_id),
  led AS (
    SELECT p.id, p.roles,
           CASE WHEN p.teams <> '{}' THEN p.teams ELSE ARRAY[o.team_id] END AS teams,
           CASE WHEN p.branches <> '{}' THEN p.branches ELSE ARRAY[o.branch_id] END AS branches,
           ARRAY(SELECT b.id FROM notifications.branches b
                  WHERE CASE WHEN p.regions <> '{}' THEN b.region = ANY (p.regions)
                             ELSE b.region = (SELECT x.region FROM notifications.branches x WHERE x.id = o.branch_id)
                        END) AS region
    FROM notifications.people p JOIN own o USING (id)),
  about AS (
    SELECT ARRAY(SELECT unnest($7::uuid[]) UNION SELECT a.team_id FROM notifications.agents a
                  WHERE a.id = ANY ($9) AND a.team_id IS NOT NULL) AS teams,
           ARRAY(SELECT unnest($8::uuid[]) UNION SELECT a.branch_id FROM notifications.agents a
                  WHERE a.id = ANY ($9)) AS branches),
  leaders AS (
    SELECT l.id FROM led l, about
    WHERE 'team-leader' = ANY (l.roles) AND l.teams && about.teams
       OR 'branch-manager' = ANY (l.roles) AND l.branches && about.branches
       OR 'region-manager' = ANY (l.roles) AND (l.region || l.branches) && about.branches)`;

/** Active ones only, each once. */
export async function findRecipients(db: Queryable, audience: Audience): Promise<Recipient[]> {
  const { agents = [], teams = [], branches = [], people = [], roles = [], everyone = false } = audience;
  const { leadersOf } = audience;
  const told = leadersOf ? [...roles, 'administrator'] : roles;
  const answer = await db.query<Recipient>(
    `${LEADS}
     SELECT p.id AS "personId", a.id AS "agentId",
       CASE WHEN p.id IS NULL THEN a.name ELSE p.name END AS name,
       CASE WHEN p.id IS NULL THEN a.email ELSE p.email END AS email
     FROM notifications.agents a LEFT JOIN notifications.people p ON p.agent_id = a.id AND p.active
     WHERE a.active AND ($6 OR a.id = ANY($1) OR a.team_id = ANY($2) OR a.branch_id = ANY($3))
     UNION
     SELECT p.id, p.agent_id, p.name, p.email FROM notifications.people p
     WHERE p.active AND ($6 OR p.id = ANY($4) OR p.roles && $5::text[]
                      OR p.id IN (SELECT id FROM leaders))
     ORDER BY 1, 2`,
    [
      ...[agents, teams, branches, people, told, everyone],
      ...[leadersOf?.teams ?? [], leadersOf?.branches ?? [], leadersOf?.agents ?? []],
    ],
  );
  return [...new Map(answer.rows.map((row) => [recipientKey(row), row])).values()];
}

/** As the table names them: `person:<id>`, or `agent:<id>` for one without an account. */
export function recipientKey({ personId, agentId }: Pick<Recipient, 'personId' | 'agentId'>): string {
  return personId ? `person:${personId}` : `agent:${agentId}`;
}
