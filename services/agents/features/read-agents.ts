/** Agents as they are: whole, with authorisations and assignments. */
import type { Queryable, Transaction } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { Agent } from '../schema.ts';

/** Columns of an agent `a`, named as in the api; an Agent but for its two instants, which are Dates. */
const columns = `
  a.id, a.code, a.status, a.first_name AS "firstName", a.last_name AS "lastName", a.email, a.contact,
  a.hire_date AS "hireDate", a.branch_id AS "branchId", a.team_id AS "teamId", a.version, a.erased,
  a.created_at AS "createdAt", a.changed_at AS "changedAt",
  COALESCE((SELECT jsonb_agg(jsonb_build_object(
      'id', u.id, 'productId', u.product_id, 'from', u.from_day, 'to', u.to_day) ORDER BY u.from_day, u.id)
    FROM agents.authorisations u WHERE u.agent_id = a.id), '[]') AS authorisations,
  COALESCE((SELECT jsonb_agg(jsonb_build_object(
      'from', s.from_day, 'branchId', s.branch_id, 'teamId', s.team_id) ORDER BY s.from_day)
    FROM agents.assignments s WHERE s.agent_id = a.id), '[]') AS assignments`;

interface Row extends Omit<Agent, 'createdAt' | 'changedAt'> {
  createdAt: Date;
  changedAt: Date;
}

/**
 * Agents that fulfil a condition on `agents.agents a`.
 *
 * @param rest SQL after `FROM agents.agents a`, with `$1` … for values
 */
export async function selectAgents(
  db: Queryable,
  rest: string,
  values: readonly unknown[],
): Promise<Agent[]> {
  const answer = await db.query<Row>(`SELECT ${columns} FROM agents.agents a ${rest}`, values);
  return answer.rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
  }));
}

/**
 * Locks the agents until the transaction ends, in one order for everybody, and reads them after that.
 * Two statements, since the first one's snapshot may be older than its locks.
 */
export async function lockAgents(tx: Transaction, ids: readonly string[]): Promise<Map<string, Agent>> {
  await tx.query('SELECT FROM agents.agents WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
  const agents = await selectAgents(tx, 'WHERE a.id = ANY($1)', [ids]);
  return new Map(agents.map((agent) => [agent.id, agent]));
}

/**
 * One agent, locked, for a change by somebody who has read it.
 *
 * @param version the version they have read; any when undefined
 * @throws CodedError `agent_unknown`, `agent_erased`, `version_conflict`
 */
export async function lockAgent(tx: Transaction, id: string, version: number | undefined): Promise<Agent> {
  const agent = (await lockAgents(tx, [id])).get(id);
  if (!agent) throw agentsError('agent_unknown');
  if (agent.erased) throw agentsError('agent_erased');
  if (version !== undefined && version !== agent.version)
    throw agentsError('version_conflict', {
      detail: `You have read version ${version}, it is ${agent.version}.`,
    });
  return agent;
}

export const readAgent: Handler<typeof agentsApi.readAgent> = async ({ params }, { db }) => {
  const [agent] = await selectAgents(db, 'WHERE a.id = $1', [params.id]);
  if (!agent) throw agentsError('agent_unknown');
  return { status: 200, body: agent };
};
