/** One's own notifications: those of the person who is signed in and of the agent whom they are. */
import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Principal } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import type { message } from '../schema.ts';

type Message = z.infer<typeof message>;
interface Row extends Omit<Message, 'at' | 'readAt'> {
  at: Date;
  readAt: Date | null;
}

const columns = 'id, kind, subject, body, link, created_at AS at, read_at AS "readAt"';
/** A condition on `$1` and `$2`: see {@link mine}. An agent's own come also from before the account. */
const own = `channel = 'in-app' AND (person_id = $1 OR (agent_id = $2 AND person_id IS NULL))`;

/** The person and agent that somebody is; null for what they are not. */
export function mine({ kind, id, agentId }: Principal): [person: string | null, agent: string | null] {
  return [kind === 'person' ? id : null, agentId];
}

function toMessage(row: Row): Message {
  return { ...row, at: row.at.toISOString(), readAt: row.readAt?.toISOString() ?? null };
}

const place = z.tuple([z.iso.datetime(), z.uuid()]);

export const listInbox: Handler<typeof notificationsApi.listInbox> = async ({ query, principal }, { db }) => {
  const [at, id] = query.cursor ? decodeCursor(place, query.cursor) : [null, null];
  const [answer, unread] = await Promise.all([
    db.query<Row>(
      `SELECT ${columns} FROM notifications.notifications
       WHERE ${own} AND (NOT $3 OR read_at IS NULL)
         AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $6`,
      [...mine(principal), query.unread ?? false, at, id, query.limit + 1],
    ),
    countUnread(db, principal),
  ]);
  const items = answer.rows.slice(0, query.limit).map(toMessage);
  const last = items.at(-1);
  const next = answer.rows.length > query.limit && last ? encodeCursor(last.at, last.id) : null;
  return { status: 200, body: { items, next, unread } };
};

async function countUnread(db: Queryable, principal: Principal): Promise<number> {
  const answer = await db.query<{ unread: number }>(
    `SELECT count(*) AS unread FROM notifications.notifications WHERE ${own} AND read_at IS NULL`,
    mine(principal),
  );
  return answer.rows[0]!.unread;
}

export const markRead: Handler<typeof notificationsApi.markRead> = async (
  { params, body, principal },
  { db, clock },
) => {
  const answer = await db.query<Row>(
    `UPDATE notifications.notifications SET read_at = CASE WHEN $4 THEN COALESCE(read_at, $5::timestamptz) END
     WHERE ${own} AND id = $3 RETURNING ${columns}`,
    [...mine(principal), params.id, body.read, clock.now()],
  );
  if (!answer.rows[0]) throw notificationsError('notification_unknown');
  return { status: 200, body: toMessage(answer.rows[0]) };
};

export const markAllRead: Handler<typeof notificationsApi.markAllRead> = async (
  { principal },
  { db, clock },
) => {
  const answer = await db.query(
    `UPDATE notifications.notifications SET read_at = $3 WHERE ${own} AND read_at IS NULL`,
    [...mine(principal), clock.now()],
  );
  return { status: 200, body: { marked: answer.rowCount ?? 0 } };
};
