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
  /** Every active agent and person. */
  everyone?: boolean;
}

/** Those who lead: told of targets and of agents that leave. */
export const LEADERS = ['region-manager', 'branch-manager', 'team-leader', 'administrator'] as const;

/** Active ones only, each once. */
export async function findRecipients(db: Queryable, audience: Audience): Promise<Recipient[]> {
  const { agents = [], teams = [], branches = [], people = [], roles = [], everyone = false } = audience;
  const answer = await db.query<Recipient>(
    `SELECT p.id AS "personId", a.id AS "agentId",
       CASE WHEN p.id IS NULL THEN a.name ELSE p.name END AS name,
       CASE WHEN p.id IS NULL THEN a.email ELSE p.email END AS email
     FROM notifications.agents a LEFT JOIN notifications.people p ON p.agent_id = a.id AND p.active
     WHERE a.active AND ($6 OR a.id = ANY($1) OR a.team_id = ANY($2) OR a.branch_id = ANY($3))
     UNION
     SELECT p.id, p.agent_id, p.name, p.email FROM notifications.people p
     WHERE p.active AND ($6 OR p.id = ANY($4) OR p.roles && $5::text[])
     ORDER BY 1, 2`,
    [agents, teams, branches, people, roles, everyone],
  );
  return [...new Map(answer.rows.map((row) => [recipientKey(row), row])).values()];
}

/** As the table names them: `person:<id>`, or `agent:<id>` for one without an account. */
export function recipientKey({ personId, agentId }: Pick<Recipient, 'personId' | 'agentId'>): string {
  return personId ? `person:${personId}` : `agent:${agentId}`;
}
