/**
 * The five insight tables: team, product and branch performance, most notified agents, notification status.
 *
 * A run reads the lake at one position and writes one set of rows, all in one transaction; earlier sets stay
 * as history. The lake knows agents by pseudonyms: ids are put back here, names only when a table is shown.
 */
import { newId, type Transaction } from '@moonbase/data';
import type { JobResult, ServiceContext } from '@moonbase/service';
import { dayIn } from './days.ts';
import { type Kind, type LakeState, readLake } from './read-lake.ts';

/** Agents in a run's table of most notified ones. */
const AGENTS = 50;
/** Hours of the hourly cube that are kept. */
const HOURS_KEPT = '8 days';

export type Trigger = 'schedule' | 'person' | 'backfill';

/** One run, as of now. */
export async function keepTables(trigger: Trigger, context: ServiceContext): Promise<JobResult> {
  const counts = await run(trigger, context, [null]);
  await context.db.query(
    `DELETE FROM insights.hours WHERE hour < $1::timestamptz - interval '${HOURS_KEPT}'`,
    [context.clock.now()],
  );
  return { counts };
}

/**
 * Runs as of the ends of past business days: what the tables would have held, had they been kept then. Sales
 * count by their business day.
 */
export async function backfillTables(days: readonly string[], context: ServiceContext): Promise<JobResult> {
  return { counts: await run('backfill', context, days) };
}

async function run(
  trigger: Trigger,
  context: ServiceContext,
  asOf: readonly (string | null)[],
): Promise<Record<string, number>> {
  const { db, clock, warehouse } = context;
  const { currency, zone } = await context.organisation();
  const id = newId();
  const startedAt = clock.now();
  const today = dayIn(zone, startedAt);
  try {
    const lake = await readLake(warehouse, currency, zone);
    const agents = await agentsByPseudonym(context, lake);
    const total: Record<string, number> = {};
    for (const day of asOf) {
      const runId = day === null ? id : newId();
      const rows = await db.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO insights.runs (id, trigger, aggregation_date, started_at, position, currency)
           VALUES ($1, $2, CASE WHEN $7::date IS NULL THEN $3::timestamptz
                                ELSE ($7::date + 1)::timestamp AT TIME ZONE $6 - interval '1 second' END, $3, $4, $5)`,
          [runId, trigger, startedAt, lake.position, currency, zone, day],
        );
        const written = await writeTables(tx, runId, lake, agents, { day, today, currency });
        await tx.query('UPDATE insights.runs SET ended_at = $2, rows = $3 WHERE id = $1', [
          runId,
          clock.now(),
          written,
        ]);
        return written;
      });
      for (const [table, count] of Object.entries(rows)) total[table] = (total[table] ?? 0) + count;
    }
    return total;
  } catch (error) {
    await db.query(
      `INSERT INTO insights.runs (id, trigger, aggregation_date, started_at, ended_at, error)
       VALUES ($1, $2, $3, $3, $4, $5)`,
      [newId(), trigger, startedAt, clock.now(), (error as Error).message.slice(0, 500)],
    );
    throw error;
  }
}

interface AsOf {
  /** Figures of days after it don't count; null: all do. */
  day: string | null;
  today: string;
  currency: string;
}

async function writeTables(
  tx: Transaction,
  run: string,
  lake: LakeState,
  agents: ReadonlyMap<string, string>,
  asOf: AsOf,
): Promise<Record<string, number>> {
  return {
    team_performance: await writePerformance(tx, 'team', 'teams', run, lake, asOf),
    product_performance: await writePerformance(tx, 'product', 'products', run, lake, asOf),
    branch_performance: await writePerformance(tx, 'branch', 'branches', run, lake, asOf),
    most_notified_agents: await writeNotified(tx, run, lake, agents, asOf),
    notification_status: await writeStatuses(tx, run, lake, asOf),
  };
}

async function writePerformance(
  tx: Transaction,
  kind: Kind,
  names: string,
  run: string,
  lake: LakeState,
  asOf: AsOf,
): Promise<number> {
  const { amounts, days, ids, sales } = lake.figures[kind];
  const written = await tx.query(
    `WITH figures AS (
       SELECT * FROM unnest($2::uuid[], $3::date[], $4::numeric[], $5::bigint[]) AS f(id, day, amount, sales)
        WHERE $6::date IS NULL OR f.day <= $6::date),
     targets AS (
       SELECT * FROM insights.running_targets(coalesce($6::date, $7::date), $8) WHERE kind = '${kind}')
     INSERT INTO insights.${kind}_performance
            (run_id, ${kind}_id, name, total, count, target, progress, expected, status, aggregation_date)
     SELECT $1, p.id, p.name, p.total, p.count, p.target, p.progress, p.target * p.elapsed,
            CASE WHEN p.target IS NULL THEN 'No target' WHEN p.progress >= p.target THEN 'Achieved'
                 ELSE 'Not achieved' END,
            (SELECT aggregation_date FROM insights.runs WHERE id = $1)
       FROM (
         SELECT n.id, n.name, coalesce(sum(f.amount), 0) AS total, coalesce(sum(f.sales), 0) AS count,
                t.value AS target,
                CASE WHEN t.value IS NOT NULL THEN
                  coalesce(sum(f.amount) FILTER (WHERE f.day >= t.from_day AND (t.to_day IS NULL OR f.day <= t.to_day)), 0)
                END AS progress,
                CASE WHEN t.to_day IS NULL THEN 1
                     ELSE (coalesce($6::date, $7::date) - t.from_day + 1)::numeric / (t.to_day - t.from_day + 1)
                END AS elapsed
           FROM insights.${names} n
           LEFT JOIN figures f ON f.id = n.id LEFT JOIN targets t ON t.subject_id = n.id
          GROUP BY n.id, t.value, t.from_day, t.to_day HAVING n.active OR count(f.id) > 0) AS p`,
    [run, ids, days, amounts, sales, asOf.day, asOf.today, asOf.currency],
  );
  return written.rowCount ?? 0;
}

const until = (day: string | null) => (row: { day: string | null }) =>
  day === null || row.day === null || row.day <= day;

async function writeNotified(
  tx: Transaction,
  run: string,
  lake: LakeState,
  agents: ReadonlyMap<string, string>,
  asOf: AsOf,
): Promise<number> {
  const counts = new Map<string, number>();
  for (const row of lake.notified.filter(until(asOf.day))) {
    const agent = agents.get(row.pseudonym);
    if (agent) counts.set(agent, (counts.get(agent) ?? 0) + row.count);
  }
  const most = [...counts]
    .sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .slice(0, AGENTS);
  const written = await tx.query(
    `INSERT INTO insights.most_notified_agents (run_id, agent_id, count, aggregation_date)
     SELECT r.id, m.agent_id, m.count, r.aggregation_date
       FROM insights.runs r, unnest($2::uuid[], $3::bigint[]) AS m(agent_id, count) WHERE r.id = $1`,
    [run, most.map(([agent]) => agent), most.map(([, count]) => count)],
  );
  return written.rowCount ?? 0;
}

async function writeStatuses(tx: Transaction, run: string, lake: LakeState, asOf: AsOf): Promise<number> {
  const counts = new Map([
    ['SENT', 0],
    ['PENDING', 0],
    ['FAILED', 0],
  ]);
  for (const row of lake.statuses.filter(until(asOf.day)))
    counts.set(row.status, (counts.get(row.status) ?? 0) + row.count);
  const written = await tx.query(
    `INSERT INTO insights.notification_status (run_id, status, count, aggregation_date)
     SELECT r.id, s.status, s.count, r.aggregation_date
       FROM insights.runs r, unnest($2::text[], $3::bigint[]) AS s(status, count) WHERE r.id = $1`,
    [run, [...counts.keys()], [...counts.values()]],
  );
  return written.rowCount ?? 0;
}

async function agentsByPseudonym(
  { db, warehouse }: ServiceContext,
  lake: LakeState,
): Promise<Map<string, string>> {
  if (lake.notified.length === 0) return new Map();
  const ids = await db.query<{ id: string }>('SELECT id FROM insights.agents WHERE NOT erased');
  const pseudonyms = await warehouse.pseudonyms(ids.rows.map((row) => row.id));
  return new Map([...pseudonyms].map(([id, pseudonym]) => [pseudonym, id]));
}
