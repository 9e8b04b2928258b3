/** Cancels and deletes sales: a cancelled one stays in the list and counts no more, a deleted one is gone. */
import type { Transaction } from '@moonbase/data';
import { eraseSubject, publish } from '@moonbase/events';
import type { Handler, ServiceContext } from '@moonbase/service';
import { context as requestContext } from '@moonbase/telemetry';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { saleCancelled, saleDeleted } from '../events.ts';
import type { Sale, SaleFacts } from '../schema.ts';
import { factsOfRow, type SaleRow, saleOf } from './find-sales.ts';
import { readSale } from './show-sale.ts';

export const cancelSale: Handler<typeof salesApi.cancelSale> = async ({ params, body }, context) => ({
  status: 200,
  body: await cancel(params.id, body.reason, context),
});

/** Cancels a sale. @throws `sale_unknown`, `sale_cancelled` */
export async function cancel(id: string, reason: string, context: ServiceContext): Promise<Sale> {
  const row = await context.db.transaction(async (tx) => {
    const sale = await lockSale(id, tx);
    if (sale.cancelled) throw salesError('sale_cancelled');
    const before = factsOfRow(sale);
    await tx.query('UPDATE sales.sales SET cancelled = true, revision = revision + 1 WHERE id = $1', [id]);
    await keepChange(tx, sale, { change: 'cancelled', reason, before, at: context.clock.now() });
    const subjects = [id, ...before.shares.map((share) => share.agentId)];
    await publish(tx, saleCancelled, { key: id, subjects, payload: { before, reason } });
    return { ...sale, cancelled: true, revision: sale.revision + 1 };
  });
  return saleOf(row);
}

export const deleteSale: Handler<typeof salesApi.deleteSale> = async ({ params, body }, context) => {
  await context.db.transaction(async (tx) => {
    const sale = await lockSale(params.id, tx);
    const facts = factsOfRow(sale);
    const recorded = await tx.query<{ actor: string }>(
      'DELETE FROM sales.sales WHERE id = $1 RETURNING actor',
      [sale.id],
    );
    await keepChange(tx, sale, {
      change: 'deleted',
      reason: body.reason,
      before: facts,
      at: context.clock.now(),
      recorded: { at: sale.recorded_at.toISOString(), actor: recorded.rows[0]!.actor },
    });
    await publish(tx, saleDeleted, {
      key: sale.id,
      subjects: [sale.id, ...facts.shares.map((share) => share.agentId)],
      // A cancelled sale was taken out of every figure before.
      payload: { before: sale.cancelled ? null : facts, reason: body.reason },
    });
    // The sale stands for its policyholder, whose name in the log can be read no more.
    if (sale.policyholder !== null) await eraseSubject(tx, sale.id);
  });
  return { status: 204, body: undefined };
};

/** @throws `sale_unknown` */
export async function lockSale(id: string, tx: Transaction): Promise<SaleRow> {
  const locked = await tx.query('SELECT FROM sales.sales WHERE id = $1 FOR UPDATE', [id]);
  if (locked.rowCount === 0) throw salesError('sale_unknown');
  return readSale(id, tx);
}

interface Change {
  change: 'corrected' | 'cancelled' | 'deleted';
  reason: string;
  at: Date;
  before: SaleFacts;
  after?: SaleFacts;
  recorded?: { at: string; actor: string };
}

/** Writes a line of the sale's history. */
export async function keepChange(tx: Transaction, sale: SaleRow, change: Change): Promise<void> {
  await tx.query(
    `INSERT INTO sales.changes (sale_id, revision, change, at, actor, reason, before, after, recorded)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      sale.id,
      sale.revision + 1,
      change.change,
      change.at,
      requestContext().actor,
      change.reason,
      JSON.stringify(change.before),
      change.after ? JSON.stringify(change.after) : null,
      change.recorded ? JSON.stringify(change.recorded) : null,
    ],
  );
}
