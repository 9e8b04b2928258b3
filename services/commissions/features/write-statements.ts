/** Writes computed statements: open ones are replaced where they differ, closed ones are never touched. */
import { newId, type Transaction } from '@moonbase/data';
import type { StatementLine } from '../schema.ts';
import { type ComputedStatement, computeAgent, countsOf, digestOf } from './compute-agent.ts';
import { sumUp } from './compute-statement.ts';
import { type AgentInputs, gatherInputs } from './gather-inputs.ts';
import { firstDay, monthOf } from './months.ts';

export interface WrittenStatement extends ComputedStatement {
  statementId: string;
  agent: AgentInputs;
}

/** Locks agents, in the order of their ids: whoever computes or closes their statements does so alone. */
export async function lockAgents(tx: Transaction, agentIds: readonly string[]): Promise<void> {
  await tx.query('SELECT FROM commissions.known_agents WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [
    agentIds,
  ]);
}

/** Computes and writes the open statements of agents, which the caller has locked. */
export async function writeStatements(
  tx: Transaction,
  agentIds: readonly string[],
  asOf: string,
  now: Date,
): Promise<WrittenStatement[]> {
  const agents = await gatherInputs(tx, agentIds, asOf);
  const known = await tx.query<{ id: string; agent_id: string; month: string; digest: string | null }>(
    `SELECT id, agent_id, month, digest FROM commissions.statements
     WHERE agent_id = ANY ($1) AND status = 'open'`,
    [agentIds],
  );
  const before = new Map(known.rows.map((row) => [`${row.agent_id} ${monthOf(row.month)}`, row]));
  const written: (WrittenStatement & { digest: string; changed: boolean })[] = [];
  for (const agent of agents)
    for (const computed of computeAgent(agent)) {
      const key = `${agent.agentId} ${computed.month}`;
      const digest = digestOf(computed.lines);
      const was = before.get(key);
      before.delete(key);
      const changed = was?.digest !== digest;
      written.push({ ...computed, agent, statementId: was?.id ?? newId(), digest, changed });
    }
  const changed = written.filter((each) => each.changed);
  // Statements that have no lines any more stay, empty: a dispute may be about them.
  const replaced = [...before.values()].map(({ id }) => id).concat(changed.map((each) => each.statementId));
  if (replaced.length === 0) return written;
  await tx.query('DELETE FROM commissions.lines WHERE statement_id = ANY ($1)', [replaced]);
  await tx.query('DELETE FROM commissions.totals WHERE statement_id = ANY ($1)', [replaced]);
  await tx.query('UPDATE commissions.statements SET digest = NULL, computed_at = $2 WHERE id = ANY ($1)', [
    [...before.values()].map(({ id }) => id),
    now,
  ]);
  await insertStatements(tx, changed, now);
  await insertLines(tx, changed);
  await insertTotals(tx, changed);
  return written;
}

async function insertStatements(
  tx: Transaction,
  statements: readonly (WrittenStatement & { digest: string })[],
  now: Date,
): Promise<void> {
  const rows = statements.map(({ statementId, agent, month, digest }) => ({
    ...{ id: statementId, agentId: agent.agentId, teamId: agent.teamId, branchId: agent.branchId },
    ...{ month: firstDay(month), digest },
  }));
  await tx.query(
    `INSERT INTO commissions.statements (id, agent_id, team_id, branch_id, month, digest, computed_at)
     SELECT id, "agentId", "teamId", "branchId", month, digest, $2
     FROM jsonb_to_recordset($1) AS s (id uuid, "agentId" uuid, "teamId" uuid, "branchId" uuid, month date, digest text)
     ON CONFLICT (id) DO UPDATE SET team_id = excluded.team_id, branch_id = excluded.branch_id,
       digest = excluded.digest, computed_at = excluded.computed_at`,
    [JSON.stringify(rows), now],
  );
}

async function insertLines(tx: Transaction, statements: readonly WrittenStatement[]): Promise<void> {
  const rows = statements.flatMap(({ statementId, agent, month, lines }) => {
    const counts = countsOf(lines);
    return lines.map((line, index) => ({
      ...columnsOf(line),
      statementId,
      ...placeOf(agent, month),
      counts: counts[index],
    }));
  });
  await tx.query(
    `INSERT INTO commissions.lines (statement_id, n, agent_id, team_id, branch_id, month, kind, sale_id, product_id,
       plan_id, currency, basis, counts, commission, line)
     SELECT "statementId", n, "agentId", "teamId", "branchId", month, kind, "saleId", "productId", "planId", currency,
            basis, counts, commission, line
     FROM jsonb_to_recordset($1) AS l ("statementId" uuid, n integer, "agentId" uuid, "teamId" uuid, "branchId" uuid,
       month date, kind text, "saleId" uuid, "productId" uuid, "planId" uuid, currency text, basis numeric,
       counts smallint, commission numeric, line text)`,
    [JSON.stringify(rows)],
  );
}

function columnsOf(line: StatementLine) {
  const { n, kind, saleId, productId, planId, currency, basis, commission } = line;
  return { n, kind, saleId, productId, planId, currency, basis, commission, line: JSON.stringify(line) };
}

function placeOf({ agentId, teamId, branchId }: AgentInputs, month: string) {
  return { agentId, teamId, branchId, month: firstDay(month) };
}

async function insertTotals(tx: Transaction, statements: readonly WrittenStatement[]): Promise<void> {
  const rows = statements.flatMap(({ statementId, agent, month, lines }) =>
    sumUp(lines).map((total) => ({ ...total, statementId, ...placeOf(agent, month) })),
  );
  await tx.query(
    `INSERT INTO commissions.totals (statement_id, currency, agent_id, team_id, branch_id, month, sold, basis,
       commission, earned, clawed_back, adjusted, lines)
     SELECT "statementId", currency, "agentId", "teamId", "branchId", month, sold, basis, commission, earned,
            "clawedBack", adjusted, lines
     FROM jsonb_to_recordset($1) AS t ("statementId" uuid, currency text, "agentId" uuid, "teamId" uuid,
       "branchId" uuid, month date, sold numeric, basis numeric, commission numeric, earned numeric,
       "clawedBack" numeric, adjusted numeric, lines integer)`,
    [JSON.stringify(rows)],
  );
}
