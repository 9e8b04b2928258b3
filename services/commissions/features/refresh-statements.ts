/**
 * Brings open statements up to date.
 *
 * An agent is stale from the moment that something its statements depend on has changed, in the same
 * transaction. Whoever makes it stale enqueues a job for it with that transaction, unless it was stale already;
 * the job removes the mark and computes in one transaction. It waits for the mark's lock: hence a change that
 * finds the mark standing is either seen by the job that removes it, or leaves a mark, and a job, of its own.
 */
import type { Transaction } from '@moonbase/data';
import type { JobResult, JobRun, ServiceContext } from '@moonbase/service';
import { dayIn } from './months.ts';
import { lockAgents, writeStatements } from './write-statements.ts';

const AT_ONCE = 100;

/** Marks agents whose open statements are to be computed anew. Call it after the change, in its transaction. */
export async function makeStale(
  tx: Transaction,
  agentIds: readonly string[] | 'all',
  context: ServiceContext,
): Promise<void> {
  const marked = await tx.query<{ agent_id: string }>(
    `WITH marked AS (
       INSERT INTO commissions.stale AS s (agent_id, since)
       SELECT id, $2 FROM (
         SELECT DISTINCT unnest($1::uuid[]) AS id
         UNION SELECT id FROM commissions.known_agents WHERE $3) a
       WHERE EXISTS (SELECT FROM commissions.plans) ORDER BY id
       ON CONFLICT (agent_id) DO UPDATE SET since = s.since
       RETURNING agent_id, xmax = 0 AS fresh)
     SELECT agent_id FROM marked WHERE fresh`,
    [agentIds === 'all' ? [] : agentIds, context.clock.now(), agentIds === 'all'],
  );
  if (marked.rows.length > 0)
    await context.enqueue(tx, 'refresh', { agents: marked.rows.map((row) => row.agent_id) });
}

export async function refreshStatements(
  { input, progress, signal }: JobRun<{ agents: string[] }>,
  context: ServiceContext,
): Promise<JobResult> {
  const { zone } = await context.organisation();
  const ids = [...input.agents].sort();
  for (let at = 0; at < ids.length && !signal.aborted; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    await context.db.transaction(async (tx) => {
      const marked = await tx.query<{ agent_id: string }>(
        `DELETE FROM commissions.stale WHERE agent_id IN (
           SELECT agent_id FROM commissions.stale WHERE agent_id = ANY ($1) ORDER BY agent_id FOR UPDATE)
         RETURNING agent_id`,
        [some],
      );
      const agents = marked.rows.map((row) => row.agent_id);
      if (agents.length === 0) return;
      await lockAgents(tx, agents);
      const now = context.clock.now();
      await writeStatements(tx, agents, dayIn(zone, now), now);
    });
    await progress(Math.min(ids.length, at + AT_ONCE), ids.length);
  }
  return { counts: { agents: ids.length } };
}
