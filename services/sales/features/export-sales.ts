/** All sales that a filter finds as CSV, oldest first, read page by page while it is sent. */
import type { Handler, ServiceContext } from '@moonbase/service';
import type { salesApi } from '../api.ts';
import { COLUMNS, conditionsOf, JOINS, type SaleFilter, type SaleRow } from './find-sales.ts';

/** The columns of an upload first, then what only Moon knows. */
const HEADER = [
  ...['source', 'reference', 'agent', 'shares', 'product', 'amount', 'currency', 'soldAt', 'branch'],
  ...['policyNumber', 'policyholder', 'saleId', 'day', 'status', 'recordedAt'],
];
const PAGE = 2_000;

export const exportSales: Handler<typeof salesApi.exportSales> = async ({ query, signal }, context) => ({
  status: 200,
  body: lines(query, context, signal),
  headers: { 'content-disposition': 'attachment; filename="sales.csv"' },
});

async function* lines(
  filter: SaleFilter,
  context: ServiceContext,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `${HEADER.join(',')}\r\n`;
  let last: SaleRow | undefined;
  do {
    const { where, values } = conditionsOf(filter);
    if (last) {
      values.push(last.sold_at, last.id);
      where.push(`(s.sold_at, s.id) > ($${values.length - 1}, $${values.length})`);
    }
    const page = await context.db.query<SaleRow>(
      `WITH page AS MATERIALIZED (
         SELECT s.* FROM sales.sales s ${where.length ? `WHERE ${where.join(' AND ')}` : ''}
         ORDER BY s.sold_at, s.id LIMIT ${PAGE})
       SELECT ${COLUMNS} FROM page s ${JOINS} ORDER BY s.sold_at, s.id`,
      values,
    );
    yield page.rows.map(line).join('');
    last = page.rows.length === PAGE ? page.rows.at(-1) : undefined;
  } while (last && !signal.aborted);
}

function line(row: SaleRow): string {
  const shares = row.shares?.map((share) => `${share.code}:${share.percent}`).join(' ');
  const cells = [
    ...[row.source, row.reference, shares ? '' : row.agent_code, shares ?? '', row.product_code, row.amount],
    ...[row.currency, row.sold_at.toISOString(), row.branch_code, row.policy_number ?? ''],
    ...[row.policyholder ?? '', row.id, row.day, row.cancelled ? 'cancelled' : 'recorded'],
    row.recorded_at.toISOString(),
  ];
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
