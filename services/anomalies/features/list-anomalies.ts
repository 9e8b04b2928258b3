/** What looked unusual: the open ones first, then the newest. Row policies leave only what the caller may see. */
import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { anomaliesApi } from '../api.ts';
import { anomaliesError } from '../errors.ts';
import type { Anomaly, DetectorName, Evidence, Status } from '../schema.ts';

interface Row {
  id: string;
  detector: DetectorName;
  version: number;
  score: number;
  threshold: number;
  reason: string;
  evidence: Evidence;
  agent_id: string | null;
  agent_code: string | null;
  agent_name: string | null;
  branch_id: string | null;
  branch_name: string | null;
  team_id: string | null;
  person_id: string | null;
  person_name: string | null;
  sale_id: string | null;
  day: string;
  at: Date;
  flagged_at: Date;
  status: Status;
  judged_by: string | null;
  judged_at: Date | null;
  note: string | null;
}

const SELECT = `SELECT x.*, a.code AS agent_code, a.name AS agent_name, b.name AS branch_name, p.name AS person_name
  FROM anomalies.anomalies x
  LEFT JOIN anomalies.agents a ON a.id = x.agent_id
  LEFT JOIN anomalies.branches b ON b.id = x.branch_id
  LEFT JOIN anomalies.people p ON p.id = x.person_id`;

const cursorShape = z.tuple([z.union([z.literal(0), z.literal(1)]), z.iso.datetime(), z.uuid()]);

export const listAnomalies: Handler<typeof anomaliesApi.listAnomalies> = async ({ query }, { db }) => {
  const { from, to, cursor, limit } = query;
  if (from && to && from > to) throw anomaliesError('day_order');
  const values: unknown[] = [];
  const where: string[] = [];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition.replace('?', `$${values.length}`));
  };
  add('x.detector = ?', query.detector);
  add('x.status = ?', query.status);
  add('x.branch_id = ?', query.branch);
  add('x.agent_id = ?', query.agent);
  add('x.day >= ?', from);
  add('x.day <= ?', to);
  if (cursor) {
    const [judged, at, id] = decodeCursor(cursorShape, cursor);
    values.push(judged === 1, at, id);
    const [one, two, three] = [values.length - 2, values.length - 1, values.length].map((n) => `$${n}`);
    where.push(
      `((x.status <> 'open') > ${one} OR ((x.status <> 'open') = ${one} AND (x.at, x.id) < (${two}, ${three})))`,
    );
  }
  values.push(limit + 1);
  const found = await db.query<Row>(
    `${SELECT} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY x.status <> 'open', x.at DESC, x.id DESC LIMIT $${values.length}`,
    values,
  );
  const rows = found.rows.slice(0, limit);
  const last = found.rows.length > limit ? rows.at(-1) : undefined;
  return {
    status: 200,
    body: {
      items: rows.map(anomalyOf),
      next: last ? encodeCursor(last.status === 'open' ? 0 : 1, last.at.toISOString(), last.id) : null,
    },
  };
};

export const readAnomaly: Handler<typeof anomaliesApi.readAnomaly> = async ({ params }, { db }) => ({
  status: 200,
  body: await findAnomaly(db, params.id),
});

/** @throws `anomaly_unknown` */
export async function findAnomaly(db: Queryable, id: string): Promise<Anomaly> {
  const found = await db.query<Row>(`${SELECT} WHERE x.id = $1`, [id]);
  if (!found.rows[0]) throw anomaliesError('anomaly_unknown');
  return anomalyOf(found.rows[0]);
}

export const countAnomalies: Handler<typeof anomaliesApi.countAnomalies> = async (_, { db }) => {
  const [counts, branches] = await Promise.all([
    db.query<{ open: number; right: number; wrong: number }>(
      `SELECT count(*) FILTER (WHERE status = 'open') AS open, count(*) FILTER (WHERE status = 'right') AS right,
              count(*) FILTER (WHERE status = 'wrong') AS wrong FROM anomalies.anomalies`,
    ),
    db.query<{ id: string; name: string }>(
      `SELECT b.id, b.name FROM anomalies.branches b
       WHERE EXISTS (SELECT FROM anomalies.anomalies x WHERE x.branch_id = b.id) ORDER BY b.name`,
    ),
  ]);
  return { status: 200, body: { ...counts.rows[0]!, branches: branches.rows } };
};

function anomalyOf(row: Row): Anomaly {
  return {
    id: row.id,
    detector: row.detector,
    version: row.version,
    score: row.score,
    threshold: row.threshold,
    reason: row.reason,
    evidence: row.evidence,
    agent: row.agent_id && { id: row.agent_id, code: row.agent_code, name: row.agent_name },
    branch: row.branch_id && { id: row.branch_id, name: row.branch_name },
    teamId: row.team_id,
    person: row.person_id && { id: row.person_id, name: row.person_name },
    saleId: row.sale_id,
    day: row.day,
    at: row.at.toISOString(),
    flaggedAt: row.flagged_at.toISOString(),
    status: row.status,
    judgedBy: row.judged_by,
    judgedAt: row.judged_at?.toISOString() ?? null,
    note: row.note,
  } as Anomaly;
}
