/**
 * Number and amount of the sales that a filter finds, per currency. What is cancelled is not counted, unless
 * the filter asks for it.
 *
 * Where a filter names days and at most one subject, the daily counters answer, however many sales there
 * are; they follow a sale by a few milliseconds. Any other is added up from the sales themselves, as is one
 * that names a status: `status=recorded` is what the counters can be checked against.
 */
import type { Handler } from '@moonbase/service';
import type { salesApi } from '../api.ts';
import { COMPANY } from './day-counters.ts';
import { conditionsOf, type SaleFilter } from './find-sales.ts';

interface Total {
  currency: string;
  count: number;
  amount: string;
}

export const totalSales: Handler<typeof salesApi.totalSales> = async ({ query }, context) => {
  const subject = subjectOf(query);
  const answer = subject
    ? await context.db.query<Total>(
        `SELECT currency, sum(sales)::bigint AS count, sum(amount)::text AS amount FROM sales.daily
         WHERE kind = $1 AND subject_id = $2 AND ($3::text IS NULL OR currency = $3)
           AND ($4::date IS NULL OR day >= $4) AND ($5::date IS NULL OR day <= $5)
         GROUP BY currency HAVING sum(sales) > 0 ORDER BY currency`,
        [subject.kind, subject.id, query.currency ?? null, query.from ?? null, query.to ?? null],
      )
    : await context.db.query<Total>(...addUp(query));
  return { status: 200, body: { totals: answer.rows } };
};

/** The one subject whose counters know the answer, if there is one. */
function subjectOf(filter: SaleFilter): { kind: string; id: string } | null {
  if (filter.text !== undefined || filter.source !== undefined || filter.status !== undefined) return null;
  const named = (['agent', 'team', 'branch', 'product'] as const).filter(
    (kind) => filter[`${kind}Id`] !== undefined,
  );
  if (named.length > 1) return null;
  const kind = named[0];
  return kind ? { kind, id: filter[`${kind}Id`]! } : { kind: 'company', id: COMPANY };
}

function addUp(filter: SaleFilter): [string, unknown[]] {
  const { where, values } = conditionsOf({ ...filter, status: filter.status ?? 'recorded' });
  // Of a split sale, only the shares of the agent or team that is asked for.
  let amount = 's.amount';
  if (filter.agentId !== undefined || filter.teamId !== undefined) {
    values.push(filter.agentId ?? null, filter.teamId ?? null);
    const [agent, team] = [`$${values.length - 1}`, `$${values.length}`];
    amount = `CASE WHEN s.split THEN (
      SELECT sum(x.amount) FROM sales.shares x WHERE x.sale_id = s.id
       AND (${agent}::uuid IS NULL OR x.agent_id = ${agent}) AND (${team}::uuid IS NULL OR x.team_id = ${team}))
      ELSE s.amount END`;
  }
  return [
    `SELECT s.currency, count(*) AS count, coalesce(sum(${amount}), 0)::numeric(24,4)::text AS amount
     FROM sales.sales s WHERE ${where.join(' AND ')} GROUP BY s.currency ORDER BY s.currency`,
    values,
  ];
}
