/**
 * Tiers and accelerators of one plan's version.
 *
 * A counter stands for what the agent has sold under the plan in its window (month, quarter or year), as an
 * amount or a number, in ten-thousandths. `marginal`: what lies between two tiers earns the lower one's rate, and
 * a sale that crosses a tier is parted there. `whole`: everything earns the rate of the tier that the counter has
 * reached by the month's end.
 */
import type { PlanDefinition } from '../schema.ts';
import { toUnits } from './decimals.ts';
import { firstDay, lastDay } from './months.ts';
import type { StatementInputs } from './statement-inputs.ts';

export interface Part {
  /** From 1. */
  tier: number;
  rate: bigint;
  applied: bigint;
  counter: [bigint, bigint];
}

/** One sale's measure, in ten-thousandths: a number counts 1. */
export const measured = ({ measure }: PlanDefinition, basis: bigint, sales: bigint) =>
  measure === 'amount' ? basis : sales * 10_000n;

/** The tier whose part a counter is in; a counter below zero is in the first. */
export function tierAt({ tiers }: PlanDefinition, counter: bigint): number {
  const at = tiers.findLastIndex(({ from }) => toUnits(from) <= counter);
  return Math.max(0, at) + 1;
}

export const rateOf = ({ tiers }: PlanDefinition, tier: number) => toUnits(tiers[tier - 1]!.rate);

/** Parts a basis by the tiers it falls into, beginning where the counter stands. */
export function marginalParts(definition: PlanDefinition, basis: bigint, before: bigint): Part[] {
  if (definition.measure === 'count') {
    const tier = tierAt(definition, before);
    return [{ tier, rate: rateOf(definition, tier), applied: basis, counter: [before, before + 10_000n] }];
  }
  const parts: Part[] = [];
  let at = before;
  let rest = basis;
  while (rest > 0n) {
    const tier = tierAt(definition, at);
    const next = definition.tiers[tier];
    const end = next && toUnits(next.from) < at + rest ? toUnits(next.from) : at + rest;
    const applied = end - at;
    parts.push({ tier, rate: rateOf(definition, tier), applied, counter: [at, at + applied] });
    at += applied;
    rest -= applied;
  }
  return parts;
}

/** What accelerators add: percentage points and a factor, in ten-thousandths; all that are reached add up. */
export function accelerate(
  { accelerators }: PlanDefinition,
  inputs: StatementInputs,
  counter: bigint,
): { points: bigint; multiplier: bigint } {
  let points = 0n;
  // Factors are multiplied exactly and cut to four decimals, which is what the line shows.
  let multiplier = 10_000n;
  for (const each of accelerators) {
    const reached =
      each.when === 'volume' ? counter >= toUnits(each.at) : targetReached(inputs, each.of, toUnits(each.at));
    if (!reached) continue;
    points += toUnits(each.points);
    multiplier = (multiplier * toUnits(each.multiplier)) / 10_000n;
  }
  return { points, multiplier };
}

/** Whether by the month's end a target of a period that touches the month had been reached so far. */
function targetReached(
  { reached, month, agentId, teamId, branchId }: StatementInputs,
  of: 'agent' | 'team' | 'branch' | 'company',
  percent: bigint,
): boolean {
  const own = { agent: agentId, team: teamId, branch: branchId, company: null };
  return reached.some(
    (each) =>
      each.kind === of &&
      (of === 'company' || each.subjectId === own[of]) &&
      toUnits(each.threshold) >= percent &&
      each.day <= lastDay(month) &&
      each.from <= lastDay(month) &&
      (each.to === null || each.to >= firstDay(month)),
  );
}
