/** Do the live figures, the insight tables, the lake and the log say the same? */
import type { Database, Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { Check, Figures, WarehouseResult } from '@moonbase/warehouse';
import type { insightsApi } from '../api.ts';
import { FIGURES } from './figures-position.ts';

type Ask = (sql: string) => Promise<WarehouseResult>;

/** By currency: the whole, and each day, branch, team and product. */
const SETS = `GROUP BY GROUPING SETS ((currency), (currency, day), (currency, branch_id), (currency, team_id),
                                      (currency, product_id))`;
const GROUP = `CASE WHEN grouping(day) = 0 THEN 'day' WHEN grouping(branch_id) = 0 THEN 'branch'
                    WHEN grouping(team_id) = 0 THEN 'team' WHEN grouping(product_id) = 0 THEN 'product'
                    ELSE 'all' END`;
/** Sales of all shares; those of a team only where figures are by team. */
const COUNTED = `CASE WHEN grouping(team_id) = 0 THEN sum(team_sales) ELSE sum(sales) END`;

export const checks: Record<string, Check> = {
  figures: {
    title: 'Live figures against the lake',
    compare: async (db, query) => {
      const live = await settled(db, FIGURES, query, readFigures);
      return { source: live.figures, lake: await lakeFigures(query, live.position) };
    },
  },
  notifications: {
    title: 'Live notifications against the lake',
    compare: async (db, query) => {
      const live = await settled(db, 'insights.notifications', query, readStatuses);
      return { source: live.figures, lake: await lakeStatuses(query, live.position) };
    },
  },
  tables: {
    title: 'Insight tables against the lake',
    compare: async (db, query) => {
      const last = await db.query<{ id: string; position: number; currency: string }>(
        `SELECT id, position, currency FROM insights.runs
          WHERE error IS NULL AND ended_at IS NOT NULL AND trigger <> 'backfill' ORDER BY aggregation_date DESC LIMIT 1`,
      );
      const run = last.rows[0];
      if (!run) return { source: {}, lake: {} };
      const lake = await lakeFigures(query, run.position);
      // Sales without a team are in no row of the tables.
      const wanted = Object.entries(lake).filter(([figure]) =>
        new RegExp(`^${run.currency} (branch|team|product) (?!none$)`).test(figure),
      );
      return { source: await readTables(db, run), lake: Object.fromEntries(wanted) };
    },
  },
};

/** The figures of a consumer, read when all its lanes stand at one position that the lake has reached. */
async function settled(
  db: Database,
  consumer: string,
  query: Ask,
  read: (tx: Queryable) => Promise<Figures>,
): Promise<{ position: number; figures: Figures }> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const lanes = await tx.query<{ low: number | null; high: number | null; parked: number }>(
        `SELECT min(position) AS low, max(position) AS high, coalesce(sum(parked), 0)::int AS parked
           FROM events.lanes WHERE consumer = $1`,
        [consumer],
      );
      const { high, low, parked } = lanes.rows[0]!;
      if (low !== high) return undefined;
      const figures = await read(tx);
      return {
        position: low ?? 0,
        figures: parked > 0 ? { ...figures, 'parked events': parked } : figures,
      };
    });
    // Under load lanes are rarely level: then look again, a little later.
    if (found && (await query('SELECT 1')).position >= found.position) return found;
    if (attempt > 200) return { position: 0, figures: { 'lanes at one position': 'no' } };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Each group from the cube level that questions of its kind read; `cells` from the finest. */
const LEVELS = [
  ['all', 0, 'NULL'],
  ['day', 0, 'day'],
  ['branch', 4, 'branch_id'],
  ['team', 2, 'team_id'],
  ['product', 1, 'product_id'],
  ['cells', 7, 'NULL'],
] as const;

async function readFigures(tx: Queryable): Promise<Figures> {
  const days = LEVELS.map(
    ([what, level, id]) =>
      `SELECT currency, '${what}' AS what, ${id}::text AS id, sum(amount)::numeric(24,4)::text AS amount,
              sum(sales)::bigint AS sales FROM insights.day_figures(${level}, '-infinity', 'infinity') GROUP BY 1, 2, 3`,
  );
  const months = LEVELS.filter(([what]) => what !== 'day').map(
    ([what, level, id]) =>
      `SELECT currency, 'monthly ${what}' AS what, ${id}::text AS id, sum(amount)::numeric(24,4)::text AS amount,
              sum(sales)::bigint AS sales FROM insights.month_figures(${level}, '1900-01-01', '2999-12-31') GROUP BY 1, 2, 3`,
  );
  const rows = await tx.query<FigureRow>([...days, ...months].join(' UNION ALL '));
  return named(rows.rows);
}

async function lakeFigures(query: Ask, position: number): Promise<Figures> {
  const answer = await query(
    `SELECT currency, ${GROUP} AS what, coalesce(day::VARCHAR, branch_id, team_id, product_id) AS id,
            sum(amount)::VARCHAR AS amount, ${COUNTED} AS sales, sum(team_sales)
       FROM (SELECT * FROM sale_shares WHERE position <= ${position}) ${SETS}`,
  );
  const rows: FigureRow[] = [];
  for (const [currency, what, id, amount, sales, teamSales] of answer.rows) {
    const row = {
      currency: String(currency),
      what: String(what),
      id: id === null || id === undefined ? null : String(id),
      amount: String(amount),
      sales: Number(sales),
    };
    rows.push(row);
    if (what !== 'day') rows.push({ ...row, what: `monthly ${what}` });
    const cells = { ...row, sales: Number(teamSales) };
    if (what === 'all') rows.push({ ...cells, what: 'cells' }, { ...cells, what: 'monthly cells' });
  }
  return named(rows);
}

interface FigureRow {
  currency: string;
  what: string;
  id: string | null;
  amount: string;
  sales: number;
}

/** `USD branch <id>` → amount and number; what adds up to nothing is left out on both sides. */
function named(rows: readonly FigureRow[]): Figures {
  return Object.fromEntries(
    rows
      .filter((row) => Number(row.amount) !== 0 || row.sales !== 0)
      .map((row) => [
        [row.currency, row.what, row.id ?? (/all|cells/.test(row.what) ? '' : 'none')].join(' ').trim(),
        `${row.amount} in ${row.sales}`,
      ]),
  );
}

async function readTables(db: Queryable, run: { id: string; currency: string }): Promise<Figures> {
  const rows = await db.query<FigureRow>(
    ['branch', 'team', 'product']
      .map(
        (kind) =>
          `SELECT '${run.currency}' AS currency, '${kind}' AS what, ${kind}_id::text AS id, total::numeric(24,4)::text AS amount,
                  count AS sales FROM insights.${kind}_performance WHERE run_id = $1`,
      )
      .join(' UNION ALL '),
    [run.id],
  );
  const figures = named(rows.rows);
  return figures;
}

async function readStatuses(tx: Queryable): Promise<Figures> {
  const rows = await tx.query<{ status: string; count: number }>(
    `SELECT status, sum(notifications)::bigint AS count FROM insights.notification_days GROUP BY status`,
  );
  return counted(rows.rows.map((row) => [row.status, row.count]));
}

async function lakeStatuses(query: Ask, position: number): Promise<Figures> {
  const answer = await query(
    `SELECT status, sum(moved) FROM (
       SELECT after AS status, 1 AS moved, position FROM notifications_changed
       UNION ALL SELECT before, -1, position FROM notifications_changed WHERE before IS NOT NULL)
      WHERE position <= ${position} GROUP BY status`,
  );
  return counted(answer.rows.map(([status, count]) => [String(status), Number(count)]));
}

const counted = (rows: [string, number][]): Figures =>
  Object.fromEntries(rows.filter(([, count]) => count !== 0));

export const reconcile: Handler<typeof insightsApi.reconcile> = async (_request, { db, warehouse }) => {
  // What waits for the loader's next round is loaded now: an answer about an empty lake would say nothing.
  await warehouse.load();
  const report = await warehouse.reconcile();
  const totals = await db.query<{ currency: string; total: string; sales: number }>(
    `SELECT currency, sum(amount)::numeric(24,4) AS total, sum(sales)::bigint AS sales
       FROM insights.month_figures(0, '1900-01-01', '2999-12-31') GROUP BY currency HAVING sum(sales) <> 0 ORDER BY currency`,
  );
  return {
    status: 200,
    body: { ...report, agrees: report.differences.length === 0, totals: totals.rows },
  };
};
