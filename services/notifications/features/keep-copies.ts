/** The copies of agents and people, kept up to date by their events and emptied when they are erased. */

import type { agentsChanged, agentsErased, branchesChanged } from '@moonbase/agents/events.ts';
import type { Event, Transaction } from '@moonbase/events';
import type { peopleChanged, peopleErased } from '@moonbase/people/events.ts';

/** The last event of each key: the state after all of them. */
function lastOfEach<E extends { key: string }>(events: readonly E[]): E[] {
  return [...new Map(events.map((event) => [event.key, event])).values()];
}

export async function copyAgents(events: Event<typeof agentsChanged>[], tx: Transaction): Promise<void> {
  const rows = lastOfEach(events).map(({ payload }) => ({
    ...payload,
    name: nameOf(payload),
    // Without a name the agent has been erased since: a late event brings nobody back.
    active: payload.status === 'active' && nameOf(payload) !== null,
  }));
  await tx.query(
    `INSERT INTO notifications.agents (id, code, name, email, active, branch_id, team_id)
     SELECT "agentId", code, name, email, active, "branchId", "teamId"
     FROM jsonb_to_recordset($1) AS a ("agentId" uuid, code text, name text, email text, active boolean,
       "branchId" uuid, "teamId" uuid)
     ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, name = EXCLUDED.name, email = EXCLUDED.email,
       active = EXCLUDED.active, branch_id = EXCLUDED.branch_id, team_id = EXCLUDED.team_id`,
    [JSON.stringify(rows)],
  );
}

/** First and last name together; null where both were erased. */
export function nameOf(of: { firstName: string | null; lastName: string | null }): string | null {
  return [of.firstName, of.lastName].filter((part) => part !== null).join(' ') || null;
}

/** Removes their names, addresses and every text that was written to them or names them. */
export async function eraseAgents(events: Event<typeof agentsErased>[], tx: Transaction): Promise<void> {
  const ids = events.map((event) => event.payload.agentId);
  await tx.query(
    'UPDATE notifications.agents SET name = NULL, email = NULL, active = false WHERE id = ANY($1)',
    [ids],
  );
  await eraseTexts(tx, 'agent_id = ANY($1) OR about && $1', ids);
}

export async function copyPeople(events: Event<typeof peopleChanged>[], tx: Transaction): Promise<void> {
  // Without a name the person has been erased since: a late event brings nobody back.
  const known = lastOfEach(events).filter(({ payload }) => payload.name !== null);
  await tx.query(
    `INSERT INTO notifications.people (id, name, email, roles, agent_id, active, teams, branches, regions)
     SELECT "personId", name, email, roles, "agentId", active, teams, branches, regions
     FROM jsonb_to_recordset($1) AS p ("personId" uuid, name text, email text, roles text[],
       "agentId" uuid, active boolean, teams uuid[], branches uuid[], regions text[])
     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, email = EXCLUDED.email, roles = EXCLUDED.roles,
       agent_id = EXCLUDED.agent_id, active = EXCLUDED.active, teams = EXCLUDED.teams,
       branches = EXCLUDED.branches, regions = EXCLUDED.regions`,
    [JSON.stringify(known.map((event) => event.payload))],
  );
}

export async function copyBranches(events: Event<typeof branchesChanged>[], tx: Transaction): Promise<void> {
  await tx.query(
    `INSERT INTO notifications.branches (id, region)
     SELECT "branchId", region FROM jsonb_to_recordset($1) AS b ("branchId" uuid, region text)
     ON CONFLICT (id) DO UPDATE SET region = EXCLUDED.region`,
    [JSON.stringify(lastOfEach(events).map((event) => event.payload))],
  );
}

export async function erasePeople(events: Event<typeof peopleErased>[], tx: Transaction): Promise<void> {
  const ids = events.map((event) => event.payload.personId);
  await tx.query('DELETE FROM notifications.people WHERE id = ANY($1)', [ids]);
  await tx.query('DELETE FROM notifications.preferences WHERE person_id = ANY($1)', [ids]);
  await tx.query('DELETE FROM notifications.anomaly_news WHERE person_id = ANY($1)', [ids]);
  await tx.query('DELETE FROM notifications.endpoints WHERE person_id = ANY($1)', [ids]);
  await eraseTexts(tx, 'person_id = ANY($1)', ids);
}

async function eraseTexts(tx: Transaction, condition: string, ids: string[]): Promise<void> {
  await tx.query(
    `DELETE FROM notifications.outbox WHERE id IN
       (SELECT id FROM notifications.notifications WHERE ${condition.replaceAll('$1', '$1::uuid[]')})`,
    [ids],
  );
  await tx.query(
    `UPDATE notifications.notifications SET subject = '', body = '', last_error = NULL
     WHERE ${condition.replaceAll('$1', '$1::uuid[]')}`,
    [ids],
  );
}
