/** Records one sale a request. Requests that arrive together share statements and a commit. */
import { batchedWrite } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { type PreparedSale, prepareSale, type World } from './prepare-sale.ts';
import { worldOf } from './world.ts';
import { type Outcome, writeSales } from './write-sales.ts';

/** Writes one prepared sale, together with others that are under way; resolves after the commit. */
export const writeSale = batchedWrite<{ sale: PreparedSale; world: World }, Outcome>({
  write: (tx, inputs, contexts) =>
    writeSales(
      tx,
      inputs.map((input) => input.sale),
      contexts,
      // The organisation's zone and clock are the same for all that is under way at once.
      inputs[0]!.world,
    ),
});

export const recordSale: Handler<typeof salesApi.recordSale> = async ({ body, reach }, context) => {
  const world = await worldOf(context, reach);
  // Requests of everybody share a transaction: each row is held to its sender's reach in the statement.
  const outcome = await writeSale(context.system, { sale: prepareSale(body, world), world });
  switch (outcome.outcome) {
    case 'recorded':
      return { status: 201, body: outcome.receipt };
    case 'repeated':
      return { status: 200, body: outcome.receipt };
    case 'waiting':
      return { status: 202, body: outcome.receipt };
    default:
      throw refusedError(outcome);
  }
};

/** The error that tells of a sale that was not taken in. */
export function refusedError(outcome: Extract<Outcome, { outcome: 'rejected' | 'waiting' | 'conflict' }>) {
  if (outcome.outcome === 'conflict')
    return salesError('reference_conflict', {
      detail: `It is ${outcome.saleId}.`,
      faults: [{ at: '/reference', message: 'is taken by a sale with other content' }],
    });
  const { code, field, detail } = outcome.refusal;
  return salesError(code, {
    detail: `${detail ? `${detail} ` : ''}The sale is kept in the list of rejected sales as ${outcome.id}.`,
    faults: field ? [{ at: `/${field}`, message: salesError.table[code].message }] : [],
  });
}
