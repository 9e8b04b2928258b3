/** One question to the live figures, and its answer. */
import type { Queryable, Reach } from '@moonbase/data';
import { can, type Principal } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { InsightAnswer, insightsApi } from '../api.ts';
import { insightsError } from '../errors.ts';
import { questions } from '../insights.ts';
import type { Column, Row } from '../schema.ts';
import { ALWAYS, type Days, dayIn, periodOf } from './days.ts';
import { figuresPosition } from './figures-position.ts';
import { CELLS, PARAMETERS, type Question } from './question.ts';
import { OWN, reachLevel } from './reach-level.ts';

export interface Narrowed {
  from?: string | undefined;
  to?: string | undefined;
  branch?: string | undefined;
  team?: string | undefined;
  product?: string | undefined;
  currency?: string | undefined;
}

/** Who asks, as far as answers depend on it. */
export interface Asker {
  reach: Reach;
  principal: Principal;
}

/**
 * Whether somebody may ask a question. Figures of single agents, ranked or averaged, are for those who may see
 * agents; notifications of everybody together for those who reach everything.
 */
function mayAsk({ group }: Question, { reach, principal }: Asker): boolean {
  if (group === 'agents') return can(principal, 'agents:read');
  return group !== 'notifications' || reach.all;
}

export const listInsights: Handler<typeof insightsApi.listInsights> = async (asker, context) => {
  const { currency } = await context.organisation();
  return {
    status: 200,
    body: {
      items: askable(asker).map(([name, question]) => ({
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

function askable(asker: Asker): [string, Question][] {
  return Object.entries<Question>(questions).filter(([, question]) => mayAsk(question, asker));
}

export const askInsight: Handler<typeof insightsApi.askInsight> = async (request, context) => ({
  status: 200,
  body: await answerInsight(request.params.name, request.query, request, context),
});

/** @throws CodedError `insight_unknown`, `insight_beyond_reach`, `period_reversed` */
export async function answerInsight(
  name: string,
  narrowed: Narrowed,
  asker: Asker,
  context: ServiceContext,
): Promise<InsightAnswer> {
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (!question) throw insightsError('insight_unknown', { detail: `"${name}".` });
  if (!mayAsk(question, asker)) throw insightsError('insight_beyond_reach');
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
    levelOf(filters, asker.reach, by),
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

/** The coarsest cells that tell apart what is asked, and what is in reach. */
function levelOf(
  filters: Record<Dimension, string | null>,
  reach: Reach,
  by: readonly Dimension[] = [],
): number {
  const least = reachLevel(reach);
  if (least === OWN) return OWN;
  const bits: Record<Dimension, number> = { branch: 4, team: 2, product: 1 };
  let level = 0;
  for (const dimension of ['branch', 'team', 'product'] as const)
    if (filters[dimension] !== null || by.includes(dimension)) level += bits[dimension];
  return level | least;
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
