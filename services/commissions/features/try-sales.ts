/** What if an agent sold so much more of a product this month: own figures, computed once more. Nothing is written. */
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { StatementLine } from '../schema.ts';
import { computeAgent } from './compute-agent.ts';
import { sumUp } from './compute-statement.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { type AgentInputs, gatherInputs } from './gather-inputs.ts';
import { dayIn, monthOf } from './months.ts';
import { readPlans } from './read-plans.ts';

export const trySales: Handler<typeof commissionsApi.trySales> = async ({ body, principal }, context) => {
  const agentId = body.agentId ?? principal.agentId;
  if (!agentId)
    throw commissionsError('agent_missing', { faults: [{ at: '/agentId', message: 'Choose one.' }] });
  const product = await context.db.query<{ type: string }>(
    'SELECT type FROM commissions.known_products WHERE id = $1',
    [body.productId],
  );
  const type = product.rows[0]?.type;
  if (type === undefined)
    throw commissionsError('product_unknown', { faults: [{ at: '/productId', message: 'Choose one.' }] });
  const { zone } = await context.organisation();
  const now = context.clock.now();
  const today = dayIn(zone, now);
  const month = monthOf(today);
  const reached = await context.db.query('SELECT FROM commissions.known_agents WHERE id = $1', [agentId]);
  if (!reached.rowCount)
    throw commissionsError('agent_missing', {
      faults: [{ at: '/agentId', message: 'Choose one of yours.' }],
    });
  // The agent is within reach; what its figures are computed from may lie in branches of before.
  const plans = await readPlans(context.system);
  const [agent] = await gatherInputs(context.system, [agentId], today, plans);
  const linesOf = (inputs: AgentInputs) =>
    computeAgent(inputs).find((each) => each.month === month)?.lines ?? [];
  const before = agent ? linesOf(agent) : [];
  const added = Array.from({ length: body.sales }, (_, index) => ({
    saleId: `what-if-${String(index).padStart(4, '0')}`,
    ...{ reference: 'What if', day: today, soldAt: now.toISOString(), productId: body.productId },
    ...{ productType: type, teamId: agent?.teamId ?? null, branchId: agent?.branchId ?? '' },
    ...{ currency: body.currency, percent: '100.0000', amount: fromUnits(toUnits(body.amount)) },
    ...{ state: 'counted' as const, knownOn: today, settled: null },
  }));
  const after = agent ? linesOf({ ...agent, shares: [...agent.shares, ...added] }) : [];
  return {
    status: 200,
    body: {
      month,
      before: sumUp(before),
      after: sumUp(after),
      more: fromUnits(total(after, body.currency) - total(before, body.currency)),
      lines: after.filter(({ saleId }) => saleId?.startsWith('what-if-')),
      plans: Object.fromEntries(plans.map(({ planId, name }) => [planId, name])),
    },
  };
};

function total(lines: readonly StatementLine[], currency: string): bigint {
  return lines
    .filter((line) => line.currency === currency)
    .reduce((sum, { commission }) => sum + toUnits(commission), 0n);
}
