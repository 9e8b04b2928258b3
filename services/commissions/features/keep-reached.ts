/** Remembers which thresholds of targets were reached: accelerators ask for them. */
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { targetReached } from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { makeStale } from './refresh-statements.ts';

const COMPANY = '00000000-0000-0000-0000-000000000000';

export async function keepReached(
  events: readonly Event<typeof targetReached>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const rows = events.map(({ payload }) => ({
    ...payload,
    // As it was written, not as a machine counts.
    threshold: String(payload.threshold),
    kind: payload.subject.kind,
    subjectId: payload.subject.id ?? COMPANY,
  }));
  await tx.query(
    `INSERT INTO commissions.reached (target_id, revision, period_from, threshold, period_to, kind, subject_id, day)
     SELECT "targetId", revision, "periodFrom", threshold, "periodTo", kind, "subjectId", day
     FROM jsonb_to_recordset($1) AS r ("targetId" uuid, revision integer, "periodFrom" date, threshold numeric,
       "periodTo" date, kind text, "subjectId" uuid, day date)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
  const agents = await tx.query<{ id: string }>(
    `SELECT id FROM commissions.known_agents WHERE $2 OR id = ANY ($1) OR team_id = ANY ($1) OR branch_id = ANY ($1)`,
    [rows.map((row) => row.subjectId), rows.some((row) => row.kind === 'company')],
  );
  await makeStale(
    tx,
    agents.rows.map((row) => row.id),
    context,
  );
}
