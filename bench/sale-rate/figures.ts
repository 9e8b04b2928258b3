/** Figures of many sales, as if the reaction of insights had moved them: deltas of sales, folded by its own statements. */
import type { Clock, Database } from '@moonbase/data';
import { fold } from '@moonbase/insights/features/fold-figures.ts';

/** Sales folded at a time. */
const PART = 500_000;

/** A made-up id of version 4, the same for the same number. */
const ID = (kind: string, number: string) =>
  `overlay(overlay(md5('${kind}' || ${number}) placing '4' from 13) placing '8' from 17)::uuid`;

/** @param owner of the database, in which the tables are there and empty */
export async function fillFigures(owner: Database, sales: number, clock: Clock): Promise<void> {
  await owner.query(`
    INSERT INTO insights.branches SELECT ${ID('b', 'i')}, 'XB' || i, 'Branch ' || i, 'Region ' || i % 5, true, 0
      FROM generate_series(0, 39) i;
    INSERT INTO insights.teams SELECT ${ID('t', 'i')}, 'Team ' || i, true, 0 FROM generate_series(0, 119) i;
    INSERT INTO insights.products SELECT ${ID('p', 'i')}, 'XP' || i, 'Life', 'Product ' || i, 5000000, 'USD', true, 0
      FROM generate_series(0, 24) i;
    INSERT INTO insights.agents SELECT ${ID('a', 'i')}, 'XA' || i, 'Agent ' || i, true, false, 0
      FROM generate_series(0, 1499) i;
    INSERT INTO insights.targets
      SELECT ${ID('x', 'k || i')}, 1, k, CASE k WHEN 'team' THEN ${ID('t', 'i')} WHEN 'branch' THEN ${ID('b', 'i')} END,
             'month', '2020-01-01', NULL, true, 'amount', 1000000, 'USD', false, 0
      FROM (SELECT 'team' AS k, i FROM generate_series(0, 119) i UNION ALL
            SELECT 'branch', i FROM generate_series(0, 39) i UNION ALL SELECT 'company', 0) s;
    INSERT INTO insights.notifications
      SELECT gen_random_uuid(), ${ID('a', 'i % 1500')}, 'email', 'target', CASE WHEN i % 20 = 0 THEN 'FAILED' ELSE 'SENT' END,
             at, at::date, 0
      FROM (SELECT i, now() - i % 730 * interval '1 day' AS at FROM generate_series(1, ${Math.ceil(sales / 10)}) i) s;
    INSERT INTO insights.notification_days
      SELECT day, status, count(*) FROM insights.notifications GROUP BY 1, 2;
    INSERT INTO insights.notification_months
      SELECT date_trunc('month', day::timestamp)::date, agent_id, count(*) FROM insights.notifications GROUP BY 1, 2;`);
  for (let from = 0; from < sales; from += PART) {
    const to = Math.min(sales, from + PART) - 1;
    await owner.transaction(async (tx) => {
      // An agent has a home: one of 120 teams, three in each branch. The hash spreads what i alone would align.
      await tx.query(`
        CREATE TEMP TABLE facts ON COMMIT DROP AS
          SELECT date_trunc('hour', now()) - (h % 730) * interval '1 day' - (h / 730 % 10) * interval '1 hour' AS hour,
                 agent, agent % 120 AS team, agent % 120 / 3 AS branch, product, 100 + h % 5000 AS amount
          FROM (SELECT h, h / 7 % 1500 AS agent, h / 11 % 25 AS product
                FROM (SELECT hashint4(i)::bigint + 2147483648 AS h FROM generate_series(${from}, ${to}) i) s) s`);
      await tx.query(`
        INSERT INTO insights.deltas
          SELECT hour, hour::date, ${ID('b', 'branch')}, ${ID('t', 'team')}, ${ID('p', 'product')}, 'USD',
                 sum(amount), count(*), count(*)
          FROM facts GROUP BY hour, branch, team, product`);
      await tx.query(`
        INSERT INTO insights.agent_deltas
          SELECT hour::date, ${ID('a', 'agent')}, ${ID('b', 'branch')}, ${ID('t', 'team')}, 'USD', sum(amount), count(*)
          FROM facts GROUP BY hour::date, agent, branch, team`);
      await fold(tx, clock);
    });
  }
  await owner.query('VACUUM ANALYZE');
}
