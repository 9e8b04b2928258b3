/**
 * Computes an agent's statement of a month: a pure function of its inputs, so that the same inputs give the
 * same lines, byte for byte, whenever and wherever they are computed again.
 *
 * 1. Every share earns in the month of its sale's day, or, where that is closed, later (see gather-inputs).
 * 2. Shares that a closed statement has settled and that have changed since get a line of the difference.
 * 3. Each earning share finds its plan; its plan's tiers and accelerators give the rate. A share that no plan
 *    covers has a line too, of nothing: so that the lines of a share always add up to its amount.
 * 4. Where whole-amount tiers count over a quarter or a year, the tier now reached holds for the window's
 *    earlier months too: a line for each of their shares that was paid at another rate.
 * 5. Decided disputes come last.
 *
 * Each line is rounded once, half-even, to the minor unit of its currency; sums are of rounded lines.
 */
import type { StatementLine, StatementTotal } from '../schema.ts';
import { accelerate, marginalParts, measured, type Part, rateOf, tierAt } from './apply-tiers.ts';
import { type ChosenPlan, choosePlan } from './choose-plan.ts';
import { fromUnits, roundMoney, toUnits } from './decimals.ts';
import { windowStart } from './months.ts';
import { type Changes, type NewLine, settleChanges } from './settle-changes.ts';
import { type ShareInput, type StatementInputs, share } from './statement-inputs.ts';

export function computeStatement(inputs: StatementInputs): StatementLine[] {
  const changes = settleChanges(inputs);
  const counters = new Counters(inputs, changes.lines);
  const lines = [
    ...changes.lines,
    ...earnings(inputs, changes.earning, counters),
    ...laterTiers(inputs, counters),
    ...inputs.adjustments.map(adjustment),
  ];
  return lines.map((line, index) => ({ n: index + 1, ...line }));
}

/** What was sold under each plan: in the window's earlier months, and in this one up to now. */
class Counters {
  readonly #inputs: StatementInputs;
  readonly #moved = new Map<string, { basis: bigint; sales: bigint }>();

  constructor(inputs: StatementInputs, changes: readonly NewLine[]) {
    this.#inputs = inputs;
    for (const line of changes) {
      const whole = line.of !== null && toUnits(line.basis) === -toUnits(line.of.basis);
      if (line.planId !== null) this.add(line.planId, toUnits(line.basis), whole ? -1n : 0n);
    }
  }

  add(planId: string, basis: bigint, sales: bigint): void {
    const moved = this.#moved.get(planId) ?? { basis: 0n, sales: 0n };
    this.#moved.set(planId, { basis: moved.basis + basis, sales: moved.sales + sales });
  }

  /** Where the plan's measure stands, in its window; never below zero. */
  at({ planId, definition }: Pick<ChosenPlan, 'planId' | 'definition'>): bigint {
    const start = windowStart(this.#inputs.month, definition.window);
    let { basis, sales } = this.#moved.get(planId) ?? { basis: 0n, sales: 0n };
    for (const each of this.#inputs.carried) {
      if (each.planId !== planId || each.month < start || each.month >= this.#inputs.month) continue;
      basis += toUnits(each.amount);
      sales += BigInt(each.count);
    }
    const counter = measured(definition, basis, sales);
    return counter < 0n ? 0n : counter;
  }
}

function earnings(inputs: StatementInputs, earning: Changes['earning'], counters: Counters): NewLine[] {
  const parted = earning.map(({ share: each, kind }) => {
    const plan = choosePlan(inputs.plans, { ...each, agentId: inputs.agentId });
    const basis = toUnits(each.amount);
    const before = plan ? counters.at(plan) : 0n;
    if (plan) counters.add(plan.planId, basis, 1n);
    return { each, kind, plan, basis, before };
  });
  // Now the counters stand where they stand at the month's end.
  return parted.flatMap(({ each, kind, plan, basis, before }): NewLine[] => {
    if (!plan) return [unplanned(each, kind)];
    const { definition } = plan;
    const end = counters.at(plan);
    const { points, multiplier } = accelerate(definition, inputs, end);
    const tier = tierAt(definition, end);
    const parts: Part[] =
      definition.mode === 'whole'
        ? [{ tier, rate: rateOf(definition, tier), applied: basis, counter: [before, end] }]
        : marginalParts(definition, basis, before);
    return parts.map((part) => ({
      kind,
      ...share(each),
      currency: each.currency,
      productId: each.productId,
      basis: fromUnits(part.applied),
      ...earned(inputs, each.currency, part.applied, part.rate, points, multiplier),
      ...{ planId: plan.planId, version: plan.version, tier: part.tier },
      counter: [fromUnits(part.counter[0]), fromUnits(part.counter[1])] as [string, string],
      ...{ of: null, why: null },
    }));
  });
}

/** `applied` × (`rate` + `points`) % × `multiplier`. */
function earned(
  { digits }: StatementInputs,
  currency: string,
  applied: bigint,
  rate: bigint,
  points: bigint,
  multiplier: bigint,
) {
  // Rate in ten-thousandths of a percent, factor in ten-thousandths.
  const exact = applied * (rate + points) * multiplier;
  return {
    applied: fromUnits(applied),
    rate: fromUnits(rate),
    points: fromUnits(points),
    multiplier: fromUnits(multiplier),
    commission: fromUnits(roundMoney(exact, 1_000_000n * 10_000n, digits[currency] ?? 2)),
  };
}

function unplanned(each: ShareInput, kind: 'sale' | 'late') {
  return {
    kind,
    ...share(each),
    ...{ currency: each.currency, productId: each.productId, basis: each.amount, applied: each.amount },
    ...{ planId: null, version: null, tier: null, counter: null },
    ...{ rate: null, points: null, multiplier: null, of: null },
    commission: '0.0000',
    why: 'No plan covers this sale',
  };
}

function laterTiers(inputs: StatementInputs, counters: Counters): NewLine[] {
  const changed = new Map(inputs.shares.map((each) => [each.saleId, each]));
  return inputs.earlier.flatMap((each): NewLine[] => {
    const plan = inputs.plans.find(({ planId }) => planId === each.planId);
    const definition = plan?.versions.find(({ version }) => version === each.version)?.definition;
    if (definition?.mode !== 'whole' || each.month < windowStart(inputs.month, definition.window)) return [];
    const now = changed.get(each.saleId);
    // What goes back in this very statement goes back at the rate it was paid at.
    if (
      now &&
      (now.state !== 'counted' || now.productId !== each.productId || now.currency !== each.currency)
    )
      return [];
    const counter = counters.at({ planId: each.planId, definition });
    const tier = tierAt(definition, counter);
    const rate = rateOf(definition, tier) - toUnits(each.rate);
    if (rate === 0n) return [];
    const applied = toUnits(now?.amount ?? each.basis);
    return [
      {
        kind: 'tier',
        ...share(each),
        ...{ currency: each.currency, productId: each.productId, basis: '0.0000' },
        ...earned(inputs, each.currency, applied, rate, 0n, toUnits(each.multiplier)),
        ...{ planId: each.planId, version: each.version, tier },
        counter: [fromUnits(counter), fromUnits(counter)],
        of: null,
        why: `Settled in ${each.month} at another tier’s rate`,
      },
    ];
  });
}

function adjustment(each: StatementInputs['adjustments'][number]): NewLine {
  return {
    kind: 'adjustment',
    ...{ saleId: each.saleId, reference: each.reference, day: each.day, share: null, productId: null },
    ...{ currency: each.currency, basis: '0.0000', applied: '0.0000', planId: null, version: null },
    ...{ tier: null, counter: null, rate: null, points: null, multiplier: null, of: null },
    commission: each.amount,
    why: each.reason,
  };
}

/** The sums of a statement's lines, per currency in the order of the alphabet. */
export function sumUp(lines: readonly StatementLine[]): StatementTotal[] {
  const currencies = [...new Set(lines.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const own = lines.filter((line) => line.currency === currency);
    const sum = (of: 'basis' | 'commission', ...kinds: StatementLine['kind'][]) =>
      fromUnits(
        own
          .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
          .reduce((total, line) => total + toUnits(line[of]), 0n),
      );
    return {
      currency,
      sold: sum('basis', 'sale', 'late'),
      basis: sum('basis'),
      earned: sum('commission', 'sale', 'late'),
      clawedBack: sum('commission', 'correction', 'clawback'),
      adjusted: sum('commission', 'tier', 'adjustment'),
      commission: sum('commission'),
      lines: own.length,
    };
  });
}
