/**
 * What if a plan were another: a month's statements computed once more with a draft in its place, on the same
 * sales. Nothing is written.
 *
 * A closed statement is computed from the inputs it was closed with; what its shares were settled at before
 * stays. The draft holds on every day of the month, whatever the plan's own days are.
 */
import type { Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import { commissionsError } from '../errors.ts';
import type { PlanDefinition, StatementLine } from '../schema.ts';
import type { PlanInput } from './choose-plan.ts';
import { computeAgent } from './compute-agent.ts';
import { computeStatement } from './compute-statement.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { gatherInputs } from './gather-inputs.ts';
import { faultsOf } from './judge-plan.ts';
import { dayIn, firstDay } from './months.ts';
import type { StatementInputs } from './statement-inputs.ts';

const DRAFT = '00000000-0000-7000-8000-00000000d4af';

export const tryPlan: Handler<typeof commissionsApi.tryPlan> = async ({ body }, context) => {
  const { month, planId, definition } = body;
  const faults = faultsOf(definition);
  if (faults.length > 0) throw commissionsError('plan_impossible', { faults });
  if (planId !== null) {
    const known = await context.db.query('SELECT FROM commissions.plans WHERE id = $1', [planId]);
    if (!known.rowCount) throw commissionsError('plan_unknown');
  }
  const { zone } = await context.organisation();
  const all = await readInputs(context.db, month, dayIn(zone, context.clock.now()));
  const names = await readNames(context.db);
  const company = new Sums();
  const branches = new Map<string, Sums>();
  const agents = new Map<string, Sums>();
  for (const inputs of all) {
    const changed = { ...inputs, plans: withDraft(inputs.plans, planId, definition) };
    const actual = computeStatement(inputs);
    const draft = computeStatement(changed);
    for (const sums of [company, sumsAt(branches, inputs.branchId), sumsAt(agents, inputs.agentId)])
      sums.add(actual, draft);
  }
  return {
    status: 200,
    body: {
      month,
      company: company.rows(),
      branches: [...branches].flatMap(([branchId, sums]) =>
        sums.rows().map((row) => ({ ...row, branchId, name: names.branches.get(branchId) ?? null })),
      ),
      agents: [...agents]
        .flatMap(([agentId, sums]) =>
          sums.rows().map((row) => ({
            ...row,
            agentId,
            code: names.agents.get(agentId)?.code ?? '',
            name: names.agents.get(agentId)?.name ?? null,
          })),
        )
        .sort((one, other) => (one.code < other.code ? -1 : 1)),
    },
  };
};

/** The inputs of every statement of a month: of closed ones as they were, of open ones as they are. */
async function readInputs(db: Queryable, month: string, today: string): Promise<StatementInputs[]> {
  const found = await db.query<{ agent_id: string; inputs: string | null }>(
    'SELECT agent_id, inputs FROM commissions.statements WHERE month = $1 ORDER BY agent_id',
    [firstDay(month)],
  );
  const open = found.rows.filter(({ inputs }) => inputs === null).map((row) => row.agent_id);
  const gathered = await gatherInputs(db, open, today);
  return [
    ...found.rows.flatMap(({ inputs }) => (inputs === null ? [] : [JSON.parse(inputs) as StatementInputs])),
    ...gathered.flatMap((agent) =>
      computeAgent(agent)
        .filter((each) => each.month === month)
        .map(({ inputs }) => inputs),
    ),
  ];
}

/**
 * The draft in the place of the plan. Its version stays the one that settled lines speak of, so that clawbacks go by
 * what was agreed when the sale was paid.
 */
export function withDraft(
  plans: readonly PlanInput[],
  planId: string | null,
  definition: PlanDefinition,
): PlanInput[] {
  const replaced = plans.find((plan) => plan.planId === planId);
  const versions = [
    ...(replaced?.versions ?? []),
    { version: Number.MAX_SAFE_INTEGER, from: '0001-01-01', definition },
  ];
  const draft = { planId: planId ?? DRAFT, from: '0001-01-01', to: null, versions };
  return [...plans.filter((plan) => plan !== replaced), draft];
}

class Sums {
  readonly #sums = new Map<string, { actual: bigint; draft: bigint }>();

  add(actual: readonly StatementLine[], draft: readonly StatementLine[]): void {
    for (const [which, lines] of [
      ['actual', actual],
      ['draft', draft],
    ] as const)
      for (const { currency, commission } of lines) {
        const sum = this.#sums.get(currency) ?? { actual: 0n, draft: 0n };
        sum[which] += toUnits(commission);
        this.#sums.set(currency, sum);
      }
  }

  rows(): { currency: string; actual: string; draft: string }[] {
    return [...this.#sums]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, { actual, draft }]) => ({
        currency,
        actual: fromUnits(actual),
        draft: fromUnits(draft),
      }));
  }
}

function sumsAt(all: Map<string, Sums>, key: string): Sums {
  const sums = all.get(key) ?? new Sums();
  all.set(key, sums);
  return sums;
}

async function readNames(db: Queryable) {
  const agents = await db.query<{ id: string; code: string; name: string | null }>(
    'SELECT id, code, name FROM commissions.known_agents',
  );
  const branches = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM commissions.known_branches',
  );
  return {
    agents: new Map(agents.rows.map((row) => [row.id, row])),
    branches: new Map(branches.rows.map((row) => [row.id, row.name])),
  };
}
