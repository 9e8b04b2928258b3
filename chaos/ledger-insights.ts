/** Lines of the ledger about figures: every cell at every level of detail. */
import type { Line } from './ledger.ts';
import { PARTS } from './ledger-queries.ts';

/** Bits say which a cell tells apart: branch 4, team 2, product 1. */
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7];

const CELL = 'branch_id, team_id, product_id, currency';

const dueCells = (level: number, when: string) => `
  SELECT ${level} AS level, ${when} AS period, ${level & 4 ? 'branch_id' : 'NULL::uuid'} AS branch_id,
         ${level & 2 ? 'team_id' : 'NULL::uuid'} AS team_id, ${level & 1 ? 'product_id' : 'NULL::uuid'} AS product_id,
         currency, sum(amount) AS amount, count(DISTINCT id)::numeric AS sales
    FROM parts GROUP BY 2, 3, 4, 5, 6`;

const foundCells = (level: number, figures: 'day' | 'month') => `
  SELECT ${level} AS level, ${figures} AS period, ${CELL}, sum(amount) AS amount, sum(sales) AS sales
    FROM insights.${figures}_figures(${level}, '1900-01-01', '2999-12-31')
   GROUP BY ${figures}, ${CELL} HAVING sum(amount) <> 0 OR sum(sales) <> 0`;

const MONTH = `date_trunc('month', day::timestamp)::date`;
const AGENT = 'agent_id, branch_id, team_id, currency';

export const insightLines: Line[] = [
  {
    promise: 'figures of days are the sums over the sales, at every level',
    found: LEVELS.map((level) => foundCells(level, 'day')).join(' UNION ALL '),
    due: `${PARTS} ${LEVELS.map((level) => dueCells(level, 'day')).join(' UNION ALL ')}`,
  },
  {
    promise: 'figures of months are the sums over the sales, at every level',
    found: LEVELS.map((level) => foundCells(level, 'month')).join(' UNION ALL '),
    due: `${PARTS} ${LEVELS.map((level) => dueCells(level, MONTH)).join(' UNION ALL ')}`,
  },
  {
    promise: 'figures of agents are the sums over the sales',
    found: `SELECT 'day', day, ${AGENT}, sum(amount), sum(sales)::numeric FROM (
              SELECT day, ${AGENT}, amount, sales FROM insights.agent_days
              UNION ALL SELECT day, ${AGENT}, amount, sales FROM insights.agent_deltas) AS d
             GROUP BY day, ${AGENT} HAVING sum(amount) <> 0 OR sum(sales) <> 0
            UNION ALL
            SELECT 'month', month, ${AGENT}, sum(amount), sum(sales) FROM (
              SELECT month, ${AGENT}, amount, sales FROM insights.agent_months
              UNION ALL SELECT ${MONTH}, ${AGENT}, amount, sales FROM insights.agent_deltas) AS m
             GROUP BY month, ${AGENT} HAVING sum(amount) <> 0 OR sum(sales) <> 0`,
    due: `${PARTS} SELECT 'day', day, ${AGENT}, sum(amount), count(*)::numeric FROM parts GROUP BY day, ${AGENT}
          UNION ALL SELECT 'month', ${MONTH}, ${AGENT}, sum(amount), count(*) FROM parts GROUP BY ${MONTH}, ${AGENT}`,
  },
  {
    promise: 'notifications counted are the notifications there are',
    found: `SELECT day::text, status, notifications FROM insights.notification_days WHERE notifications <> 0
            UNION ALL SELECT month::text, agent_id::text, notifications FROM insights.notification_months`,
    due: `SELECT (created_at AT TIME ZONE 'UTC')::date::text, status, count(*) FROM notifications.notifications GROUP BY 1, 2
          UNION ALL
          SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date::text, agent_id::text, count(*)
            FROM notifications.notifications WHERE agent_id IS NOT NULL GROUP BY 1, 2`,
  },
  {
    promise: 'insights knows every notification as it stands',
    found: 'SELECT id, agent_id, channel, kind, status FROM insights.notifications',
    due: 'SELECT id, agent_id, channel, kind, status FROM notifications.notifications',
  },
  ...['branch', 'team', 'product'].map((kind) => ({
    promise: `the newest insight table of ${kind} performance is the sums over the sales`,
    found: `SELECT ${kind}_id, total, count FROM insights.${kind}_performance
             WHERE run_id = (SELECT id FROM insights.runs WHERE error IS NULL ORDER BY aggregation_date DESC LIMIT 1)
               AND count <> 0`,
    due: `${PARTS} SELECT ${kind}_id, sum(amount), count(DISTINCT id) FROM parts
           WHERE ${kind}_id IS NOT NULL GROUP BY 1`,
  })),
];
