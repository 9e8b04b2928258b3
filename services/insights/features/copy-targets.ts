import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { targetChanged } from '@moonbase/sales/events.ts';

/** Keeps the newest revision of every target. */
export async function copyTargets(
  events: readonly Event<typeof targetChanged>[],
  tx: Transaction,
): Promise<void> {
  for (const { payload, position } of events) {
    const { period, subject } = payload;
    await tx.query(
      `INSERT INTO insights.targets AS t
         (id, revision, kind, subject_id, period, from_day, to_day, repeats, measure, value, currency, deleted, position)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind,
              subject_id = excluded.subject_id, period = excluded.period, from_day = excluded.from_day,
              to_day = excluded.to_day, repeats = excluded.repeats, measure = excluded.measure,
              value = excluded.value, currency = excluded.currency, deleted = excluded.deleted,
              position = excluded.position
        WHERE t.position < excluded.position`,
      [
        payload.targetId,
        payload.revision,
        subject.kind,
        subject.id,
        period.kind,
        period.from,
        period.to,
        period.repeats,
        payload.measure,
        payload.value,
        payload.currency,
        payload.deleted,
        position,
      ],
    );
  }
}
