/**
 * The personal data of an agent is removed, for good: here from the row, its search words and its history;
 * in the event log by deleting the agent's key; elsewhere because `agents.erased` tells every copy.
 * What remains is the code and the figures.
 */
import { newId, type Transaction } from '@moonbase/data';
import { eraseSubject, publish } from '@moonbase/events';
import type { Handler } from '@moonbase/service';
import { context as current } from '@moonbase/telemetry';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { agentsErased } from '../events.ts';
import type { Agent } from '../schema.ts';
import { lockAgents } from './read-agents.ts';

const personal = ['firstName', 'lastName', 'email', 'contact'];

/**
 * Erases once; asked again, it answers with what remains.
 *
 * @throws CodedError `agent_unknown`
 */
export async function erase(tx: Transaction, id: string, now: Date): Promise<Agent> {
  const before = (await lockAgents(tx, [id])).get(id);
  if (!before) throw agentsError('agent_unknown');
  if (before.erased) return before;
  await tx.query(
    `UPDATE agents.agents SET status = 'inactive', first_name = NULL, last_name = NULL, email = NULL,
       contact = NULL, erased = true, version = version + 1, changed_at = $2 WHERE id = $1`,
    [id, now],
  );
  await tx.query('DELETE FROM agents.agent_words WHERE agent_id = $1', [id]);
  // Reasons are free text, which may name somebody.
  await tx.query(
    `UPDATE agents.changes SET reason = NULL, fields = (
       SELECT COALESCE(jsonb_object_agg(key,
         CASE WHEN key = ANY($2) THEN '{"before": null, "after": null}'::jsonb ELSE value END), '{}')
       FROM jsonb_each(fields)) WHERE agent_id = $1`,
    [id, personal],
  );
  await tx.query(
    `INSERT INTO agents.changes (id, agent_id, at, actor, kind, fields) VALUES ($1, $2, $3, $4, 'erased', '{}')`,
    [newId(), id, now, current().actor],
  );
  await publish(tx, agentsErased, { key: id, subjects: [id], payload: { agentId: id }, occurredAt: now });
  await eraseSubject(tx, id);
  const after = (await lockAgents(tx, [id])).get(id);
  return after!;
}

export const eraseAgent: Handler<typeof agentsApi.eraseAgent> = async ({ params }, { db, clock }) => ({
  status: 200,
  body: await db.transaction((tx) => erase(tx, params.id, clock.now())),
});
