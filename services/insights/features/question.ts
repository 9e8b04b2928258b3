/** What a question to the live figures is: SQL, how its answer is drawn, what narrows it, who may ask. */
import type { Insight } from '@moonbase/service';
import type { Chart, ColumnKind, FilterName, groups } from '../schema.ts';
import type { DefaultPeriod } from './days.ts';

export interface Question extends Insight {
  title: string;
  /** What exactly is counted, in a sentence. */
  description: string;
  group: (typeof groups)[number];
  /** Which filters it obeys. */
  filters: readonly FilterName[];
  /** Unless the asker says another. */
  period: DefaultPeriod;
  /** Columns of the answer that are shown, in order; the SQL names them so. */
  columns: Readonly<Record<string, readonly [name: string, kind: ColumnKind]>>;
  chart: Chart;
  /** See {@link PARAMETERS}. */
  sql: string;
  /** A row leads to its sales: filter of the sales page → column of the row (ids may be columns not shown). */
  drill?: Readonly<Record<string, string>>;
  /** What its cells tell apart, beside what it is filtered by. */
  by?: readonly ('branch' | 'team' | 'product')[];
  /** It adds up amounts: sales in other currencies are told beside it. */
  money?: boolean;
}

/**
 * What the SQL of a question can use: `asked` has one row with the day the period begins and ends, the
 * currency, the filters (null: not filtered), the time of asking, the business's zone and its today. `$1`
 * and `$2` are the days again, and `$9` the level of the cells (see the migration): what the question tells
 * apart and what it is filtered by.
 */
export const PARAMETERS = `
  SELECT $1::date AS from_day, $2::date AS to_day, $3::text AS currency, $4::uuid AS branch, $5::uuid AS team,
         $6::uuid AS product, $7::timestamptz AS now, $8::text AS zone, $9::int AS level,
         ($7::timestamptz AT TIME ZONE $8::text)::date AS today`;

const dimension = (column: string, parameter: string, bit: number) =>
  `(f.${column} = ${parameter}::uuid OR ${parameter}::uuid IS NULL)
   AND ($9::int & ${bit} > 0 OR f.${column} IS NULL)`;

/** Which cells `f` of a level count. */
export const CELLS = `f.currency = $3::text AND ${dimension('branch_id', '$4', 4)}
  AND ${dimension('team_id', '$5', 2)} AND ${dimension('product_id', '$6', 1)}`;

/** Which cells `f` of the hourly cube count, which has no levels. */
export const HOUR_CELLS = `f.currency = $3::text AND ($4::uuid IS NULL OR f.branch_id = $4::uuid)
  AND ($5::uuid IS NULL OR f.team_id = $5::uuid) AND ($6::uuid IS NULL OR f.product_id = $6::uuid)`;

/** Number of sales in hourly cells: of a team, those that it has a share in. */
export const HOUR_SALES = `coalesce(CASE WHEN $5::uuid IS NULL THEN sum(f.sales) ELSE sum(f.team_sales) END, 0)::bigint`;

/** The same for cubes of agents, which don't know products. */
export const AGENT_CELLS = `f.currency = $3::text AND ($4::uuid IS NULL OR f.branch_id = $4::uuid)
  AND ($5::uuid IS NULL OR f.team_id = $5::uuid)`;
