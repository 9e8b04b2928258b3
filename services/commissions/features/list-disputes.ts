/** Disputes as lists show them, and one with its thread. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import { actorOf } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { Dispute } from '../schema.ts';
import { readLines } from './list-statements.ts';
import { monthOf } from './months.ts';

interface DisputeRow {
  id: string;
  status: Dispute['status'];
  statement_id: string;
  month: string;
  line: number | null;
  reference: string | null;
  agent_id: string;
  code: string;
  name: string | null;
  branch_id: string;
  branch: string | null;
  team_id: string | null;
  team: string | null;
  reason: string;
  expected: string | null;
  currency: string;
  raised_at: Date;
  raised_by_name: string;
  decided_at: Date | null;
  decision: string | null;
  adjustment: string | null;
  messages: number;
}

/** Needs `d`, a dispute. */
const COLUMNS = `
  d.id, d.status, d.statement_id, d.month, d.line, h.reference, d.agent_id, coalesce(a.code, '') AS code, a.name,
  d.branch_id, b.name AS branch, d.team_id, m.name AS team, d.reason, d.expected::text AS expected, d.currency,
  d.raised_at, d.raised_by_name, d.decided_at, d.decision, d.adjustment::text AS adjustment,
  (SELECT count(*) FROM commissions.messages g WHERE g.dispute_id = d.id) AS messages`;
const JOINS = `
  LEFT JOIN commissions.shares h ON h.sale_id = d.sale_id AND h.agent_id = d.agent_id
  LEFT JOIN commissions.known_agents a ON a.id = d.agent_id
  LEFT JOIN commissions.known_branches b ON b.id = d.branch_id
  LEFT JOIN commissions.known_teams m ON m.id = d.team_id`;

const cursorShape = z.tuple([z.iso.datetime(), z.uuid()]);

export const listDisputes: Handler<typeof commissionsApi.listDisputes> = async ({ query }, context) => {
  const [at, id] = query.cursor ? decodeCursor(cursorShape, query.cursor) : [null, null];
  const found = await context.db.query<DisputeRow>(
    `SELECT ${COLUMNS} FROM commissions.disputes d ${JOINS}
     WHERE ($1::text IS NULL OR d.status = $1) AND ($2::uuid IS NULL OR d.statement_id = $2)
       AND ($3::timestamptz IS NULL OR (d.raised_at, d.id) < ($3, $4::uuid))
     ORDER BY d.raised_at DESC, d.id DESC LIMIT $5`,
    [query.status ?? null, query.statementId ?? null, at, id, query.limit + 1],
  );
  const rows = found.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const next =
    found.rows.length > query.limit && last ? encodeCursor(last.raised_at.toISOString(), last.id) : null;
  return { status: 200, body: { items: rows.map(disputeOf), next } };
};

export const readDispute: Handler<typeof commissionsApi.readDispute> = async (
  { params, principal },
  context,
) => {
  const found = await context.db.query<DisputeRow>(
    `SELECT ${COLUMNS} FROM commissions.disputes d ${JOINS} WHERE d.id = $1`,
    [params.id],
  );
  const row = found.rows[0];
  if (!row) throw commissionsError('dispute_unknown');
  const thread = await context.db.query<{
    id: string;
    at: Date;
    author: string;
    author_name: string;
    body: string;
  }>(
    'SELECT id, at, author, author_name, body FROM commissions.messages WHERE dispute_id = $1 ORDER BY at, id',
    [params.id],
  );
  const lines = row.line === null ? [] : await readLines(context.db, row.statement_id);
  const me = actorOf(principal);
  return {
    status: 200,
    body: {
      ...disputeOf(row),
      statementLine: lines.find(({ n }) => n === row.line) ?? null,
      thread: thread.rows.map(({ id, at, author, author_name, body }) => ({
        ...{ id, at: at.toISOString(), author: author_name, mine: author === me, body },
      })),
    },
  };
};

function disputeOf(row: DisputeRow): Dispute {
  return {
    disputeId: row.id,
    ...{ status: row.status, statementId: row.statement_id, month: monthOf(row.month), line: row.line },
    reference: row.reference,
    agent: {
      ...{ agentId: row.agent_id, code: row.code, name: row.name, branchId: row.branch_id },
      ...{ branch: row.branch, teamId: row.team_id, team: row.team },
    },
    ...{ reason: row.reason, expected: row.expected, currency: row.currency },
    raisedAt: row.raised_at.toISOString(),
    raisedBy: row.raised_by_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
    ...{ decision: row.decision, adjustment: row.adjustment, messages: row.messages },
  };
}
