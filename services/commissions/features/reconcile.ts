/**
 * Holds statements against sales, line by line: the lines of each share, on all statements together, add up to
 * what the share is now; each agent's months likewise; each statement's sums are those of its lines; and each
 * statement computed again from its inputs gives the same lines, byte for byte.
 */
import type { Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { AgentMonth, Mismatch, StatementLine } from '../schema.ts';
import { computeAgent } from './compute-agent.ts';
import { computeStatement } from './compute-statement.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { beginningOf, gatherInputs } from './gather-inputs.ts';
import { readLines } from './list-statements.ts';
import { dayIn, firstDay, monthOf } from './months.ts';
import { readPlans } from './read-plans.ts';
import type { StatementInputs } from './statement-inputs.ts';

export interface Reconciliation {
  begin: string | null;
  statements: number;
  shares: number;
  agentMonths: AgentMonth[];
  mismatches: Mismatch[];
}

export const reconcile: Handler<typeof commissionsApi.reconcile> = async ({ query }, context) => {
  const { zone } = await context.organisation();
  const today = dayIn(zone, context.clock.now());
  return { status: 200, body: await reconcileStatements(context.db, today, query.month) };
};

/** @param month of the sales; all of them unless given */
export async function reconcileStatements(
  db: Queryable,
  today: string,
  month?: string,
): Promise<Reconciliation> {
  const begin = beginningOf(await readPlans(db));
  if (begin === null) return { begin, statements: 0, shares: 0, agentMonths: [], mismatches: [] };
  const shares = await compareShares(db, begin, month);
  const statements = await compareStatements(db, today, month);
  return {
    begin,
    statements: statements.number,
    shares: shares.number,
    agentMonths: shares.agentMonths,
    mismatches: [...shares.mismatches, ...statements.mismatches],
  };
}

async function compareShares(db: Queryable, begin: string, month: string | undefined) {
  // Agents about to be computed anew are left out: their open lines are of a moment ago.
  const compared = `
    WITH settled AS (
      SELECT l.sale_id, l.agent_id, l.currency, sum(l.basis) AS basis FROM commissions.lines l
      WHERE l.sale_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(l.basis) <> 0
    ), counted AS (
      SELECT s.sale_id, s.agent_id, s.currency, s.amount AS basis FROM commissions.shares s
      WHERE s.state = 'counted' AND s.month >= $1
    ), both_ AS (
      SELECT sale_id, agent_id, currency, coalesce(c.basis, 0) AS shares, coalesce(t.basis, 0) AS lines
      FROM counted c FULL JOIN settled t USING (sale_id, agent_id, currency)
    )
    SELECT b.*, to_char(s.month, 'YYYY-MM') AS month, s.reference, coalesce(a.code, b.agent_id::text) AS agent
    FROM both_ b
    JOIN commissions.shares s ON s.sale_id = b.sale_id AND s.agent_id = b.agent_id
    LEFT JOIN commissions.known_agents a ON a.id = b.agent_id
    WHERE ($2::date IS NULL OR s.month = $2)
      AND NOT EXISTS (SELECT FROM commissions.stale z WHERE z.agent_id = b.agent_id)`;
  const at = [firstDay(begin), month ? firstDay(month) : null];
  const sums = await db.query<AgentMonth>(
    `SELECT agent_id AS "agentId", agent, month, currency, sum(shares)::text AS shares, sum(lines)::text AS lines,
            count(*) AS count
     FROM (${compared}) c GROUP BY 1, 2, 3, 4 ORDER BY agent, month, currency`,
    at,
  );
  const single = await db.query<{
    agent: string;
    month: string;
    reference: string;
    currency: string;
    lines: string;
    shares: string;
  }>(
    `SELECT agent, month, reference, currency, lines::text AS lines, shares::text AS shares
     FROM (${compared}) c WHERE lines <> shares ORDER BY month, agent, reference LIMIT 1000`,
    at,
  );
  const mismatches: Mismatch[] = [
    ...single.rows.map((row) => ({ what: 'share' as const, ...row })),
    ...sums.rows
      .filter(({ shares, lines }) => toUnits(shares) !== toUnits(lines))
      .map(({ agent, month: of, currency, shares, lines }) => ({
        what: 'agent-month' as const,
        ...{ agent, month: of, currency, shares, lines, reference: null },
      })),
  ];
  return { number: sums.rows.reduce((sum, row) => sum + row.count, 0), agentMonths: sums.rows, mismatches };
}

interface Stored {
  id: string;
  agent_id: string;
  agent: string;
  month: string;
  closed: boolean;
  inputs: string | null;
  lines: string;
  totals: string | null;
}

async function compareStatements(db: Queryable, today: string, month: string | undefined) {
  const mismatches: Mismatch[] = [];
  let number = 0;
  let after: string | undefined;
  for (;;) {
    const page = await db.query<Stored>(
      `SELECT s.id, s.agent_id, coalesce(a.code, s.agent_id::text) AS agent, s.month, s.status <> 'open' AS closed,
              s.inputs, (SELECT coalesce(string_agg(l.line, E'\n' ORDER BY l.n), '') FROM commissions.lines l
                         WHERE l.statement_id = s.id) AS lines,
              (SELECT string_agg(t.currency || ' ' || t.commission::text, ', ' ORDER BY t.currency)
               FROM commissions.totals t WHERE t.statement_id = s.id) AS totals
       FROM commissions.statements s LEFT JOIN commissions.known_agents a ON a.id = s.agent_id
       WHERE ($1::date IS NULL OR s.month = $1) AND ($2::uuid IS NULL OR s.id > $2)
         AND NOT EXISTS (SELECT FROM commissions.stale z WHERE z.agent_id = s.agent_id AND s.status = 'open')
       ORDER BY s.id LIMIT 200`,
      [month ? firstDay(month) : null, after ?? null],
    );
    const open = await openLines(db, page.rows, today);
    for (const row of page.rows) {
      number += 1;
      const lines =
        row.closed && row.inputs !== null
          ? asText(computeStatement(JSON.parse(row.inputs) as StatementInputs))
          : (open.get(`${row.agent_id} ${monthOf(row.month)}`) ?? '');
      const where = { agent: row.agent, month: monthOf(row.month), reference: null, currency: null };
      if (lines !== row.lines)
        mismatches.push({
          ...{ what: 'statement', ...where },
          ...{ lines: firstDifference(row.lines, lines), shares: firstDifference(lines, row.lines) },
        });
      const sums = totalsOf(row.lines);
      if (sums !== (row.totals ?? ''))
        mismatches.push({ what: 'total', ...where, lines: sums, shares: row.totals ?? '' });
    }
    if (page.rows.length < 200) return { number, mismatches };
    after = page.rows.at(-1)!.id;
  }
}

async function openLines(
  db: Queryable,
  rows: readonly Stored[],
  today: string,
): Promise<Map<string, string>> {
  const agents = [...new Set(rows.filter(({ closed }) => !closed).map((row) => row.agent_id))];
  const computed = (await gatherInputs(db, agents, today)).flatMap((agent) =>
    computeAgent(agent).map(({ month, lines }) => [`${agent.agentId} ${month}`, asText(lines)] as const),
  );
  return new Map(computed);
}

const asText = (lines: readonly StatementLine[]) => lines.map((line) => JSON.stringify(line)).join('\n');

function firstDifference(one: string, other: string): string {
  const others = other.split('\n');
  return one.split('\n').find((line, index) => line !== others[index]) ?? '';
}

function totalsOf(lines: string): string {
  const sums = new Map<string, bigint>();
  for (const line of lines.split('\n').filter(Boolean)) {
    const { currency, commission } = JSON.parse(line) as StatementLine;
    sums.set(currency, (sums.get(currency) ?? 0n) + toUnits(commission));
  }
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, sum]) => `${currency} ${fromUnits(sum)}`)
    .join(', ');
}

/** Computes one statement again, for its badge. */
export const recomputeStatement: Handler<typeof commissionsApi.recomputeStatement> = async (
  { params },
  context,
) => {
  const { zone } = await context.organisation();
  const found = await context.db.query<{ agent_id: string; month: string; inputs: string | null }>(
    'SELECT agent_id, month, inputs FROM commissions.statements WHERE id = $1',
    [params.id],
  );
  const statement = found.rows[0];
  if (!statement) throw commissionsError('statement_unknown');
  const stored = await readLines(context.db, params.id);
  const month = monthOf(statement.month);
  let inputs: StatementInputs | undefined;
  if (statement.inputs !== null) inputs = JSON.parse(statement.inputs) as StatementInputs;
  else {
    // The statement is within reach; what it is computed from may lie in branches of before.
    const [agent] = await gatherInputs(
      context.system,
      [statement.agent_id],
      dayIn(zone, context.clock.now()),
    );
    inputs = agent && computeAgent(agent).find((each) => each.month === month)?.inputs;
  }
  const computed = inputs ? computeStatement(inputs) : [];
  const differing = Array.from({ length: Math.max(stored.length, computed.length) }, (_, index) => index)
    .filter((index) => JSON.stringify(stored[index]) !== JSON.stringify(computed[index]))
    .map((index) => index + 1);
  return {
    status: 200,
    body: { same: differing.length === 0, lines: stored.length, differing, totals: basisOf(stored, inputs) },
  };
};

/** What the shares of a statement's inputs have to be settled by, against what its lines settle. */
function basisOf(lines: readonly StatementLine[], inputs: StatementInputs | undefined) {
  const sums = new Map<string, { lines: bigint; shares: bigint }>();
  const at = (currency: string) => {
    const sum = sums.get(currency) ?? { lines: 0n, shares: 0n };
    sums.set(currency, sum);
    return sum;
  };
  for (const { currency, basis } of lines) at(currency).lines += toUnits(basis);
  for (const { state, currency, amount, settled } of inputs?.shares ?? []) {
    if (state === 'counted') at(currency).shares += toUnits(amount);
    if (settled) at(settled.currency).shares -= toUnits(settled.basis);
  }
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, sum]) => ({ currency, lines: fromUnits(sum.lines), shares: fromUnits(sum.shares) }));
}
