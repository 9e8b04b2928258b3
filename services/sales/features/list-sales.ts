/** The list of sales, newest first, page by page. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { salesApi } from '../api.ts';
import { COLUMNS, conditionsOf, JOINS, type SaleRow, saleOf } from './find-sales.ts';

const cursorShape = z.tuple([z.iso.datetime(), z.uuid()]);

export const listSales: Handler<typeof salesApi.listSales> = async ({ query }, context) => {
  const { where, values } = conditionsOf(query);
  if (query.cursor) {
    const [soldAt, id] = decodeCursor(cursorShape, query.cursor);
    values.push(soldAt, id);
    where.push(`(s.sold_at, s.id) < ($${values.length - 1}, $${values.length})`);
  }
  values.push(query.limit + 1);
  // The page is found first and joined then: joins must not talk the planner out of the index's order.
  const found = await context.db.query<SaleRow>(
    `WITH page AS MATERIALIZED (
       SELECT s.* FROM sales.sales s ${where.length ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY s.sold_at DESC, s.id DESC LIMIT $${values.length})
     SELECT ${COLUMNS} FROM page s ${JOINS} ORDER BY s.sold_at DESC, s.id DESC`,
    values,
  );
  const rows = found.rows.slice(0, query.limit);
  const last = rows.at(-1);
  const more = found.rows.length > query.limit && last;
  return {
    status: 200,
    body: { items: rows.map(saleOf), next: more ? encodeCursor(last.sold_at.toISOString(), last.id) : null },
  };
};
