/** One question to the live figures, and its answer. */
import type { Queryable } from '@moonbase/data';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { InsightAnswer, insightsApi } from '../api.ts';
import { insightsError } from '../errors.ts';
import { questions } from '../insights.ts';
import type { Column, Row } from '../schema.ts';
import { ALWAYS, type Days, dayIn, periodOf } from './days.ts';
import { figuresPosition } from './figures-position.ts';
import { CELLS, PARAMETERS, type Question } from './question.ts';

export interface Narrowed {
  from?: string | undefined;
  to?: string | undefined;
  branch?: string | undefined;
  team?: string | undefined;
  product?: string | undefined;
  currency?: string | undefined;
}

export const listInsights: Handler<typeof insightsApi.listInsights> = async (_request, context) => {
  const { currency } = await context.organisation();
  return {
    status: 200,
    body: {
      items: Object.entries(questions).map(([name, question]) => ({
        name,
        title: question.title,
        description: question.description,
        group: question.group,
        filters: [...question.filters],
        columns: columnsOf(question, currency),
        chart: question.chart,
        drill: question.drill ?? null,
      })),
    },
  };
};

export const askInsight: Handler<typeof insightsApi.askInsight> = async ({ params, query }, context) => ({
  status: 200,
  body: await answerInsight(params.name, query, context),
});

/** @throws CodedError `insight_unknown`, `period_reversed` */
export async function answerInsight(
  name: string,
  narrowed: Narrowed,
  context: ServiceContext,
): Promise<InsightAnswer> {
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (!question) throw insightsError('insight_unknown', { detail: `"${name}".` });
  const organisation = await context.organisation();
  const now = context.clock.now();
  const currency = narrowed.currency ?? organisation.currency;
  const days = daysOf(question, narrowed, dayIn(organisation.zone, now));
  const obeyed = (filter: 'branch' | 'team' | 'product') =>
    question.filters.includes(filter) ? (narrowed[filter] ?? null) : null;
  const filters = { branch: obeyed('branch'), team: obeyed('team'), product: obeyed('product') };
  const parameters = (by: Question['by']) => [
    days.from,
    days.to,
    currency,
    filters.branch,
    filters.team,
    filters.product,
    now,
    organisation.zone,
    levelOf(filters, by),
  ];
  const [rows, others, position] = await Promise.all([
    context.db.query<Row>(withAsked(question.sql), parameters(question.by)),
    question.money ? otherCurrencies(context.db, parameters([])) : [],
    figuresPosition(context.db),
  ]);
  const always = days.from === ALWAYS.from && days.to === ALWAYS.to;
  return {
    name,
    columns: columnsOf(question, currency),
    rows: rows.rows.map(plain),
    from: always ? null : days.from,
    to: always ? null : days.to,
    currency,
    others,
    position,
    generatedAt: now.toISOString(),
  };
}

/** The coarsest cells that tell apart what is asked. */
function levelOf(filters: Record<Dimension, string | null>, by: readonly Dimension[] = []): number {
  const bits: Record<Dimension, number> = { branch: 4, team: 2, product: 1 };
  let level = 0;
  for (const dimension of ['branch', 'team', 'product'] as const)
    if (filters[dimension] !== null || by.includes(dimension)) level += bits[dimension];
  return level;
}

type Dimension = 'branch' | 'team' | 'product';

/**
 * Not a named statement: PostgreSQL would plan it once for all filters, and not know which cells and which
 * index a filter is about.
 */
function withAsked(sql: string): string {
  // A question may begin with a WITH of its own: `asked` goes before its parts.
  const own = /^\s*WITH\s/i.exec(sql);
  return own
    ? `WITH asked AS (${PARAMETERS}), ${sql.slice(own[0].length)}`
    : `WITH asked AS (${PARAMETERS}) ${sql}`;
}

function daysOf(question: Question, { from, to }: Narrowed, today: string): Days {
  if (!question.filters.includes('period') || (!from && !to)) return periodOf(question.period, today);
  const days = { from: from ?? ALWAYS.from, to: to ?? ALWAYS.to };
  if (days.from > days.to) throw insightsError('period_reversed', { detail: `${days.from} to ${days.to}.` });
  return days;
}

/** What the filters find in other currencies: told, never added. */
async function otherCurrencies(db: Queryable, parameters: readonly unknown[]) {
  const answer = await db.query<{ currency: string; total: string; sales: number }>(
    withAsked(
      `SELECT f.currency, sum(f.amount)::numeric(24,4) AS total, sum(f.sales)::bigint AS sales
         FROM insights.range_figures($9, $1, $2) f
        WHERE ${CELLS.replace('f.currency = $3::text', 'f.currency <> $3::text')}
        GROUP BY f.currency HAVING sum(f.sales) <> 0 ORDER BY f.currency`,
    ),
    parameters,
  );
  return answer.rows;
}

function columnsOf(question: Question, currency: string): Column[] {
  return Object.entries(question.columns).map(([key, [name, kind]]) => ({
    key,
    name,
    kind,
    unit: kind === 'money' ? currency : null,
  }));
}

/** A row of PostgreSQL as JSON. */
export function plain(row: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      value instanceof Date ? value.toISOString() : (value as Row[string]),
    ]),
  );
}
