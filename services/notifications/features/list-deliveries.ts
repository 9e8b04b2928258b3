/** All notifications as operators see them: what was told to whom, over which channel, and how it went. */
import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import type { Delivery } from '../schema.ts';

interface Row extends Omit<Delivery, 'createdAt' | 'sentAt' | 'readAt'> {
  createdAt: Date;
  sentAt: Date | null;
  readAt: Date | null;
}

/** @param rest SQL after the tables, with `$1` … for values; `n` is the notification */
export async function selectDeliveries(
  db: Queryable,
  rest: string,
  values: readonly unknown[],
): Promise<Delivery[]> {
  const answer = await db.query<Row>(
    `SELECT n.id, n.kind, n.channel, n.status, COALESCE(e.url, p.name, a.name) AS recipient,
       n.agent_id AS "agentId", n.person_id AS "personId", n.endpoint_id AS "endpointId", n.subject, n.body,
       n.cause, n.attempts, n.last_error AS "lastError", n.created_at AS "createdAt", n.sent_at AS "sentAt",
       n.read_at AS "readAt"
     FROM notifications.notifications n
     LEFT JOIN notifications.endpoints e ON e.id = n.endpoint_id
     LEFT JOIN notifications.people p ON p.id = n.person_id
     LEFT JOIN notifications.agents a ON a.id = n.agent_id ${rest}`,
    values,
  );
  return answer.rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    readAt: row.readAt?.toISOString() ?? null,
  }));
}

const place = z.tuple([z.iso.datetime(), z.uuid()]);

export const listDeliveries: Handler<typeof notificationsApi.listDeliveries> = async ({ query }, { db }) => {
  const { limit, cursor, status, channel, kind, agent } = query;
  const values: unknown[] = [];
  const value = (of: unknown) => `$${values.push(of)}`;
  const conditions: string[] = [];
  if (status) conditions.push(`n.status = ${value(status)}`);
  if (channel) conditions.push(`n.channel = ${value(channel)}`);
  if (kind) conditions.push(`n.kind = ${value(kind)}`);
  if (agent) conditions.push(`n.agent_id = ${value(agent)}`);
  if (cursor) {
    const [at, id] = decodeCursor(place, cursor);
    conditions.push(`(n.created_at, n.id) < (${value(at)}::timestamptz, ${value(id)}::uuid)`);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const rows = await selectDeliveries(
    db,
    `${where} ORDER BY n.created_at DESC, n.id DESC LIMIT ${value(limit + 1)}`,
    values,
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    status: 200,
    body: { items, next: rows.length > limit && last ? encodeCursor(last.createdAt, last.id) : null },
  };
};

/** @throws CodedError `notification_unknown` */
export async function readOne(db: Queryable, id: string): Promise<Delivery> {
  const [row] = await selectDeliveries(db, 'WHERE n.id = $1', [id]);
  if (!row) throw notificationsError('notification_unknown');
  return row;
}

export const readDelivery: Handler<typeof notificationsApi.readDelivery> = async ({ params }, { db }) => ({
  status: 200,
  body: await readOne(db, params.id),
});

export const countDeliveries: Handler<typeof notificationsApi.countDeliveries> = async (_request, { db }) => {
  const answer = await db.query<{ PENDING: number; SENT: number; FAILED: number }>(
    `SELECT (SELECT count(*) FROM notifications.notifications WHERE status = 'PENDING') AS "PENDING",
       (SELECT count(*) FROM notifications.notifications WHERE status = 'SENT') AS "SENT",
       (SELECT count(*) FROM notifications.notifications WHERE status = 'FAILED') AS "FAILED"`,
  );
  return { status: 200, body: answer.rows[0]! };
};
