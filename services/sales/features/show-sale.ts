/** One sale, and its history. */
import type { Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import type { SaleFacts } from '../schema.ts';
import { COLUMNS, factsOfRow, JOINS, type SaleRow, saleOf } from './find-sales.ts';

export const getSale: Handler<typeof salesApi.getSale> = async ({ params }, context) => {
  return { status: 200, body: saleOf(await readSale(params.id, context.db)) };
};

/** @throws `sale_unknown` */
export async function readSale(id: string, db: Queryable): Promise<SaleRow> {
  const found = await db.query<SaleRow>(`SELECT ${COLUMNS} FROM sales.sales s ${JOINS} WHERE s.id = $1`, [
    id,
  ]);
  if (!found.rows[0]) throw salesError('sale_unknown');
  return found.rows[0];
}

interface ChangeRow {
  revision: number;
  change: 'corrected' | 'cancelled' | 'deleted';
  at: Date;
  actor: string;
  reason: string;
  before: SaleFacts | null;
  after: SaleFacts | null;
  recorded: { at: string; actor: string } | null;
}

/** Newest first; the last entry is the recording. */
export const getSaleHistory: Handler<typeof salesApi.getSaleHistory> = async ({ params }, context) => {
  const [sale, changes] = await Promise.all([
    context.db.query<SaleRow & { actor: string }>(
      `SELECT ${COLUMNS}, s.actor FROM sales.sales s ${JOINS} WHERE s.id = $1`,
      [params.id],
    ),
    context.db.query<ChangeRow>(
      `SELECT revision, change, at, actor, reason, before, after, recorded
       FROM sales.changes WHERE sale_id = $1 ORDER BY revision DESC`,
      [params.id],
    ),
  ]);
  const present = sale.rows[0];
  const gone = changes.rows[0]?.recorded;
  if (!present && !gone) throw salesError('sale_unknown');
  // The first change that carries what was before knows the sale as it was recorded.
  const first = changes.rows.findLast((change) => change.before !== null)?.before;
  return {
    status: 200,
    body: {
      items: [
        ...changes.rows.map(({ recorded: _, ...change }) => ({ ...change, at: change.at.toISOString() })),
        {
          revision: 1,
          change: 'recorded' as const,
          at: present ? present.recorded_at.toISOString() : gone!.at,
          actor: present ? present.actor : gone!.actor,
          reason: null,
          before: null,
          after: first ?? (present ? factsOfRow(present) : null),
        },
      ],
    },
  };
};
