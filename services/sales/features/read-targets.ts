/** Targets with their progress and pace. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler, ServiceContext } from '@moonbase/service';
import { z } from 'zod';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import type { Target, TargetPeriod, TargetProgress, TargetSubject } from '../schema.ts';
import { PERIOD_END, subjectOf } from './announce-reached.ts';
import { dayIn, standing } from './pace.ts';

interface Row {
  id: string;
  revision: number;
  kind: TargetSubject['kind'];
  subject_id: string;
  subject_name: string | null;
  period: TargetPeriod['kind'];
  first_day: string;
  last_day: string | null;
  repeats: boolean;
  measure: 'amount' | 'count';
  value: string;
  currency: string | null;
  thresholds: number[];
  reference: string | null;
  period_from: string;
  period_to: string | null;
  amount: string | null;
  sales: number | null;
  reached: TargetProgress['reached'] | null;
}

/** `$1` is the day whose period is wanted. A target that repeats has none before its first. */
const SELECT = `
  WITH asked AS (
    SELECT t.*, CASE WHEN t.repeats THEN greatest(date_trunc(t.period, $1::timestamp)::date, t.first_day)
                     ELSE t.first_day END AS period_from
    FROM sales.targets t WHERE NOT t.deleted
  ), t AS (SELECT asked.*, (SELECT ${PERIOD_END} FROM (SELECT asked.*) t) AS period_to FROM asked)
  SELECT t.id, t.revision, t.kind, t.subject_id, t.period, t.first_day, t.last_day, t.repeats, t.measure,
         t.value::text AS value, t.currency, t.thresholds, t.reference, t.period_from, t.period_to,
         p.amount::text AS amount, p.sales,
         coalesce(a.name, a.code, m.name, b.name, g.name) AS subject_name,
         (SELECT json_agg(json_build_object('threshold', r.threshold, 'at', r.at, 'day', r.day) ORDER BY r.threshold)
          FROM sales.reached r
          WHERE r.target_id = t.id AND r.revision = t.revision AND r.period_from = t.period_from) AS reached
  FROM t
  LEFT JOIN sales.progress p ON p.target_id = t.id AND p.period_from = t.period_from
  LEFT JOIN sales.known_agents a ON t.kind = 'agent' AND a.id = t.subject_id
  LEFT JOIN sales.known_teams m ON t.kind = 'team' AND m.id = t.subject_id
  LEFT JOIN sales.known_branches b ON t.kind = 'branch' AND b.id = t.subject_id
  LEFT JOIN sales.known_products g ON t.kind = 'product' AND g.id = t.subject_id`;

export const listTargets: Handler<typeof salesApi.listTargets> = async ({ query }, context) => {
  const today = await businessDay(context);
  const after = query.cursor ? decodeCursor(z.tuple([z.uuid()]), query.cursor)[0] : null;
  const found = await context.db.query<Row>(
    `${SELECT}
     WHERE ($2::text IS NULL OR t.kind = $2) AND ($3::uuid IS NULL OR t.subject_id = $3)
       AND ($4::text IS NULL OR t.period = $4) AND ($5::uuid IS NULL OR t.id < $5)
       AND ($6::date IS NULL OR $6 BETWEEN t.period_from AND coalesce(t.period_to, 'infinity'))
     ORDER BY t.id DESC LIMIT $7`,
    [
      query.on ?? today,
      query.kind ?? null,
      query.subjectId ?? null,
      query.periodKind ?? null,
      after,
      query.on ?? null,
      query.limit + 1,
    ],
  );
  const rows = found.rows.slice(0, query.limit);
  return {
    status: 200,
    body: {
      items: rows.map((row) => targetOf(row, today)),
      next: found.rows.length > query.limit ? encodeCursor(rows.at(-1)!.id) : null,
    },
  };
};

export const getTarget: Handler<typeof salesApi.getTarget> = async ({ params }, context) => {
  const target = await readTarget(params.id, context);
  const today = await businessDay(context);
  const periods = await context.db.query<{
    period_from: string;
    period_to: string | null;
    amount: string;
    sales: number;
    reached: TargetProgress['reached'] | null;
  }>(
    `SELECT p.period_from, ${PERIOD_END} AS period_to, p.amount::text AS amount, p.sales,
            (SELECT json_agg(json_build_object('threshold', r.threshold, 'at', r.at, 'day', r.day)
                             ORDER BY r.threshold)
             FROM sales.reached r WHERE r.target_id = t.id AND r.revision = t.revision
                                    AND r.period_from = p.period_from) AS reached
     FROM sales.targets t JOIN sales.progress p ON p.target_id = t.id
     WHERE t.id = $1 ORDER BY p.period_from DESC LIMIT 120`,
    [params.id],
  );
  const revisions = await context.db.query<{ revision: number; value: string; at: Date; actor: string }>(
    `SELECT revision, value::text AS value, at, actor FROM sales.target_revisions
     WHERE target_id = $1 ORDER BY revision DESC`,
    [params.id],
  );
  return {
    status: 200,
    body: {
      ...target,
      periods: periods.rows.map(({ period_from: from, period_to: to, amount, sales, reached }) => ({
        ...standing(target, { from, to, amount, sales }, today),
        reached: reached ?? [],
      })),
      revisions: revisions.rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    },
  };
};

/** @throws `target_unknown` */
export async function readTarget(id: string, context: ServiceContext): Promise<Target> {
  const today = await businessDay(context);
  const found = await context.db.query<Row>(`${SELECT} WHERE t.id = $2`, [today, id]);
  if (!found.rows[0]) throw salesError('target_unknown');
  return targetOf(found.rows[0], today);
}

async function businessDay(context: ServiceContext): Promise<string> {
  return dayIn((await context.organisation()).zone, context.clock.now());
}

function targetOf(row: Row, today: string): Target {
  return {
    targetId: row.id,
    revision: row.revision,
    subject: subjectOf(row),
    subjectName: row.subject_name,
    period: { kind: row.period, from: row.first_day, to: row.last_day, repeats: row.repeats },
    measure: row.measure,
    value: row.value,
    currency: row.currency,
    thresholds: row.thresholds,
    reference: row.reference,
    current: {
      ...standing(
        row,
        { from: row.period_from, to: row.period_to, amount: row.amount ?? '0.0000', sales: row.sales ?? 0 },
        today,
      ),
      reached: row.reached ?? [],
    },
  };
}
