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

const cell = (table: string, key: string, counts: readonly string[]) =>
  `ON CONFLICT ON CONSTRAINT ${table}_cell DO UPDATE SET ${counts
    .map((count) => `${count} = c.${count} + excluded.${count}`)
    .join(', ')} RETURNING ${key}`;

const COUNTS = ['amount', 'sales', 'team_sales'];
const SUMS = 'sum(amount), sum(sales), sum(team_sales)';
const REST = 'branch_id, team_id, product_id, currency';

const FOLD = `
  WITH moved AS (DELETE FROM insights.deltas RETURNING *),
  into_days AS (
    INSERT INTO insights.days AS c (day, ${REST}, amount, sales, team_sales)
    SELECT day, ${REST}, ${SUMS} FROM moved GROUP BY day, ${REST} ORDER BY day, ${REST}
    ${cell('days', 'day', COUNTS)}),
  into_months AS (
    INSERT INTO insights.months AS c (month, ${REST}, amount, sales, team_sales)
    SELECT date_trunc('month', day)::date AS month, ${REST}, ${SUMS} FROM moved GROUP BY 1, ${REST} ORDER BY 1, ${REST}
    ${cell('months', 'month', COUNTS)}),
  into_hours AS (
    INSERT INTO insights.hours AS c (hour, ${REST}, amount, sales, team_sales)
    SELECT hour, ${REST}, ${SUMS} FROM moved WHERE hour > $1::timestamptz - interval '${HOURS_KEPT}'
     GROUP BY hour, ${REST} ORDER BY hour, ${REST}
    ${cell('hours', 'hour', COUNTS)})
  SELECT count(*) FROM moved`;

const AGENT_REST = 'agent_id, branch_id, team_id, currency';
const FOLD_AGENTS = `
  WITH moved AS (DELETE FROM insights.agent_deltas RETURNING *),
  into_days AS (
    INSERT INTO insights.agent_days AS c (day, ${AGENT_REST}, amount, sales)
    SELECT day, ${AGENT_REST}, sum(amount), sum(sales) FROM moved GROUP BY day, ${AGENT_REST}
    ${cell('agent_days', 'day', ['amount', 'sales'])}),
  into_months AS (
    INSERT INTO insights.agent_months AS c (month, ${AGENT_REST}, amount, sales)
    SELECT date_trunc('month', day)::date AS month, ${AGENT_REST}, sum(amount), sum(sales) FROM moved
     GROUP BY 1, ${AGENT_REST}
    ${cell('agent_months', 'month', ['amount', 'sales'])})
  SELECT count(*) FROM moved`;
