/** Announces the thresholds that targets have newly reached; called by track-progress alone. */
import type { Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { targetReached } from '../events.ts';
import type { TargetSubject } from '../schema.ts';
import { COMPANY } from './day-counters.ts';

interface Reached {
  target_id: string;
  revision: number;
  period_from: string;
  period_to: string | null;
  threshold: number;
  kind: TargetSubject['kind'];
  subject_id: string;
  subject_name: string | null;
  measure: 'amount' | 'count';
  currency: string | null;
  value: string;
  progress: string;
  day: string;
}

/** Last day of the period of target `t` that begins on `period_from`; null when it has none. */
export const PERIOD_END = `CASE WHEN t.repeats THEN
  (period_from + CASE t.period WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months'
                               ELSE interval '1 year' END)::date - 1 ELSE t.last_day END`;

// The day is the first on which what was sold since the period began reached the threshold.
const REACH = `
  WITH candidates AS (
    SELECT t.id AS target_id, t.revision, p.period_from, ${PERIOD_END} AS period_to, h.threshold, t.kind,
           t.subject_id, t.measure, t.currency, t.value,
           CASE t.measure WHEN 'count' THEN p.sales ELSE p.amount END AS progress,
           t.value * h.threshold::numeric / 100 AS needed
    FROM unnest($1::uuid[], $2::date[]) AS x(target_id, period_from)
    JOIN sales.targets t ON t.id = x.target_id
    JOIN sales.progress p USING (target_id, period_from)
    CROSS JOIN LATERAL unnest(t.thresholds) AS h(threshold)
  ), crossed AS (
    SELECT c.* FROM candidates c
    WHERE c.progress >= c.needed AND NOT EXISTS (
      SELECT FROM sales.reached r WHERE r.target_id = c.target_id AND r.revision = c.revision
                                    AND r.period_from = c.period_from AND r.threshold = c.threshold)
  ), dated AS (
    SELECT c.*, (
      SELECT min(s.day) FROM (
        SELECT d.day, sum(CASE c.measure WHEN 'count' THEN sum(d.sales) ELSE sum(d.amount) END)
                        OVER (ORDER BY d.day) AS total
        FROM sales.daily d
        WHERE d.kind = c.kind AND d.subject_id = c.subject_id AND d.day >= c.period_from
          AND (c.period_to IS NULL OR d.day <= c.period_to) AND (c.currency IS NULL OR d.currency = c.currency)
        GROUP BY d.day) s
      WHERE s.total >= c.needed) AS day
    FROM crossed c
  ), remembered AS (
    INSERT INTO sales.reached (target_id, revision, period_from, threshold, day, at)
    SELECT target_id, revision, period_from, threshold, day, $3 FROM dated
  )
  SELECT d.target_id, d.revision, d.period_from, d.period_to, d.threshold, d.kind, d.subject_id, d.measure,
         d.currency, d.value::text, d.progress::numeric(24,4)::text AS progress, d.day,
         coalesce(m.name, b.name, p.name) AS subject_name
  FROM dated d
  LEFT JOIN sales.known_teams m ON d.kind = 'team' AND m.id = d.subject_id
  LEFT JOIN sales.known_branches b ON d.kind = 'branch' AND b.id = d.subject_id
  LEFT JOIN sales.known_products p ON d.kind = 'product' AND p.id = d.subject_id
  ORDER BY d.target_id, d.period_from, d.threshold`;

/** Looks at these periods of these targets (pairwise). */
export async function announceReached(
  targets: readonly string[],
  periods: readonly string[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const answer = await tx.query<Reached>({ name: 'sales.reach', text: REACH }, [
    targets,
    periods,
    context.clock.now(),
  ]);
  await publish(
    tx,
    targetReached,
    answer.rows.map((row) => ({
      key: row.target_id,
      subjects: row.kind === 'agent' ? [row.subject_id] : [],
      payload: {
        targetId: row.target_id,
        revision: row.revision,
        threshold: row.threshold,
        subject: subjectOf(row),
        subjectName: row.subject_name,
        measure: row.measure,
        currency: row.currency,
        value: row.value,
        progress: row.progress,
        day: row.day,
        periodFrom: row.period_from,
        periodTo: row.period_to,
        unitId: unitOf(row),
      },
    })),
  );
}

/** A target's subject, as events and answers tell it. */
export function subjectOf(row: { kind: TargetSubject['kind']; subject_id: string }): TargetSubject {
  return { kind: row.kind, id: row.subject_id === COMPANY ? null : row.subject_id };
}

/** The subject's id unless it is a person's. */
export function unitOf(row: { kind: TargetSubject['kind']; subject_id: string }): string | null {
  return row.kind === 'agent' ? null : subjectOf(row).id;
}
