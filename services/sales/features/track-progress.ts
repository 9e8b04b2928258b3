/**
 * Moves the daily counters and the progress of targets, and announces thresholds.
 *
 * Why it is exact: the reaction has one lane, so it sees the events in the order of the log, each once, and
 * is the only writer of `daily`, `progress` and `reached`. Hence
 *
 * - `daily` is what the sales events up to its position add up to;
 * - when it comes to `targets.changed`, progress is summed up anew from `daily` and the target's `tracked`
 *   revision is set; only targets whose tracked revision is their present one are moved by sales. A target
 *   set while sales arrive thus counts each sale once: those before its event by the sum, those after it by
 *   their moves;
 * - a threshold is announced with the row of `reached` that remembers it, once per target, revision and
 *   period. Falling back removes nothing.
 */
import type { Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import type { saleCancelled, saleCorrected, saleDeleted, saleRecorded, targetChanged } from '../events.ts';
import { announceReached } from './announce-reached.ts';
import { DayCounters, type Move } from './day-counters.ts';

type SalesEvent =
  | Event<typeof saleRecorded>
  | Event<typeof saleCorrected>
  | Event<typeof saleCancelled>
  | Event<typeof saleDeleted>
  | Event<typeof targetChanged>;

export async function trackProgress(
  events: readonly SalesEvent[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const counters = new DayCounters();
  const flush = () => moveCounters(counters.take(), tx, context);
  for (const event of events) {
    switch (event.type) {
      case 'sales.recorded':
        counters.move(null, event.payload.after);
        break;
      case 'sales.corrected':
        counters.move(event.payload.before, event.payload.after);
        break;
      case 'sales.cancelled':
      case 'sales.deleted':
        counters.move(event.payload.before, null);
        break;
      case 'targets.changed':
        await flush();
        await startTracking(event, tx, context);
        break;
    }
  }
  await flush();
}

const MOVES = `unnest($1::text[], $2::uuid[], $3::text[], $4::date[], $5::numeric[], $6::bigint[])
  AS m(kind, subject_id, currency, day, amount, sales)`;

/** First day of the period of target `t` that a day is in. */
const PERIOD = (day: string) =>
  `CASE WHEN t.repeats THEN date_trunc(t.period, ${day}::timestamp)::date ELSE t.first_day END`;

async function moveCounters(moves: readonly Move[], tx: Transaction, context: ServiceContext): Promise<void> {
  if (moves.length === 0) return;
  const parameters = [
    moves.map((move) => move.kind),
    moves.map((move) => move.subject),
    moves.map((move) => move.currency),
    moves.map((move) => move.day),
    moves.map((move) => move.amount),
    moves.map((move) => move.sales),
  ];
  // Both statements are on their way before the first has answered.
  const [, moved] = await Promise.all([
    tx.query(
      {
        name: 'sales.move-daily',
        text: `INSERT INTO sales.daily AS d (kind, subject_id, currency, day, amount, sales)
               SELECT * FROM ${MOVES}
               ON CONFLICT (kind, subject_id, currency, day) DO UPDATE
               SET amount = d.amount + excluded.amount, sales = d.sales + excluded.sales`,
      },
      parameters,
    ),
    tx.query<{ target_id: string; period_from: string }>(
      {
        name: 'sales.move-progress',
        text: `INSERT INTO sales.progress AS p (target_id, period_from, amount, sales)
               SELECT t.id, ${PERIOD('m.day')}, sum(m.amount), sum(m.sales)
               FROM ${MOVES}
               JOIN sales.targets t ON t.kind = m.kind AND t.subject_id = m.subject_id AND NOT t.deleted
                AND t.tracked = t.revision AND m.day >= t.first_day AND (t.last_day IS NULL OR m.day <= t.last_day)
                AND (t.currency IS NULL OR t.currency = m.currency)
               GROUP BY 1, 2
               ON CONFLICT (target_id, period_from) DO UPDATE
               SET amount = p.amount + excluded.amount, sales = p.sales + excluded.sales
               RETURNING target_id, period_from`,
      },
      parameters,
    ),
  ]);
  if (moved.rows.length === 0) return;
  await announceReached(
    moved.rows.map((row) => row.target_id),
    moved.rows.map((row) => row.period_from),
    tx,
    context,
  );
}

async function startTracking(
  { payload }: Event<typeof targetChanged>,
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  // A newer revision has its own event, further on.
  const started = await tx.query(
    'UPDATE sales.targets SET tracked = revision WHERE id = $1 AND revision = $2 AND NOT deleted',
    [payload.targetId, payload.revision],
  );
  if (payload.deleted) await tx.query('DELETE FROM sales.progress WHERE target_id = $1', [payload.targetId]);
  if (started.rowCount === 0) return;
  await tx.query('DELETE FROM sales.progress WHERE target_id = $1', [payload.targetId]);
  const summed = await tx.query<{ period_from: string }>(
    `INSERT INTO sales.progress (target_id, period_from, amount, sales)
     SELECT t.id, ${PERIOD('d.day')}, sum(d.amount), sum(d.sales)
     FROM sales.targets t
     JOIN sales.daily d ON d.kind = t.kind AND d.subject_id = t.subject_id AND d.day >= t.first_day
      AND (t.last_day IS NULL OR d.day <= t.last_day) AND (t.currency IS NULL OR d.currency = t.currency)
     WHERE t.id = $1 GROUP BY 1, 2 RETURNING period_from`,
    [payload.targetId],
  );
  const periods = summed.rows.map((row) => row.period_from);
  await announceReached(
    periods.map(() => payload.targetId),
    periods,
    tx,
    context,
  );
}
