/** Statements as lists show them, and one with every line. */

import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { StatementLine, StatementStatus, StatementSummary } from '../schema.ts';
import { firstDay, monthOf } from './months.ts';

export interface StatementRow {
  id: string;
  month: string;
  status: StatementStatus;
  number: string | null;
  agent_id: string;
  code: string;
  name: string | null;
  branch_id: string;
  branch: string | null;
  team_id: string | null;
  team: string | null;
  computed_at: Date;
  closed_at: Date | null;
  paid_at: Date | null;
  moving: boolean;
  disputes: number;
  totals: StatementSummary['totals'] | null;
}

/** Needs `s`, a statement. */
const COLUMNS = `
  s.id, s.month, s.status, s.number, s.agent_id, coalesce(a.code, '') AS code, a.name, s.branch_id, b.name AS branch,
  s.team_id, m.name AS team, s.computed_at, s.closed_at, s.paid_at,
  s.status = 'open' AND EXISTS (SELECT FROM commissions.stale z WHERE z.agent_id = s.agent_id) AS moving,
  (SELECT count(*) FROM commissions.disputes d WHERE d.statement_id = s.id) AS disputes,
  (SELECT json_agg(json_build_object('currency', t.currency, 'sold', t.sold::text, 'basis', t.basis::text,
     'earned', t.earned::text, 'clawedBack', t.clawed_back::text, 'adjusted', t.adjusted::text,
     'commission', t.commission::text, 'lines', t.lines) ORDER BY t.currency)
   FROM commissions.totals t WHERE t.statement_id = s.id) AS totals`;
const JOINS = `
  LEFT JOIN commissions.known_agents a ON a.id = s.agent_id
  LEFT JOIN commissions.known_branches b ON b.id = s.branch_id
  LEFT JOIN commissions.known_teams m ON m.id = s.team_id`;

const cursorShape = z.tuple([z.iso.date(), z.string(), z.uuid()]);

export const listStatements: Handler<typeof commissionsApi.listStatements> = async ({ query }, context) => {
  const where: string[] = [];
  const values: unknown[] = [];
  const put = (condition: string, value: unknown) => {
    values.push(value);
    where.push(condition.replace('?', `$${values.length}`));
  };
  if (query.month) put('s.month = ?', firstDay(query.month));
  if (query.status) put('s.status = ?', query.status);
  if (query.branchId) put('s.branch_id = ?', query.branchId);
  if (query.teamId) put('s.team_id = ?', query.teamId);
  if (query.agentId) put('s.agent_id = ?', query.agentId);
  if (query.cursor) {
    const [month, code, id] = decodeCursor(cursorShape, query.cursor);
    values.push(month, code, id);
    const at = values.length;
    where.push(
      `(s.month < $${at - 2} OR s.month = $${at - 2} AND (coalesce(a.code, ''), s.id) > ($${at - 1}, $${at}::uuid))`,
    );
  }
  values.push(query.limit + 1);
  const found = await context.db.query<StatementRow>(
    `SELECT ${COLUMNS} FROM commissions.statements s ${JOINS}
     ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY s.month DESC, coalesce(a.code, ''), s.id LIMIT $${values.length}`,
    values,
  );
  const rows = found.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const next = found.rows.length > query.limit && last ? encodeCursor(last.month, last.code, last.id) : null;
  return { status: 200, body: { items: rows.map(summaryOf), next } };
};

export function summaryOf(row: StatementRow): StatementSummary {
  return {
    statementId: row.id,
    month: monthOf(row.month),
    ...{ status: row.status, number: row.number, moving: row.moving, disputes: row.disputes },
    agent: {
      ...{ agentId: row.agent_id, code: row.code, name: row.name, branchId: row.branch_id },
      ...{ branch: row.branch, teamId: row.team_id, team: row.team },
    },
    totals: row.totals ?? [],
    closedAt: row.closed_at?.toISOString() ?? null,
    paidAt: row.paid_at?.toISOString() ?? null,
  };
}

export const readStatement: Handler<typeof commissionsApi.readStatement> = async ({ params }, context) => {
  const found = await context.db.query<StatementRow>(
    `SELECT ${COLUMNS} FROM commissions.statements s ${JOINS} WHERE s.id = $1`,
    [params.id],
  );
  const row = found.rows[0];
  if (!row) throw commissionsError('statement_unknown');
  const lines = await readLines(context.db, params.id);
  const plans = await context.db.query<{ id: string; name: string }>(
    `SELECT id, name FROM commissions.plans WHERE id = ANY ($1)`,
    [lines.flatMap(({ planId }) => planId ?? [])],
  );
  const products = await context.db.query<{ id: string; name: string }>(
    'SELECT id, name FROM commissions.known_products WHERE id = ANY ($1)',
    [lines.flatMap(({ productId }) => productId ?? [])],
  );
  return {
    status: 200,
    body: {
      ...summaryOf(row),
      computedAt: row.computed_at.toISOString(),
      lines,
      plans: namesOf(plans.rows),
      products: namesOf(products.rows),
    },
  };
};

const namesOf = (rows: readonly { id: string; name: string }[]) =>
  Object.fromEntries(rows.map(({ id, name }) => [id, name]));

/** The lines of a statement, as they were computed. */
export async function readLines(db: Queryable, statementId: string): Promise<StatementLine[]> {
  const found = await db.query<{ line: string }>(
    'SELECT line FROM commissions.lines WHERE statement_id = $1 ORDER BY n',
    [statementId],
  );
  return found.rows.map((row) => JSON.parse(row.line));
}
