/** Assignments made for a later day take effect when that day comes. */
import type { JobResult, ServiceContext } from '@moonbase/service';
import { placed } from './assign-agent.ts';
import { todayOf } from './business-day.ts';
import { lockAgents } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';

/** Moves every agent whose assignment of today is not yet the one in force. Twice is once. */
export async function applyAssignments(context: ServiceContext): Promise<JobResult> {
  const today = await todayOf(context);
  const moved = await context.db.transaction(async (tx) => {
    const due = await tx.query<{ id: string }>(
      `SELECT a.id FROM agents.agents a JOIN LATERAL (
         SELECT branch_id, team_id FROM agents.assignments s
         WHERE s.agent_id = a.id AND s.from_day <= $1 ORDER BY s.from_day DESC LIMIT 1) s ON true
       WHERE NOT a.erased AND (s.branch_id, s.team_id) IS DISTINCT FROM (a.branch_id, a.team_id)`,
      [today],
    );
    const agents = await lockAgents(
      tx,
      due.rows.map((row) => row.id),
    );
    const changes = [...agents.values()]
      .filter((agent) => !agent.erased)
      .map((before) => ({
        before,
        after: placed(before, before.assignments, today),
        kind: 'changed' as const,
      }));
    await saveAgents(tx, changes, context.clock.now());
    return changes.length;
  });
  return { counts: { moved } };
}
