/**
 * Folds what events moved into the cubes.
 *
 * Why not at once: sales of the same days, branches and products come in every lane, and lanes that update
 * the same cells wait for each other. Lanes insert deltas instead; about once a second one of them, holding
 * a lock, takes all that is committed and adds it to the cells, each cell once. Deltas and cells change in
 * one statement, so a question sees every move exactly once, before and after.
 */
import type { Clock, Transaction } from '@moonbase/data';

/** Milliseconds between folds by one process. */
const EVERY = 1_000;
/** Hours are kept so long: questions go back 24 hours. */
const HOURS_KEPT = '8 days';

let folded = 0;

export async function foldFigures(tx: Transaction, clock: Clock, now = performance.now()): Promise<void> {
  if (now - folded < EVERY) return;
  folded = now;
  await fold(tx, clock);
}

/** Folds now, unless another process is at it. */
export async function fold(tx: Transaction, clock: Clock): Promise<void> {
  const lock = await tx.query<{ held: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('insights.fold')) AS held`,
  );
  if (!lock.rows[0]?.held) return;
  await tx.query({ name: 'insights.fold', text: FOLD }, [clock.now()]);
  await tx.query({ name: 'insights.fold-agents', text: FOLD_AGENTS });
}

const cell = (table: string, counts: readonly string[]) =>
  `ON CONFLICT ON CONSTRAINT ${table}_cell DO UPDATE SET ${counts
    .map((count) => `${count} = c.${count} + excluded.${count}`)
    .join(', ')} RETURNING 1`;

/** A cell at every level of detail; see the migration for what `level` says. */
const cube = (table: string, key: string, value: string) => `
    INSERT INTO insights.${table} AS c (level, ${key}, branch_id, team_id, product_id, currency, amount, sales)
    SELECT 7 - grouping(branch_id, team_id, product_id), ${value}, branch_id, team_id, product_id, currency,
           sum(amount), CASE WHEN grouping(team_id) = 0 THEN sum(team_sales) ELSE sum(sales) END
      FROM moved GROUP BY ${value}, currency, CUBE (branch_id, team_id, product_id)
    ${cell(table, ['amount', 'sales'])}`;

const FOLD = `
  WITH moved AS (DELETE FROM insights.deltas RETURNING *),
  into_days AS (${cube('days', 'day', 'day')}),
  into_months AS (${cube('months', 'month', `date_trunc('month', day::timestamp)::date`)}),
  into_hours AS (
    INSERT INTO insights.hours AS c (hour, branch_id, team_id, product_id, currency, amount, sales, team_sales)
    SELECT hour, branch_id, team_id, product_id, currency, sum(amount), sum(sales), sum(team_sales)
      FROM moved WHERE hour > $1::timestamptz - interval '${HOURS_KEPT}'
     GROUP BY hour, branch_id, team_id, product_id, currency
    ${cell('hours', ['amount', 'sales', 'team_sales'])})
  SELECT count(*) FROM moved`;

const AGENT_REST = 'agent_id, branch_id, team_id, currency';
const FOLD_AGENTS = `
  WITH moved AS (DELETE FROM insights.agent_deltas RETURNING *),
  into_days AS (
    INSERT INTO insights.agent_days AS c (day, ${AGENT_REST}, amount, sales)
    SELECT day, ${AGENT_REST}, sum(amount), sum(sales) FROM moved GROUP BY day, ${AGENT_REST}
    ${cell('agent_days', ['amount', 'sales'])}),
  into_months AS (
    INSERT INTO insights.agent_months AS c (month, ${AGENT_REST}, amount, sales)
    SELECT date_trunc('month', day::timestamp)::date AS month, ${AGENT_REST}, sum(amount), sum(sales) FROM moved
     GROUP BY 1, ${AGENT_REST}
    ${cell('agent_months', ['amount', 'sales'])})
  SELECT count(*) FROM moved`;
