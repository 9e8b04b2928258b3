/**
 * Disputes: somebody doubts a statement or a line of it; the two sides write; somebody else decides.
 *
 * States: `open`, from the moment it is raised → `accepted`, with an amount that the agent's open statement
 * carries as an adjustment line, whatever becomes of the line in dispute → or `refused`, with the reason → or
 * `withdrawn` by the side that raised it. All three are final, and nobody can write into the thread any more. The
 * statement in dispute is not touched: a closed one is frozen, and an open one goes on moving.
 *
 * Nobody decides about their own pay, nor what they raised themselves.
 */
import { newId, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { actorOf } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import { disputeDecided, disputeRaised } from '../events.ts';
import type { StatementLine } from '../schema.ts';
import { fromUnits, minorDigits, toUnits } from './decimals.ts';
import { dayIn, monthOf } from './months.ts';
import { makeStale } from './refresh-statements.ts';

interface StatementPlace {
  agent_id: string;
  team_id: string | null;
  branch_id: string;
  month: string;
}

export const raiseDispute: Handler<typeof commissionsApi.raiseDispute> = async (
  { body, principal },
  context,
) => {
  const disputeId = newId();
  const now = context.clock.now();
  await context.db.transaction(async (tx) => {
    const found = await tx.query<StatementPlace>(
      'SELECT agent_id, team_id, branch_id, month FROM commissions.statements WHERE id = $1',
      [body.statementId],
    );
    const statement = found.rows[0];
    if (!statement) throw commissionsError('statement_unknown');
    const line = body.line === null ? null : await readLine(tx, body.statementId, body.line);
    const currency = line?.currency ?? body.currency ?? (await onlyCurrency(tx, body.statementId));
    if (!currency)
      throw commissionsError('currency_missing', { faults: [{ at: '/currency', message: 'Name one.' }] });
    const dispute = {
      ...{ id: disputeId, agentId: statement.agent_id, teamId: statement.team_id },
      ...{ branchId: statement.branch_id, statementId: body.statementId, month: statement.month },
      ...{ line: body.line, saleId: line?.saleId ?? null, reason: body.reason, expected: body.expected },
      ...{ currency, raisedAt: now, raisedBy: actorOf(principal), raisedByName: principal.name },
    };
    await insertDispute(tx, dispute);
  });
  return { status: 201, body: { disputeId } };
};

export interface NewDispute {
  id: string;
  agentId: string;
  teamId: string | null;
  branchId: string;
  statementId: string;
  /** Its first day. */
  month: string;
  line: number | null;
  saleId: string | null;
  reason: string;
  expected: string | null;
  currency: string;
  raisedAt: Date;
  raisedBy: string;
  raisedByName: string;
}

export async function insertDispute(tx: Transaction, dispute: NewDispute): Promise<void> {
  const { id, agentId, teamId, branchId, statementId, month, line, expected, currency, raisedAt } = dispute;
  await tx.query(
    `INSERT INTO commissions.disputes (id, agent_id, team_id, branch_id, statement_id, month, line, sale_id, reason,
       expected, currency, raised_at, raised_by, raised_by_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[id, agentId, teamId, branchId, statementId, month, line, dispute.saleId, dispute.reason],
      ...[expected, currency, raisedAt, dispute.raisedBy, dispute.raisedByName],
    ],
  );
  await publish(tx, disputeRaised, {
    key: id,
    subjects: [agentId],
    occurredAt: raisedAt,
    payload: {
      ...{ disputeId: id, statementId, agentId, branchId, teamId, month: monthOf(month) },
      ...{ line, expected, currency },
    },
  });
}

async function readLine(tx: Transaction, statementId: string, n: number): Promise<StatementLine> {
  const found = await tx.query<{ line: string }>(
    'SELECT line FROM commissions.lines WHERE statement_id = $1 AND n = $2',
    [statementId, n],
  );
  if (!found.rows[0])
    throw commissionsError('dispute_line_unknown', { faults: [{ at: '/line', message: 'No such line.' }] });
  return JSON.parse(found.rows[0].line);
}

async function onlyCurrency(tx: Transaction, statementId: string): Promise<string | null> {
  const found = await tx.query<{ currency: string }>(
    'SELECT currency FROM commissions.totals WHERE statement_id = $1',
    [statementId],
  );
  return found.rows.length === 1 ? found.rows[0]!.currency : null;
}

export const writeMessage: Handler<typeof commissionsApi.writeMessage> = async (
  { params, body, principal },
  context,
) => {
  const id = newId();
  const at = context.clock.now();
  await context.db.transaction(async (tx) => {
    await openDispute(tx, params.id);
    await tx.query(
      `INSERT INTO commissions.messages (id, dispute_id, at, author, author_name, body)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, params.id, at, actorOf(principal), principal.name, body.body],
    );
  });
  return {
    status: 201,
    body: { id, at: at.toISOString(), author: principal.name, mine: true, body: body.body },
  };
};

interface OpenDispute extends StatementPlace {
  statement_id: string;
  sale_id: string | null;
  currency: string;
  status: string;
  raised_by: string;
}

/** Locks it: it is decided once. */
async function openDispute(tx: Transaction, id: string): Promise<OpenDispute> {
  const found = await tx.query<OpenDispute>(
    `SELECT agent_id, team_id, branch_id, month, statement_id, sale_id, currency, status, raised_by
     FROM commissions.disputes WHERE id = $1 FOR UPDATE`,
    [id],
  );
  const dispute = found.rows[0];
  if (!dispute) throw commissionsError('dispute_unknown');
  if (dispute.status !== 'open') throw commissionsError('dispute_ended');
  return dispute;
}

export const withdrawDispute: Handler<typeof commissionsApi.withdrawDispute> = async (
  { params, principal },
  context,
) => {
  await context.db.transaction(async (tx) => {
    const dispute = await openDispute(tx, params.id);
    // Somebody else's is not withdrawn but decided.
    if (dispute.raised_by !== actorOf(principal) && principal.agentId !== dispute.agent_id)
      throw commissionsError('dispute_unknown');
    const end = { status: 'withdrawn' as const, adjustment: null, decision: null, actor: actorOf(principal) };
    await endDispute(tx, params.id, dispute, end, context.clock.now());
  });
  return { status: 200, body: { disputeId: params.id } };
};

export const decideDispute: Handler<typeof commissionsApi.decideDispute> = async (
  { params, body, principal },
  context,
) => {
  const { zone } = await context.organisation();
  const now = context.clock.now();
  const actor = actorOf(principal);
  await context.db.transaction(async (tx) => {
    const dispute = await openDispute(tx, params.id);
    if (dispute.raised_by === actor || (principal.agentId !== null && principal.agentId === dispute.agent_id))
      throw commissionsError('dispute_own');
    const { status, reason: decision } = body;
    const adjustment = status === 'accepted' ? payable(body.adjustment, dispute.currency) : null;
    await endDispute(tx, params.id, dispute, { status, adjustment, decision, actor }, now);
    if (adjustment === null) return;
    await tx.query(
      `INSERT INTO commissions.adjustments (id, dispute_id, agent_id, sale_id, currency, amount, reason, day)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[newId(), params.id, dispute.agent_id, dispute.sale_id, dispute.currency],
        ...[adjustment, 'A dispute was accepted', dayIn(zone, now)],
      ],
    );
    await makeStale(tx, [dispute.agent_id], context);
  });
  return { status: 200, body: { disputeId: params.id } };
};

/** Four decimals, as every amount. @throws `adjustment_impossible` */
function payable(amount: string, currency: string): string {
  const units = toUnits(amount);
  const digits = minorDigits(currency);
  if (units === 0n || units % 10n ** BigInt(4 - Math.min(4, digits)) !== 0n)
    throw commissionsError('adjustment_impossible', {
      faults: [{ at: '/adjustment', message: `Other than zero, with at most ${digits} decimals.` }],
    });
  return fromUnits(units);
}

async function endDispute(
  tx: Transaction,
  id: string,
  dispute: OpenDispute,
  end: {
    status: 'accepted' | 'refused' | 'withdrawn';
    adjustment: string | null;
    decision: string | null;
    actor: string;
  },
  now: Date,
): Promise<void> {
  const { status, adjustment, decision, actor } = end;
  await tx.query(
    `UPDATE commissions.disputes
     SET status = $2, adjustment = $3, decision = $4, decided_by = $5, decided_at = $6 WHERE id = $1`,
    [id, status, adjustment, decision, actor, now],
  );
  await publish(tx, disputeDecided, {
    key: id,
    subjects: [dispute.agent_id],
    payload: {
      ...{ disputeId: id, statementId: dispute.statement_id, agentId: dispute.agent_id },
      ...{ branchId: dispute.branch_id, teamId: dispute.team_id, month: monthOf(dispute.month) },
      ...{ status, adjustment, currency: dispute.currency },
    },
  });
}
