/** What a plan says, in words. */
import type { Formats } from '@moonbase/ui';
import type { PlanDefinition } from '../schema.ts';
import { plain } from './exact.ts';
import { exactly, percent } from './words.ts';

export const windowWords = { month: 'month', quarter: 'quarter', year: 'year' } as const;

/** What it covers: `Life, Health`, `Everything`. */
export function coverage(definition: PlanDefinition, products: ReadonlyMap<string, string>): string {
  if (definition.everything) return 'Everything';
  return (
    [...definition.types, ...definition.products.map((id) => products.get(id) ?? 'a product')].join(', ') ||
    '–'
  );
}

/** Who earns by it. */
export function assignedTo({ assigned }: PlanDefinition): string {
  if (assigned.some(({ kind }) => kind === 'all')) return 'Everyone';
  const count = (kind: string, one: string, many: string) => {
    const number = assigned.filter((each) => each.kind === kind).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  return [
    ...count('branch', 'branch', 'branches'),
    ...count('team', 'team', 'teams'),
    ...count('agent', 'agent', 'agents'),
  ].join(', ');
}

/** `4 % to 5.25 %, whole amount over the quarter` */
export function tierWords(definition: PlanDefinition, formats: Formats): string {
  const { tiers, mode, window, measure } = definition;
  const rates = tiers.map(({ rate }) => percent(rate, formats));
  if (rates.length === 1) return rates[0]!;
  const way = mode === 'whole' ? 'whole amount' : 'marginal';
  return `${rates[0]} to ${rates.at(-1)}, ${way}, by ${measure === 'count' ? 'number' : 'amount'} in the ${windowWords[window]}`;
}

/** Where a tier begins, as an amount or a number. */
export function tierFrom(from: string, { measure, currency }: PlanDefinition, formats: Formats): string {
  return measure === 'amount' && currency ? formats.money(from, currency) : exactly(from, formats);
}

export function acceleratorWords(
  each: PlanDefinition['accelerators'][number],
  definition: PlanDefinition,
  formats: Formats,
): string {
  const when =
    each.when === 'target'
      ? `a target of the ${each.of} reaches ${percent(each.at, formats)}`
      : `${tierFrom(each.at, definition, formats)} are reached in the ${windowWords[definition.window]}`;
  const what = [
    ...(plain(each.points) === '0' ? [] : [`+ ${percent(each.points, formats)}`]),
    ...(plain(each.multiplier) === '1' ? [] : [`× ${exactly(each.multiplier, formats)}`]),
  ];
  return `${what.join(', ')} once ${when}`;
}

export function clawbackWords({ clawback }: PlanDefinition, formats: Formats): string {
  if (clawback.length === 0) return 'All of it, always';
  return [
    ...clawback.map(({ months, percent: part }) => `${percent(part, formats)} within ${months} months`),
    'nothing after',
  ].join(', ');
}
