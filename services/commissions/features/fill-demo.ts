/**
 * Plans, three months that were closed on the third of the month after each, and a dispute about the last.
 *
 * Deterministic: it depends on the demo's agents and sales and on today alone. Months are closed as they would have
 * been then: a sale that was cancelled since stands on its statement, and goes back on the open one.
 */
import { createHash } from 'node:crypto';
import type { Transaction } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import type { PlanDefinition, StatementLine } from '../schema.ts';
import { closeAgents } from './close-month.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { insertPlan } from './keep-plans.ts';
import { addMonths, dayIn, firstDay, monthOf } from './months.ts';
import { insertDispute } from './settle-disputes.ts';
import { lockAgents, writeStatements } from './write-statements.ts';

const CLOSED_MONTHS = 3;

/** A UUID that is always the same for a name. */
function demoId(name: string): string {
  const hex = createHash('sha256').update(`moon demo ${name}`).digest('hex');
  return `01900000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

/** Fills an installation that has sales and no plans. */
export async function fillDemo(context: ServiceContext): Promise<void> {
  const { db } = context;
  const known = await db.query('SELECT FROM commissions.plans LIMIT 1');
  const agents = await db.query<{ id: string }>('SELECT id FROM commissions.known_agents ORDER BY id');
  if (known.rowCount || agents.rows.length === 0) return;
  const ids = agents.rows.map((row) => row.id);
  const { zone, currency } = await context.organisation();
  const now = context.clock.now();
  const month = monthOf(dayIn(zone, now));
  const begin = addMonths(month, -CLOSED_MONTHS);
  await db.transaction(async (tx) => {
    for (const [name, definition] of Object.entries(await demoPlans(tx, currency)))
      await insertPlan(
        tx,
        {
          planId: demoId(`plan ${name}`),
          name,
          from: firstDay(begin),
          to: null,
          definition,
          actor: 'system',
        },
        context,
      );
  });
  for (let ago = CLOSED_MONTHS; ago > 0; ago -= 1) {
    const next = addMonths(month, 1 - ago);
    const third = new Date(`${next}-03T04:30:00Z`);
    const at = third < now ? third : now;
    const closing = { month: addMonths(month, -ago), actor: 'system', at, asOf: dayIn(zone, at) };
    await closeAgents(ids, closing, context);
  }
  await db.transaction(async (tx) => {
    await tx.query(
      `UPDATE commissions.statements SET status = 'paid', paid_by = 'system', paid_at = closed_at + interval '2 days'
       WHERE month < $1 AND status = 'closed'`,
      [firstDay(addMonths(month, -1))],
    );
    await lockAgents(tx, ids);
    await writeStatements(tx, ids, dayIn(zone, now), now);
    await raiseDemoDispute(tx, addMonths(month, -1), now);
  });
}

async function demoPlans(tx: Transaction, currency: string): Promise<Record<string, PlanDefinition>> {
  const types = await tx.query<{ type: string }>('SELECT DISTINCT type FROM commissions.known_products');
  const has = (type: string) => (types.rows.some((row) => row.type === type) ? [type] : []);
  const common = {
    ...{ currency, everything: false, products: [] },
    assigned: [{ kind: 'all' as const, id: null }],
    clawback: [
      { months: 12, percent: '100' },
      { months: 24, percent: '50' },
    ],
  };
  return {
    'Life and health': {
      ...common,
      types: [...has('Life'), ...has('Health')],
      ...{ measure: 'amount', window: 'month', mode: 'marginal' },
      tiers: [
        { from: '0', rate: '6' },
        { from: '150000', rate: '7.5' },
        { from: '300000', rate: '9' },
      ],
      accelerators: [{ when: 'target', at: '100', of: 'agent', points: '0', multiplier: '1.15' }],
    },
    Motor: {
      ...common,
      types: has('Vehicle'),
      ...{ measure: 'count', window: 'quarter', mode: 'whole' },
      tiers: [
        { from: '0', rate: '4' },
        { from: '15', rate: '4.5' },
        { from: '30', rate: '5.25' },
      ],
      accelerators: [],
    },
    'Everything else': {
      ...common,
      ...{ everything: true, types: [], measure: 'amount', window: 'month', mode: 'marginal' },
      tiers: [{ from: '0', rate: '3' }],
      accelerators: [],
    },
  };
}

/** About the first shared sale of the month, which its agent takes for wholly their own. */
async function raiseDemoDispute(tx: Transaction, month: string, now: Date): Promise<void> {
  const found = await tx.query<{
    statement_id: string;
    agent_id: string;
    team_id: string | null;
    branch_id: string;
    name: string | null;
    line: string;
  }>(
    `SELECT l.statement_id, l.agent_id, l.team_id, l.branch_id, a.name, l.line
     FROM commissions.lines l JOIN commissions.known_agents a ON a.id = l.agent_id
     WHERE l.month = $1 AND l.kind = 'sale' AND l.commission > 0
     ORDER BY (l.line::json ->> 'share')::numeric, l.sale_id, l.n LIMIT 1`,
    [firstDay(month)],
  );
  const row = found.rows[0];
  if (!row) return;
  const line: StatementLine = JSON.parse(row.line);
  const id = demoId('dispute');
  const at = new Date(Math.min(now.getTime(), Date.parse(`${addMonths(month, 1)}-06T05:10:00Z`)));
  await insertDispute(tx, {
    ...{ id, agentId: row.agent_id, teamId: row.team_id, branchId: row.branch_id },
    ...{ statementId: row.statement_id, month: firstDay(month), line: line.n, saleId: line.saleId },
    reason: `I sold ${line.reference} together with a colleague, and we had agreed on half each.`,
    expected: fromUnits(((toUnits(line.commission) * 5n) / 4n / 100n) * 100n),
    ...{ currency: line.currency, raisedAt: at, raisedBy: 'system', raisedByName: row.name ?? 'The agent' },
  });
  await tx.query(
    `INSERT INTO commissions.messages (id, dispute_id, at, author, author_name, body) VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      ...[demoId('dispute message'), id, new Date(at.getTime() + 3_600_000), 'system', 'Branch office'],
      'Thank you. We are asking the other agent and come back to you this week.',
    ],
  );
}
