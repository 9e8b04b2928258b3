/** Mails that stay here because no mail server is set. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { notificationsApi } from '../api.ts';
import { mailServer } from './send-mail.ts';

const place = z.tuple([z.iso.datetime(), z.uuid()]);

export const listOutbox: Handler<typeof notificationsApi.listOutbox> = async ({ query }, { db }) => {
  const [at, id] = query.cursor ? decodeCursor(place, query.cursor) : [null, null];
  const answer = await db.query<{ id: string; to: string; subject: string; text: string; at: Date }>(
    `SELECT id, address AS "to", subject, body AS text, at FROM notifications.outbox
     WHERE $1::timestamptz IS NULL OR (at, id) < ($1, $2::uuid) ORDER BY at DESC, id DESC LIMIT $3`,
    [at, id, query.limit + 1],
  );
  const items = answer.rows.slice(0, query.limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  const last = items.at(-1);
  const next = answer.rows.length > query.limit && last ? encodeCursor(last.at, last.id) : null;
  return { status: 200, body: { items, next, mailServer: mailServer() !== undefined } };
};
