/** A month at a glance: sums of the company and its branches, and how many statements are open, closed and paid. */
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import type { Overview } from '../schema.ts';
import { dayIn, firstDay, monthOf } from './months.ts';

const SUMS = `
  t.currency, sum(t.sold)::text AS sold, sum(t.basis)::text AS basis, sum(t.earned)::text AS earned,
  sum(t.clawed_back)::text AS "clawedBack", sum(t.adjusted)::text AS adjusted,
  sum(t.commission)::text AS commission, count(DISTINCT t.agent_id) AS agents`;

export const readOverview: Handler<typeof commissionsApi.readOverview> = async ({ query }, context) => {
  const { zone } = await context.organisation();
  const today = monthOf(dayIn(zone, context.clock.now()));
  const months = await context.db.query<{ month: string; open: number; closed: number; paid: number }>(
    `SELECT to_char(month, 'YYYY-MM') AS month, count(*) FILTER (WHERE status = 'open') AS open,
            count(*) FILTER (WHERE status = 'closed') AS closed, count(*) FILTER (WHERE status = 'paid') AS paid
     FROM commissions.statements GROUP BY month ORDER BY month DESC`,
  );
  const closings = await context.db.query<{
    month: string;
    done: number;
    total: number;
    started_at: Date;
    ended_at: Date | null;
  }>(
    `SELECT DISTINCT ON (month) to_char(month, 'YYYY-MM') AS month, done, total, started_at, ended_at
     FROM commissions.closings ORDER BY month, started_at DESC`,
  );
  const plans = await context.db.query<{ plans: number }>('SELECT count(*) AS plans FROM commissions.plans');
  const month =
    query.month ?? months.rows.find((row) => row.month <= today)?.month ?? months.rows[0]?.month ?? null;
  const at = [month === null ? null : firstDay(month)];
  const totals = await context.db.query<Overview['totals'][number]>(
    `SELECT ${SUMS} FROM commissions.totals t WHERE t.month = $1 GROUP BY t.currency ORDER BY t.currency`,
    at,
  );
  const branches = await context.db.query<Overview['branches'][number]>(
    `SELECT t.branch_id AS "branchId", b.name, ${SUMS}
     FROM commissions.totals t LEFT JOIN commissions.known_branches b ON b.id = t.branch_id
     WHERE t.month = $1 GROUP BY t.branch_id, b.name, t.currency ORDER BY sum(t.commission) DESC, t.branch_id`,
    at,
  );
  const disputes = await context.db.query<{ open: number }>(
    `SELECT count(*) AS open FROM commissions.disputes WHERE status = 'open'`,
  );
  return {
    status: 200,
    body: {
      months: months.rows.map((row) => {
        const closing = closings.rows.find((each) => each.month === row.month);
        return {
          ...row,
          closing: closing
            ? {
                ...{ done: closing.done, total: closing.total },
                startedAt: closing.started_at.toISOString(),
                endedAt: closing.ended_at?.toISOString() ?? null,
              }
            : null,
        };
      }),
      month,
      over: month !== null && month < today,
      totals: totals.rows,
      branches: branches.rows,
      openDisputes: disputes.rows[0]!.open,
      plans: plans.rows[0]!.plans,
    },
  };
};
