/**
 * Corrects a sale: what the correction does not name stays as it is, and as it was frozen. Where agent, day,
 * product or branch change, the sale is judged anew, as if it came today; what the agents' teams and
 * branches were is looked up again only if agent or day change.
 */
import type { Transaction } from '@moonbase/data';
import { isErased, publish } from '@moonbase/events';
import type { Handler, ServiceContext } from '@moonbase/service';
import { context as requestContext } from '@moonbase/telemetry';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { saleCorrected } from '../events.ts';
import type { Sale, SaleCorrection, SaleFacts, SaleInput } from '../schema.ts';
import { keepChange, lockSale } from './end-sale.ts';
import { factsOfRow, type SaleRow, saleOf } from './find-sales.ts';
import { columnsJudged, factsOf, type Judged, judge, judged } from './judge-sales.ts';
import { type PreparedSale, prepareSale, type World } from './prepare-sale.ts';
import { readSale } from './show-sale.ts';
import { worldOf } from './world.ts';

export const correctSale: Handler<typeof salesApi.correctSale> = async ({ params, body }, context) => ({
  status: 200,
  body: await correct(params.id, body, context),
});

/** Corrects a sale; a correction that changes nothing leaves no trace. */
export async function correct(
  id: string,
  correction: SaleCorrection,
  context: ServiceContext,
): Promise<Sale> {
  const world = await worldOf(context);
  return context.db.transaction(async (tx) => {
    const sale = await lockSale(id, tx);
    if (sale.cancelled) throw salesError('sale_cancelled');
    if (correction.revision !== undefined && correction.revision !== sale.revision)
      throw salesError('revision_conflict', { detail: `It is at revision ${sale.revision}.` });
    const before = factsOfRow(sale);
    const prepared = { ...prepareSale(merge(sale, correction), world), id };
    // Whoever was erased stays so, whatever core systems still send.
    if (prepared.policyholder !== null && (await isErased(tx, id))) prepared.policyholder = null;
    const after = await judgeCorrection(sale, correction, prepared, world, tx);
    const { policyholder } = prepared;
    if (JSON.stringify(before) === JSON.stringify(after) && sale.policyholder === policyholder)
      return saleOf(sale);
    const { reason } = correction;
    await update(after, policyholder, tx);
    await keepChange(tx, sale, { change: 'corrected', reason, before, after, at: context.clock.now() });
    const agents = [...new Set([...after.shares, ...before.shares].map((share) => share.agentId))];
    await publish(tx, saleCorrected, {
      key: id,
      subjects: [id, ...agents],
      payload: { before, after, reason, policyholder },
    });
    return saleOf(await readSale(id, tx));
  });
}

/** The sale as it would be sent with the correction. */
function merge(sale: SaleRow, correction: SaleCorrection): SaleInput {
  const shares = sale.shares?.map(({ code, percent }) => ({ agent: code, percent }));
  const agents = namesAgents(correction)
    ? { agent: correction.agent, shares: correction.shares }
    : { agent: shares ? undefined : sale.agent_code, shares };
  const stays = !namesAgents(correction) && correction.soldAt === undefined;
  return {
    ...{ source: sale.source, reference: sale.reference, ...agents },
    product: correction.product ?? sale.product_code,
    amount: correction.amount ?? sale.amount,
    currency: correction.currency ?? sale.currency,
    soldAt: correction.soldAt ?? sale.sold_at.toISOString(),
    zone: correction.soldAt === undefined ? undefined : correction.zone,
    branch: correction.branch ?? (stays ? sale.branch_code : undefined),
    policyNumber:
      (correction.policyNumber === undefined ? sale.policy_number : correction.policyNumber) ?? undefined,
    policyholder:
      (correction.policyholder === undefined ? sale.policyholder : correction.policyholder) ?? undefined,
  };
}

function namesAgents(correction: SaleCorrection): boolean {
  return correction.agent !== undefined || correction.shares !== undefined;
}

async function judgeCorrection(
  sale: SaleRow,
  correction: SaleCorrection,
  prepared: PreparedSale,
  world: World,
  tx: Transaction,
): Promise<SaleFacts> {
  const refuse = (code: keyof typeof salesError.table, field: string | null) =>
    salesError(code, {
      faults: field ? [{ at: `/${field}`, message: salesError.table[code].message }] : [],
    });
  if (prepared.refusal) throw refuse(prepared.refusal.code, prepared.refusal.field);
  const { product, branch, soldAt } = correction;
  const frozen = frozenFacts(sale, prepared);
  const moves = namesAgents(correction) || soldAt !== undefined;
  if (!moves && product === undefined && branch === undefined) return frozen;
  const answer = await tx.query<Judged>(
    `${judge(true)} SELECT ${columnsJudged(true)} FROM verdict v`,
    judged(true, [prepared], [requestContext().actor], world),
  );
  const row = answer.rows[0]!;
  if (row.code) throw refuse(row.code, null);
  const anew = factsOf(prepared, row);
  return moves ? anew : { ...anew, shares: frozen.shares };
}

/** The sale with other amounts, its agents, teams and branches as they were. */
function frozenFacts(sale: SaleRow, prepared: PreparedSale): SaleFacts {
  const facts = factsOfRow(sale);
  const { amount, currency, policyNumber } = prepared;
  return {
    ...{ ...facts, amount, currency, policyNumber },
    shares: facts.shares.map((share, index) => ({
      ...share,
      amount: prepared.shares?.[index]?.amount ?? amount,
    })),
  };
}

async function update(after: SaleFacts, policyholder: string | null, tx: Transaction): Promise<void> {
  const [lead] = after.shares;
  await tx.query(
    `UPDATE sales.sales SET agent_id = $2, team_id = $3, branch_id = $4, home_id = nullif($5::uuid, $4),
       product_id = $6, sold_at = $7, day = $8, amount = $9, currency = $10, policy_number = $11,
       policyholder = $12, split = $13, revision = revision + 1
     WHERE id = $1`,
    [
      ...[after.saleId, lead!.agentId, lead!.teamId, after.branchId, lead!.branchId, after.productId],
      ...[after.soldAt, after.day, after.amount, after.currency, after.policyNumber, policyholder],
      after.shares.length > 1,
    ],
  );
  await tx.query('DELETE FROM sales.shares WHERE sale_id = $1', [after.saleId]);
  if (after.shares.length === 1) return;
  await tx.query(
    `INSERT INTO sales.shares (sale_id, place, agent_id, team_id, branch_id, percent, amount)
     SELECT $1, ord - 1, agent_id, team_id, branch_id, percent, amount
     FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::numeric[], $6::numeric[])
       WITH ORDINALITY AS x(agent_id, team_id, branch_id, percent, amount, ord)`,
    [
      after.saleId,
      after.shares.map((share) => share.agentId),
      after.shares.map((share) => share.teamId),
      after.shares.map((share) => share.branchId),
      after.shares.map((share) => share.percent),
      after.shares.map((share) => share.amount),
    ],
  );
}
