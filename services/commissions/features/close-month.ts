/**
 * Closing: what a statement says up to then is frozen, numbered and settled.
 *
 * States of a statement: `open`, computed anew whenever something it depends on changes → `closed`, with its
 * number, its lines and all that they were computed from, none of which changes any more → `paid`, marked by a
 * person. Nothing leads back: what turns out wrong afterwards is a line of the next statement.
 *
 * Closing a month closes what is open of the months before it too, and only what is open: closing twice closes
 * once. Each agent is closed in one transaction with what it has settled, under the lock that the refreshing job
 * takes as well; a sale that arrives meanwhile is in the statement, or becomes a late line of the next one.
 */
import { newId, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { actorOf } from '@moonbase/identity';
import type { Handler, JobResult, JobRun, ServiceContext } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import { statementClosed } from '../events.ts';
import { mayRise } from './compute-agent.ts';
import { sumUp } from './compute-statement.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { dayIn, firstDay, monthOf } from './months.ts';
import { lockAgents, type WrittenStatement, writeStatements } from './write-statements.ts';

const AT_ONCE = 50;

export interface Closing {
  month: string;
  actor: string;
  /** Business day up to which cancellations are known, and the moment it is closed at. */
  asOf: string;
  at: Date;
}

/** Asks for a month to be closed for every agent; the job does it. */
export const closeMonth: Handler<typeof commissionsApi.closeMonth> = async (
  { params, principal },
  context,
) => {
  await refuseUnfinished(params.month, context);
  const actor = actorOf(principal);
  const running = await context.db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('commissions.close ' || $1))`, [params.month]);
    const known = await tx.query<{ id: string }>(
      'SELECT id FROM commissions.closings WHERE month = $1 AND ended_at IS NULL',
      [firstDay(params.month)],
    );
    if (known.rows[0]) return known.rows[0].id;
    const id = newId();
    await tx.query(
      'INSERT INTO commissions.closings (id, month, started_at, started_by) VALUES ($1, $2, $3, $4)',
      [id, firstDay(params.month), context.clock.now(), actor],
    );
    await context.enqueue(tx, 'close', { closing: id, month: params.month, actor });
    return id;
  });
  return { status: 202, body: { closingId: running } };
};

/** Closes the statement of one agent, and what is open before it, at once. */
export const closeStatement: Handler<typeof commissionsApi.closeStatement> = async (
  { params, principal },
  context,
) => {
  const found = await context.db.query<{ agent_id: string; month: string }>(
    'SELECT agent_id, month FROM commissions.statements WHERE id = $1',
    [params.id],
  );
  const statement = found.rows[0];
  if (!statement) throw commissionsError('statement_unknown');
  const month = monthOf(statement.month);
  await refuseUnfinished(month, context);
  await closeAgents([statement.agent_id], await closingOf(month, actorOf(principal), context), context);
  return { status: 200, body: { statementId: params.id } };
};

export async function closeJob(
  { input, progress, signal }: JobRun<{ closing: string; month: string; actor: string }>,
  context: ServiceContext,
): Promise<JobResult> {
  const closing = await closingOf(input.month, input.actor, context);
  const agents = await context.db.query<{ id: string }>(
    'SELECT id FROM commissions.known_agents WHERE closed_until IS NULL OR closed_until < $1 ORDER BY id',
    [firstDay(input.month)],
  );
  const ids = agents.rows.map((row) => row.id);
  await context.db.query('UPDATE commissions.closings SET total = done + $2 WHERE id = $1', [
    input.closing,
    ids.length,
  ]);
  let statements = 0;
  for (let at = 0; at < ids.length && !signal.aborted; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    statements += await closeAgents(some, closing, context);
    await context.db.query('UPDATE commissions.closings SET done = done + $2 WHERE id = $1', [
      input.closing,
      some.length,
    ]);
    await progress(Math.min(ids.length, at + AT_ONCE), ids.length);
  }
  signal.throwIfAborted();
  await context.db.query('UPDATE commissions.closings SET ended_at = $2 WHERE id = $1', [
    input.closing,
    context.clock.now(),
  ]);
  return { counts: { agents: ids.length, statements } };
}

async function refuseUnfinished(month: string, context: ServiceContext): Promise<void> {
  const { zone } = await context.organisation();
  if (month >= monthOf(dayIn(zone, context.clock.now()))) throw commissionsError('month_not_over');
  const plans = await context.db.query('SELECT FROM commissions.plans LIMIT 1');
  if (!plans.rowCount) throw commissionsError('no_plan_yet');
}

async function closingOf(month: string, actor: string, context: ServiceContext): Promise<Closing> {
  const { zone } = await context.organisation();
  const at = context.clock.now();
  return { month, actor, at, asOf: dayIn(zone, at) };
}

/** Closes everything up to a month for some agents, in one transaction. @returns how many statements */
export async function closeAgents(
  agentIds: readonly string[],
  closing: Closing,
  context: ServiceContext,
): Promise<number> {
  return context.db.transaction(async (tx) => {
    await lockAgents(tx, agentIds);
    const written = await writeStatements(tx, agentIds, closing.asOf, closing.at);
    const closed = written.filter(
      ({ month, agent }) =>
        month <= closing.month && (agent.closedUntil === null || month > agent.closedUntil),
    );
    const numbers = await takeNumbers(tx, closed);
    await freeze(tx, closed, numbers, closing);
    for (const month of [...new Set(closed.map((each) => each.month))].sort())
      await settle(
        tx,
        closed.filter((each) => each.month === month),
      );
    await tx.query(
      `UPDATE commissions.known_agents SET closed_until = greatest(closed_until, $2) WHERE id = ANY ($1)`,
      [agentIds, firstDay(closing.month)],
    );
    // What is left open goes on from what is settled now; and empty statements of closed months close with it.
    await writeStatements(tx, agentIds, closing.asOf, closing.at);
    await publish(
      tx,
      statementClosed,
      closed.map(({ statementId, agent, month, lines }, index) => ({
        key: statementId,
        subjects: [agent.agentId],
        occurredAt: closing.at,
        payload: {
          ...{ statementId, agentId: agent.agentId, branchId: agent.branchId, teamId: agent.teamId, month },
          number: numbers[index]!,
          totals: sumUp(lines).map(({ currency, commission }) => ({ currency, commission })),
        },
      })),
    );
    return closed.length;
  });
}

/** Numbers without gaps: the year's row stays locked until they are used. */
async function takeNumbers(tx: Transaction, closed: readonly WrittenStatement[]): Promise<string[]> {
  const next = new Map<string, number>();
  for (const year of new Set(closed.map(({ month }) => month.slice(0, 4)))) {
    const many = closed.filter(({ month }) => month.startsWith(year)).length;
    const taken = await tx.query<{ last: number }>(
      `INSERT INTO commissions.numbers AS n VALUES ($1, $2)
       ON CONFLICT (year) DO UPDATE SET last = n.last + excluded.last RETURNING last`,
      [Number(year), many],
    );
    next.set(year, taken.rows[0]!.last - many + 1);
  }
  return closed.map(({ month }) => {
    const year = month.slice(0, 4);
    const number = next.get(year)!;
    next.set(year, number + 1);
    return `${year}-${String(number).padStart(6, '0')}`;
  });
}

async function freeze(
  tx: Transaction,
  closed: readonly WrittenStatement[],
  numbers: readonly string[],
  { actor, at }: Closing,
): Promise<void> {
  const rows = closed.map(({ statementId, inputs }, index) => ({
    id: statementId,
    number: numbers[index],
    inputs: JSON.stringify(inputs),
  }));
  await tx.query(
    `UPDATE commissions.statements s
     SET status = 'closed', number = c.number, inputs = c.inputs, closed_at = $2, closed_by = $3
     FROM jsonb_to_recordset($1) AS c (id uuid, number text, inputs text) WHERE s.id = c.id AND s.status = 'open'`,
    [JSON.stringify(rows), at, actor],
  );
}

/** Notes on each share what the closed lines have settled of it; on adjustments, where they stand. */
async function settle(tx: Transaction, closed: readonly WrittenStatement[]): Promise<void> {
  const rows = closed.flatMap(({ agent, month, lines, inputs }) => {
    const shares = new Map<string, Settlement>();
    for (const line of lines) {
      if (line.saleId === null || line.kind === 'adjustment') continue;
      const at = shares.get(line.saleId) ?? {
        ...nothing,
        saleId: line.saleId,
        agentId: agent.agentId,
        month: firstDay(month),
      };
      shares.set(line.saleId, at);
      at.basis += toUnits(line.basis);
      at.commission += toUnits(line.commission);
      if (line.kind === 'tier') at.raise += toUnits(line.rate!);
      if (line.kind !== 'sale' && line.kind !== 'late') continue;
      const { productId, currency, planId, version } = line;
      const rises = mayRise(inputs, line);
      Object.assign(at, { productId, currency, planId, version, earns: true });
      Object.assign(at, { rate: rises ? line.rate : null, points: rises ? line.points : null });
      at.multiplier = rises ? line.multiplier : null;
    }
    return [...shares.values()].map((each) => ({
      ...each,
      ...{
        basis: fromUnits(each.basis),
        commission: fromUnits(each.commission),
        raise: fromUnits(each.raise),
      },
    }));
  });
  await tx.query(
    `UPDATE commissions.shares s SET
       settled_basis = coalesce(s.settled_basis, 0) + c.basis,
       settled_commission = coalesce(s.settled_commission, 0) + c.commission,
       settled_month = CASE WHEN c.earns THEN c.month ELSE s.settled_month END,
       settled_product = CASE WHEN c.earns THEN c."productId" ELSE s.settled_product END,
       settled_currency = CASE WHEN c.earns THEN c.currency ELSE s.settled_currency END,
       settled_plan = CASE WHEN c.earns THEN c."planId" ELSE s.settled_plan END,
       settled_version = CASE WHEN c.earns THEN c.version ELSE s.settled_version END,
       settled_rate = CASE WHEN c.earns THEN c.rate ELSE s.settled_rate + c.raise END,
       settled_points = CASE WHEN c.earns THEN c.points ELSE s.settled_points END,
       settled_multiplier = CASE WHEN c.earns THEN c.multiplier ELSE s.settled_multiplier END
     FROM jsonb_to_recordset($1) AS c ("saleId" uuid, "agentId" uuid, month date, basis numeric, commission numeric,
       raise numeric, earns boolean, "productId" uuid, currency text, "planId" uuid, version integer, rate numeric,
       points numeric, multiplier numeric)
     WHERE s.sale_id = c."saleId" AND s.agent_id = c."agentId"`,
    [JSON.stringify(rows)],
  );
  for (const { inputs, month } of closed)
    if (inputs.adjustments.length > 0)
      await tx.query('UPDATE commissions.adjustments SET settled_month = $2 WHERE id = ANY ($1)', [
        inputs.adjustments.map(({ id }) => id),
        firstDay(month),
      ]);
}

interface Settlement {
  saleId: string;
  agentId: string;
  month: string;
  basis: bigint;
  commission: bigint;
  raise: bigint;
  earns: boolean;
  productId: string | null;
  currency: string | null;
  planId: string | null;
  version: number | null;
  rate: string | null;
  points: string | null;
  multiplier: string | null;
}

const nothing = {
  ...{ basis: 0n, commission: 0n, raise: 0n, earns: false, productId: null, currency: null },
  ...{ planId: null, version: null, rate: null, points: null, multiplier: null },
};

/** Marks closed statements as paid; those that are paid stay as they are. */
export const payMonth: Handler<typeof commissionsApi.payMonth> = async ({ params, principal }, context) => {
  const paid = await context.db.query(
    `UPDATE commissions.statements SET status = 'paid', paid_at = $2, paid_by = $3
     WHERE month = $1 AND status = 'closed'`,
    [firstDay(params.month), context.clock.now(), actorOf(principal)],
  );
  return { status: 200, body: { paid: paid.rowCount ?? 0 } };
};
