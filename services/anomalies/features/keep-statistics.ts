/** Reads the statistics of a batch in two statements, and writes what changed in two. */
import type { Transaction } from '@moonbase/data';
import type { StoredWindow } from './amount-windows.ts';
import { type CountKey, Statistics, type WindowKey } from './statistics.ts';

export interface Needed {
  windows: readonly WindowKey[];
  counts: readonly CountKey[];
}

export async function loadStatistics(tx: Transaction, needed: Needed): Promise<Statistics> {
  const [windows, counts] = await Promise.all([
    tx.query<WindowKey & StoredWindow>(
      {
        name: 'anomalies.windows',
        text: `SELECT a.agent_id AS "agentId", a.product_id AS "productId", a.currency,
                      a.sales::text[] AS sales, a.amounts::text[] AS amounts, a.days
               FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]))
                 AS k (agent_id, product_id, currency)
               JOIN anomalies.amounts a USING (agent_id, product_id, currency)`,
      },
      [
        needed.windows.map((key) => key.agentId),
        needed.windows.map((key) => key.productId),
        needed.windows.map((key) => key.currency),
      ],
    ),
    tx.query<CountKey & { first: string; counts: Record<string, number> }>(
      {
        name: 'anomalies.counts',
        text: `SELECT c.kind, c.subject_id AS "subjectId", c.first_day AS first, c.counts
               FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[])) AS k (kind, subject_id)
               JOIN anomalies.day_counts c USING (kind, subject_id)`,
      },
      [needed.counts.map((key) => key.kind), needed.counts.map((key) => key.subjectId)],
    ),
  ]);
  const statistics = new Statistics();
  for (const row of windows.rows) statistics.putWindow(row, row);
  for (const row of counts.rows) statistics.putCounts(row, row);
  return statistics;
}

export async function saveStatistics(tx: Transaction, statistics: Statistics): Promise<void> {
  const windows = statistics
    .changedWindows()
    .map(({ key, window }) => ({ ...key, ...window.stored() }))
    .sort((one, other) => (one.agentId + one.productId < other.agentId + other.productId ? -1 : 1));
  const counts = statistics.changedCounts().map(({ key, counts: each }) => ({ ...key, ...each.stored() }));
  await Promise.all([
    windows.length > 0 &&
      tx.query(
        {
          name: 'anomalies.save-windows',
          text: `INSERT INTO anomalies.amounts (agent_id, product_id, currency, sales, amounts, days)
                 SELECT "agentId", "productId", currency, sales, amounts, days
                 FROM json_to_recordset($1) AS w ("agentId" uuid, "productId" uuid, currency text,
                   sales uuid[], amounts numeric[], days text[])
                 ON CONFLICT (agent_id, product_id, currency) DO UPDATE
                 SET sales = excluded.sales, amounts = excluded.amounts, days = excluded.days`,
        },
        [JSON.stringify(windows)],
      ),
    counts.length > 0 &&
      tx.query(
        {
          name: 'anomalies.save-counts',
          text: `INSERT INTO anomalies.day_counts (kind, subject_id, first_day, counts)
                 SELECT kind, "subjectId", first, counts
                 FROM json_to_recordset($1) AS c (kind text, "subjectId" uuid, first text, counts jsonb)
                 ON CONFLICT (kind, subject_id) DO UPDATE
                 SET first_day = excluded.first_day, counts = excluded.counts`,
        },
        [JSON.stringify(counts)],
      ),
  ]);
}
