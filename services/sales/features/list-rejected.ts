/** The list of sales that were not taken in, newest first. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { salesApi } from '../api.ts';
import { type SalesErrorCode, salesError } from '../errors.ts';

interface Row {
  id: string;
  status: 'rejected' | 'waiting';
  source: string | null;
  reference: string | null;
  code: SalesErrorCode;
  field: string | null;
  detail: string | null;
  input: unknown;
  upload: string | null;
  line: number | null;
  received_at: Date;
  tried_at: Date;
  attempts: number;
}

export const listRejectedSales: Handler<typeof salesApi.listRejectedSales> = async ({ query }, context) => {
  const [receivedAt, after] = query.cursor
    ? decodeCursor(z.tuple([z.iso.datetime(), z.uuid()]), query.cursor)
    : [null, null];
  const [found, counts] = await Promise.all([
    context.db.query<Row>(
      `SELECT id, status, source, reference, code, field, detail, input, upload, line, received_at, tried_at, attempts
       FROM sales.rejected
       WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR upload = $2)
         AND ($3::timestamptz IS NULL OR (received_at, id) < ($3, $4::uuid))
       ORDER BY received_at DESC, id DESC LIMIT $5`,
      [query.status ?? null, query.upload ?? null, receivedAt, after, query.limit + 1],
    ),
    context.db.query<{ rejected: number; waiting: number }>(
      `SELECT count(*) FILTER (WHERE status = 'rejected') AS rejected,
              count(*) FILTER (WHERE status = 'waiting') AS waiting FROM sales.rejected`,
    ),
  ]);
  const rows = found.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const more = found.rows.length > query.limit && last;
  return {
    status: 200,
    body: {
      items: rows.map(({ received_at, tried_at, detail, ...row }) => {
        const { message, remedy } = salesError.table[row.code];
        return {
          ...row,
          message: detail ? `${message} ${detail}` : message,
          remedy,
          receivedAt: received_at.toISOString(),
          triedAt: tried_at.toISOString(),
        };
      }),
      next: more ? encodeCursor(last.received_at.toISOString(), last.id) : null,
      ...counts.rows[0]!,
    },
  };
};
