/**
 * Removes a policyholder's name, for good: from the sale, from what was sent and rejected under that name, and
 * from the reasons of changes; in the event log by deleting the key of the sale, which stands for its
 * policyholder. The sale itself stays: books must be kept.
 */
import type { Transaction } from '@moonbase/data';
import { eraseSubject, publish } from '@moonbase/events';
import type { ServiceContext, Subject } from '@moonbase/service';
import { policyholdersErased } from '../events.ts';

/** @param id of the sale; one that was deleted, or erased before, may still have copies */
export async function erasePolicyholder(tx: Transaction, id: string, context: ServiceContext): Promise<void> {
  const found = await tx.query<{ policyholder: string | null; source: string; reference: string }>(
    'SELECT policyholder, source, reference FROM sales.sales WHERE id::text = $1 FOR UPDATE',
    [id],
  );
  const sale = found.rows[0];
  await tx.query('UPDATE sales.sales SET policyholder = NULL WHERE id::text = $1', [id]);
  // Reasons are free text, which may name somebody.
  await tx.query(`UPDATE sales.changes SET reason = '' WHERE sale_id::text = $1`, [id]);
  if (sale) {
    // As JSON text writes the name, quotes and all: also within the line of a file that was no sale at all.
    const name = sale.policyholder === null ? null : JSON.stringify(sale.policyholder).slice(1, -1);
    await tx.query(
      `UPDATE sales.rejected SET detail = NULL,
         input = CASE WHEN jsonb_typeof(input) = 'object' THEN input - 'policyholder' ELSE 'null' END
       WHERE reference = $1 AND source = $2 OR strpos(input::text, $3) > 0 OR strpos(detail, $4) > 0`,
      [sale.reference, sale.source, name, sale.policyholder],
    );
  }
  await publish(tx, policyholdersErased, {
    key: id,
    subjects: [id],
    payload: { saleId: id },
    occurredAt: context.clock.now(),
  });
  await eraseSubject(tx, id);
}

/**
 * Policyholders by their whole name, whatever its case, or by a policy number. Reads every sale: it is asked a
 * few times a month, and an index would be written with every sale.
 */
export async function findPolicyholders(search: string, context: ServiceContext): Promise<Subject[]> {
  const found = await context.db.query<{ policyholder: string; ids: string[]; count: number }>(
    `SELECT policyholder, (array_agg(id::text ORDER BY sold_at DESC))[:1000] AS ids, count(*)::int AS count
       FROM sales.sales
      WHERE policyholder IS NOT NULL AND (lower(policyholder) = lower($1) OR policy_number = $1)
      GROUP BY policyholder ORDER BY policyholder LIMIT 20`,
    [search],
  );
  return found.rows.map(({ policyholder, ids, count }) => ({
    kind: 'policyholder',
    title: policyholder,
    detail:
      count === 1
        ? '1 sale'
        : `${count} sales${count > ids.length ? `, of which ${ids.length} at a time` : ''}`,
    ids,
  }));
}
