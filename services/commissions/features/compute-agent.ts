/** Computes the open months of an agent one after the other: what one has counted, the next one goes on from. */
import { createHash } from 'node:crypto';
import type { StatementLine } from '../schema.ts';
import { computeStatement } from './compute-statement.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { type AgentInputs, inputsOf, later, monthFor } from './gather-inputs.ts';
import { monthOf, monthsBetween } from './months.ts';
import type { EarlierShare, StatementInputs } from './statement-inputs.ts';

export interface ComputedStatement {
  month: string;
  inputs: StatementInputs;
  lines: StatementLine[];
}

/** @returns a statement for each open month that has lines */
export function computeAgent(agent: AgentInputs): ComputedStatement[] {
  const months = [
    ...agent.shares.map((share) =>
      monthFor(agent, monthOf(share.day), monthOf(share.knownOn), share.settled !== null),
    ),
    ...agent.adjustments.map(({ day }) => later(agent.firstOpen, monthOf(day))),
  ].sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const before: { carried: StatementInputs['carried'][number][]; earlier: readonly EarlierShare[] } = {
    carried: [],
    earlier: agent.earlier,
  };
  const computed: ComputedStatement[] = [];
  for (const month of monthsBetween(first, last)) {
    const inputs = inputsOf(agent, month, before);
    const lines = computeStatement(inputs);
    before.carried.push(...carriedOf(month, lines));
    before.earlier = [...raised(before.earlier, lines), ...earlierOf(inputs, lines)];
    if (lines.length > 0) computed.push({ month, inputs, lines });
  }
  return computed;
}

/** SHA-256 of lines: statements with the same digest have the same lines. */
export function digestOf(lines: readonly StatementLine[]): string {
  return createHash('sha256')
    .update(lines.map((line) => JSON.stringify(line)).join('\n'))
    .digest('hex');
}

/** Sales that each line adds to its plan's counter: a sale in several parts counts once. */
export function countsOf(lines: readonly StatementLine[]): number[] {
  const seen = new Set<string | null>();
  return lines.map(({ kind, saleId, basis, of }) => {
    if (kind === 'correction' || kind === 'clawback')
      return of !== null && toUnits(basis) === -toUnits(of.basis) ? -1 : 0;
    if ((kind !== 'sale' && kind !== 'late') || seen.has(saleId)) return 0;
    seen.add(saleId);
    return 1;
  });
}

function carriedOf(month: string, lines: readonly StatementLine[]): StatementInputs['carried'][number][] {
  const counts = countsOf(lines);
  const sums = new Map<string, { amount: bigint; count: number }>();
  for (const [index, { planId, basis }] of lines.entries()) {
    if (planId === null) continue;
    const sum = sums.get(planId) ?? { amount: 0n, count: 0 };
    sums.set(planId, { amount: sum.amount + toUnits(basis), count: sum.count + counts[index]! });
  }
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([planId, { amount, count }]) => ({ planId, month, amount: fromUnits(amount), count }));
}

/** Whether a later tier may change what a line was paid at. */
export function mayRise(inputs: Pick<StatementInputs, 'plans'>, line: StatementLine): boolean {
  if (line.kind !== 'sale' && line.kind !== 'late') return false;
  const plan = inputs.plans.find(({ planId }) => planId === line.planId);
  const definition = plan?.versions.find(({ version }) => version === line.version)?.definition;
  return definition?.mode === 'whole' && definition.window !== 'month';
}

function earlierOf(inputs: StatementInputs, lines: readonly StatementLine[]): EarlierShare[] {
  return lines
    .filter((line) => mayRise(inputs, line))
    .map((line) => ({
      ...{ saleId: line.saleId!, reference: line.reference!, day: line.day, month: inputs.month },
      ...{ productId: line.productId!, percent: line.share!, currency: line.currency, basis: line.basis },
      ...{ planId: line.planId!, version: line.version!, rate: line.rate!, multiplier: line.multiplier! },
    }));
}

/** What an open month has brought to earlier ones, or taken back, is not brought or taken again by the next. */
function raised(earlier: readonly EarlierShare[], lines: readonly StatementLine[]): EarlierShare[] {
  const tiers = new Map(
    lines.flatMap((line) => (line.kind === 'tier' ? [[line.saleId, line] as const] : [])),
  );
  const settled = new Map<string | null, bigint>();
  for (const { kind, saleId, basis } of lines)
    if (kind === 'correction' || kind === 'clawback')
      settled.set(saleId, (settled.get(saleId) ?? 0n) + toUnits(basis));
  return earlier.flatMap((each) => {
    const basis = toUnits(each.basis) + (settled.get(each.saleId) ?? 0n);
    const rate = toUnits(each.rate) + toUnits(tiers.get(each.saleId)?.rate ?? '0');
    // Nothing is left of it; or it earns anew, and is among the lines of this month.
    return basis === 0n ? [] : [{ ...each, basis: fromUnits(basis), rate: fromUnits(rate) }];
  });
}
