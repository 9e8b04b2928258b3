/** Does the lake hold what the log held? Counts and ends per event type, and sums that services declare. */
import type { Database } from '@moonbase/data';
import { catalogueState } from './catalogue.ts';
import type { LakeTypes } from './lake-types.ts';
import { viewName } from './lake-types.ts';
import type { WarehouseResult } from './run-query.ts';

export interface TypeCount {
  count: number;
  first: number | null;
  last: number | null;
}

export type Figures = Readonly<Record<string, string | number>>;

/** Sums that two places must agree on, declared by a service. */
export interface Check {
  title: string;
  /**
   * @param query asks the lake, without a row limit
   * @param position up to which the lake has files; a check may compare at another one
   * @returns figures by name, as both places have them
   */
  compare(
    db: Database,
    query: (sql: string) => Promise<WarehouseResult>,
    position: number,
  ): Promise<{ source: Figures; lake: Figures }>;
}

export interface Difference {
  /** Event type, or the title of a check. */
  what: string;
  figure: string;
  source: string | number | null;
  lake: string | number | null;
}

export interface ReconcileReport {
  /** Compared were the events up to it … */
  position: number;
  /** … and from here on: what was dropped from the log by its retention is not compared. */
  from: number;
  types: { type: string; source: TypeCount; lake: TypeCount }[];
  checks: { title: string; figures: number; differences: number }[];
  differences: Difference[];
}

export interface ReconcileOptions {
  db: Database;
  types: LakeTypes;
  checks: ReadonlyMap<string, Check>;
  /** A query without row limit to the lake. */
  query: (sql: string) => Promise<WarehouseResult>;
}

/** Compares everything that is in files. */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { position } = await catalogueState(options.db);
  const source = await countLog(options.db, position);
  const lake = await countLake(options, source.from, position);
  const report: ReconcileReport = {
    position,
    from: source.from,
    types: [],
    checks: [],
    differences: [],
  };
  for (const type of [...new Set([...source.types.keys(), ...lake.keys()])].sort()) {
    const row = { type, source: source.types.get(type) ?? none(), lake: lake.get(type) ?? none() };
    report.types.push(row);
    for (const figure of ['count', 'first', 'last'] as const)
      if (row.source[figure] !== row.lake[figure])
        report.differences.push({
          what: type,
          figure,
          source: row.source[figure],
          lake: row.lake[figure],
        });
  }
  for (const check of options.checks.values()) await runCheck(options, check, report);
  return report;
}

async function runCheck(options: ReconcileOptions, check: Check, report: ReconcileReport): Promise<void> {
  const { source, lake } = await check.compare(options.db, options.query, report.position);
  const figures = [...new Set([...Object.keys(source), ...Object.keys(lake)])].sort();
  const differences = figures
    .filter((figure) => source[figure] !== lake[figure])
    .map((figure) => ({
      what: check.title,
      figure,
      source: source[figure] ?? null,
      lake: lake[figure] ?? null,
    }));
  report.differences.push(...differences);
  report.checks.push({ title: check.title, figures: figures.length, differences: differences.length });
}

const none = (): TypeCount => ({ count: 0, first: null, last: null });

/** Counted by PostgreSQL: reading millions of events one by one would take minutes. */
async function countLog(
  db: Database,
  position: number,
): Promise<{ from: number; types: Map<string, TypeCount> }> {
  const answer = await db.query<TypeCount & { type: string }>(
    `SELECT type, count(*) AS count, min(position) AS first, max(position) AS last
       FROM events.log WHERE position <= $1 GROUP BY type`,
    [position],
  );
  const types = new Map(answer.rows.map(({ type, ...count }) => [type, count]));
  const from = Math.min(...answer.rows.map((row) => row.first ?? Number.POSITIVE_INFINITY), position + 1);
  return { from, types };
}

async function countLake(
  { query, types }: ReconcileOptions,
  from: number,
  position: number,
): Promise<Map<string, TypeCount>> {
  const counts = new Map<string, TypeCount>();
  for (const type of types.names) {
    const answer = await query(
      `SELECT count(*), min(position), max(position) FROM ${viewName(type)} WHERE position BETWEEN ${from} AND ${position}`,
    );
    const [count, first, last] = answer.rows[0] as [number, number | null, number | null];
    if (count > 0) counts.set(type, { count, first, last });
  }
  return counts;
}
