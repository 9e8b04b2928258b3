/**
 * The ledger: what must be found after a fire, against what is found. Each line is a promise with two
 * queries, what is there and what is due; whatever is in one and not in the other, as often as it is there,
 * is a finding. No line trusts a figure that another line checks: all are due from the sales themselves.
 */
import type { Queryable } from '@moonbase/data';
import { insightLines } from './ledger-insights.ts';
import { DUE_NOTIFICATIONS, PARTS } from './ledger-queries.ts';
import { type Acknowledged, SOURCE } from './load.ts';

export interface Finding {
  promise: string;
  /** `lost`: due and not found; `too much`: found and not due. */
  kind: 'lost' | 'too much';
  row: string;
}

export interface Line {
  promise: string;
  /** What is there; SQL. `$1` is what was acknowledged, as JSON. */
  found: string;
  /** What is due, in the same columns; nothing unless said. */
  due?: string;
}

const ACKNOWLEDGED = `jsonb_to_recordset($1::jsonb) AS a (reference text, "saleId" uuid, amount text, status text, revision int)`;

const lines: Line[] = [
  {
    promise: 'every acknowledged sale is there once, as acknowledged, and no other',
    found: `SELECT reference, amount::text, CASE WHEN cancelled THEN 'cancelled' ELSE 'recorded' END, revision
              FROM sales.sales WHERE source = '${SOURCE}' AND $1::jsonb IS NOT NULL`,
    // Once the office has mended what was wrong, the refused and the waiting are taken in.
    due: `SELECT reference, amount, CASE WHEN status IN ('refused', 'waiting') THEN 'recorded' ELSE status END, revision
            FROM ${ACKNOWLEDGED} WHERE status <> 'deleted'`,
  },
  {
    promise: 'a sale keeps the id that its answer named',
    found: `SELECT s.reference, s.id FROM sales.sales s JOIN ${ACKNOWLEDGED} USING (reference)
             WHERE s.source = '${SOURCE}' AND "saleId" IS NOT NULL AND status NOT IN ('refused', 'deleted')`,
    due: `SELECT reference, "saleId" FROM ${ACKNOWLEDGED}
           WHERE "saleId" IS NOT NULL AND status NOT IN ('refused', 'deleted')`,
  },
  {
    promise: 'no sale stays refused or waiting once it is mended',
    found: `SELECT reference FROM sales.rejected WHERE source = '${SOURCE}'`,
  },
  {
    promise: 'every sale has one event that recorded it, and there is no such event without a sale',
    found: `SELECT key FROM events.log WHERE type = 'sales.recorded'`,
    due: `SELECT id::text FROM sales.sales
          UNION ALL SELECT sale_id::text FROM sales.changes WHERE change = 'deleted'`,
  },
  {
    promise: 'every change of a sale has one event, and every event its change',
    found: `SELECT key, substr(type, 7) FROM events.log WHERE type IN ('sales.corrected', 'sales.cancelled', 'sales.deleted')`,
    due: 'SELECT sale_id::text, change FROM sales.changes',
  },
  {
    promise: 'the last event of a sale says what the sale is',
    found: `SELECT * FROM (
              SELECT DISTINCT ON (key) key, payload #>> '{after,amount}', payload #>> '{after,day}' FROM events.log
               WHERE type IN ('sales.recorded', 'sales.corrected') ORDER BY key, position DESC) AS last
             WHERE key IN (SELECT id::text FROM sales.sales)`,
    due: 'SELECT id::text, amount::text, day::text FROM sales.sales',
  },
  {
    promise: 'the events of a sale are in order: each begins with what the one before it left',
    found: `SELECT key FROM (
              SELECT key, type, (payload -> 'before')::jsonb AS before,
                     lag((payload -> 'after')::jsonb) OVER (PARTITION BY key ORDER BY position) AS left_by
                FROM events.log WHERE type LIKE 'sales.%') AS chain
             WHERE CASE WHEN type = 'sales.recorded' THEN left_by IS NOT NULL
                        ELSE jsonb_typeof(before) = 'object' AND before IS DISTINCT FROM left_by END`,
  },
  {
    promise: 'positions of events are dense and unique',
    found: 'SELECT position FROM events.log',
    due: 'SELECT generate_series(1, (SELECT position FROM events.head))::bigint',
  },
  { promise: 'no event waits for its position', found: 'SELECT id FROM events.inbox' },
  {
    promise: 'no event is there twice',
    found: 'SELECT id FROM events.log GROUP BY id HAVING count(*) > 1',
  },
  {
    promise: 'every consumer has come to the end, with nothing set aside',
    found: `SELECT consumer, lane, position, parked FROM events.lanes`,
    due: `SELECT consumer, lane, (SELECT position FROM events.head), 0 FROM events.lanes`,
  },
  { promise: 'no event is parked', found: 'SELECT consumer, key, error FROM events.parked' },
  {
    promise: 'daily counters are the sums over the sales',
    found: `SELECT kind, subject_id, currency, day, amount, sales FROM sales.daily WHERE amount <> 0 OR sales <> 0`,
    due: `${PARTS} SELECT kind, subject_id, currency, day, amount, sales FROM due_daily`,
  },
  {
    promise: 'progress of targets is the sum over the sales',
    found: `SELECT target_id, period_from, amount, sales FROM sales.progress WHERE amount <> 0 OR sales <> 0`,
    due: `${PARTS}
      SELECT t.id, CASE WHEN t.repeats THEN date_trunc(t.period, d.day::timestamp)::date ELSE t.first_day END AS period,
             sum(d.amount), sum(d.sales)::bigint
        FROM sales.targets t JOIN due_daily d ON d.kind = t.kind AND d.subject_id = t.subject_id
         AND d.day >= t.first_day AND (t.last_day IS NULL OR d.day <= t.last_day)
         AND (t.currency IS NULL OR t.currency = d.currency)
       WHERE NOT t.deleted GROUP BY 1, 2 HAVING sum(d.amount) <> 0 OR sum(d.sales) <> 0`,
  },
  {
    promise: 'a threshold is announced once, and what is announced is remembered',
    found: `SELECT key, payload ->> 'revision', payload ->> 'periodFrom', payload ->> 'threshold'
              FROM events.log WHERE type = 'targets.reached'`,
    due: `SELECT target_id::text, revision::text, period_from::text, threshold::text FROM sales.reached`,
  },
  {
    promise: 'every threshold that is passed was announced',
    found: `SELECT t.id, p.period_from, h.threshold FROM sales.targets t JOIN sales.progress p ON p.target_id = t.id
             CROSS JOIN LATERAL unnest(t.thresholds) AS h(threshold)
             WHERE NOT t.deleted AND CASE t.measure WHEN 'count' THEN p.sales ELSE p.amount END
                                     >= t.value * h.threshold::numeric / 100
               AND NOT EXISTS (SELECT FROM sales.reached r WHERE r.target_id = t.id AND r.revision = t.revision
                                  AND r.period_from = p.period_from AND r.threshold = h.threshold)`,
  },
  {
    promise: 'one notification per cause, recipient and channel',
    found: `SELECT cause, recipient, channel FROM notifications.notifications`,
    due: DUE_NOTIFICATIONS,
  },
  {
    promise: 'every notification has been sent, and its events tell so',
    found: `SELECT n.id::text, n.status, count(e.*), count(*) FILTER (WHERE e.payload ->> 'before' IS NULL),
                   count(*) FILTER (WHERE e.payload ->> 'after' = 'SENT')
              FROM notifications.notifications n
              LEFT JOIN events.log e ON e.key = n.id::text AND e.type = 'notifications.changed' GROUP BY n.id`,
    due: `SELECT id::text, 'SENT', CASE channel WHEN 'in-app' THEN 1 ELSE 2 END::bigint, 1::bigint, 1::bigint
            FROM notifications.notifications`,
  },
  {
    promise: 'every mail is in the outbox once',
    found: `SELECT id FROM notifications.outbox`,
    due: `SELECT id FROM notifications.notifications WHERE channel = 'email'`,
  },
  {
    promise: 'no job is left, and none is dead',
    found: `SELECT name, state::text FROM jobs_boss.job
             WHERE state::text IN ('created', 'retry', 'active', 'failed') AND name NOT LIKE '\\_\\_%'`,
  },
  ...insightLines,
];

/** Names of the promises that are kept account of. */
export const promises = lines.map((line) => line.promise);

/**
 * Compares everything in the database.
 *
 * @param db sees all of it; a transaction, where it is to see what is not committed
 */
export async function audit(db: Queryable, sales: Iterable<Acknowledged>): Promise<Finding[]> {
  const acknowledged = JSON.stringify([...sales]);
  const findings: Finding[] = [];
  for (const { promise, found, due = 'SELECT * FROM found WHERE false' } of lines) {
    const parameters = `${found}${due}`.includes('$1') ? [acknowledged] : [];
    const answer = await db.query<{ kind: Finding['kind']; row: string }>(
      `WITH found AS MATERIALIZED (${found}), due AS MATERIALIZED (${due})
       (SELECT 'lost' AS kind, to_jsonb(l)::text AS row FROM (TABLE due EXCEPT ALL TABLE found) AS l LIMIT 5)
       UNION ALL
       (SELECT 'too much', to_jsonb(m)::text FROM (TABLE found EXCEPT ALL TABLE due) AS m LIMIT 5)`,
      parameters,
    );
    findings.push(...answer.rows.map((row) => ({ promise, ...row })));
  }
  return findings;
}
