/** Tries sales again that were not taken in: by hand, mended, or because what they lacked has changed. */
import type { Reach } from '@moonbase/data';
import type { Handler, JobResult, JobRun, ServiceContext } from '@moonbase/service';
import { type Context, context as requestContext } from '@moonbase/telemetry';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { type SaleInput, saleInput } from '../schema.ts';
import type { Mending } from './copy-agents.ts';
import { MENDABLE } from './judge-sales.ts';
import { type PreparedSale, prepareSale, type World } from './prepare-sale.ts';
import { refusedError } from './record-sale.ts';
import { worldOf } from './world.ts';
import { type Outcome, writeSales } from './write-sales.ts';

interface Listed {
  id: string;
  input: unknown;
  actor: string;
  received_at: Date;
}

/** Replaces what was sent and tries it again. */
export const mendRejectedSale: Handler<typeof salesApi.mendRejectedSale> = async (request, context) => {
  await readListed(request.params.id, context);
  return settle(request.params.id, request.body, request.reach, context);
};

/** Tries it again as it was sent. */
export const retryRejectedSale: Handler<typeof salesApi.retryRejectedSale> = async (request, context) => {
  const listed = await readListed(request.params.id, context);
  const input = saleInput.safeParse(listed.input);
  if (!input.success) {
    const { path, message } = input.error.issues[0]!;
    throw salesError('sale_invalid', { faults: [{ at: `/${path.join('/')}`, message }] });
  }
  return settle(listed.id, input.data, request.reach, context);
};

/** Takes it off the list. */
export const dismissRejectedSale: Handler<typeof salesApi.dismissRejectedSale> = async (request, context) => {
  const gone = await context.db.query('DELETE FROM sales.rejected WHERE id = $1', [request.params.id]);
  if (gone.rowCount === 0) throw salesError('rejected_unknown');
  return { status: 204, body: undefined };
};

async function readListed(id: string, context: ServiceContext): Promise<Listed> {
  const found = await context.db.query<Listed>(
    'SELECT id, input, actor, received_at FROM sales.rejected WHERE id = $1',
    [id],
  );
  if (!found.rows[0]) throw salesError('rejected_unknown');
  return found.rows[0];
}

async function settle(id: string, input: SaleInput, reach: Reach, context: ServiceContext) {
  const world = await worldOf(context, reach);
  const sale: PreparedSale = { ...prepareSale(input, world), id, listed: true };
  const outcome = (await tryAgain([sale], [requestContext()], world, context))[0]!;
  if ('refusal' in outcome || outcome.outcome === 'conflict') throw refusedError(outcome);
  return { status: 200 as const, body: { outcome: outcome.outcome, sale: outcome.receipt } };
}

/** What became of them; those that were taken in, or were there already, leave the list. */
async function tryAgain(
  sales: readonly PreparedSale[],
  senders: readonly Context[],
  world: World,
  context: ServiceContext,
): Promise<Outcome[]> {
  // As the system: each row is held to its sender's reach in the statement.
  return context.system.transaction(async (tx) => {
    const outcomes = await writeSales(tx, sales, senders, world);
    const settled = sales.filter((_, index) => /recorded|repeated/.test(outcomes[index]!.outcome));
    const taken = sales.filter((_, index) => outcomes[index]!.outcome === 'conflict');
    await tx.query('DELETE FROM sales.rejected WHERE id = ANY ($1)', [settled.map((sale) => sale.id)]);
    await tx.query(
      `UPDATE sales.rejected SET status = 'rejected', code = 'reference_conflict', field = 'reference',
         tried_at = $2, attempts = attempts + 1 WHERE id = ANY ($1)`,
      [taken.map((sale) => sale.id), world.clock.now()],
    );
    return outcomes;
  });
}

/** Tries again what a change of agents, products or branches may have mended. */
export async function retryRejected(run: JobRun<Mending>, context: ServiceContext): Promise<JobResult> {
  const world = await worldOf(context);
  const counts = { recorded: 0, waiting: 0, rejected: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; !run.signal.aborted; ) {
    const { rows } = await context.db.query<Listed>(
      `SELECT id, input, actor, received_at FROM sales.rejected
       WHERE (agents && $1 OR product = ANY ($2) OR branch = ANY ($3)) AND code = ANY ($4) AND id > $5
       ORDER BY id LIMIT 500`,
      [run.input.agents, run.input.products, run.input.branches, MENDABLE, after],
    );
    if (rows.length === 0) break;
    after = rows.at(-1)!.id;
    const sales = rows.map((row) => ({
      ...prepareSale(saleInput.parse(row.input), world),
      id: row.id,
      listed: true,
      receivedAt: row.received_at,
    }));
    const senders = rows.map((row) => ({ actor: row.actor, cause: null }));
    for (const { outcome } of await tryAgain(sales, senders, world, context)) {
      if (outcome === 'waiting') counts.waiting += 1;
      else if (outcome === 'recorded' || outcome === 'repeated') counts.recorded += 1;
      else counts.rejected += 1;
    }
  }
  return { counts };
}
