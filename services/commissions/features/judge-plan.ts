/** Whether a plan can be computed with; what its shape alone cannot tell. */
import type { Fault } from '@moonbase/http';
import type { PlanDefinition } from '../schema.ts';
import { toUnits } from './decimals.ts';

/** @param at pointer of the definition, as `/definition`. @returns nothing where all is well */
export function faultsOf(definition: PlanDefinition, at = '/definition'): Fault[] {
  const { currency, everything, products, types, assigned, measure, tiers, accelerators, clawback } =
    definition;
  const faults: Fault[] = [];
  const fault = (place: string, message: string) => faults.push({ at: `${at}${place}`, message });
  if (!everything && products.length === 0 && types.length === 0)
    fault('/products', 'Choose products or types, or everything.');
  for (const [index, { kind, id }] of assigned.entries())
    if ((kind === 'all') !== (id === null))
      fault(`/assigned/${index}/id`, 'Everyone needs no id; others do.');
  for (const [index, { from, rate }] of tiers.entries()) {
    const before = tiers[index - 1];
    if (index === 0 && toUnits(from) !== 0n) fault('/tiers/0/from', 'The first tier begins at 0.');
    if (before && toUnits(from) <= toUnits(before.from))
      fault(`/tiers/${index}/from`, 'Each tier begins above the one before.');
    if (measure === 'count' && toUnits(from) % 10_000n !== 0n)
      fault(`/tiers/${index}/from`, 'Sales are counted in whole numbers.');
    if (toUnits(rate) > 1_000_000n) fault(`/tiers/${index}/rate`, 'At most 100 percent.');
  }
  for (const [index, { at: level, points, multiplier }] of accelerators.entries()) {
    if (toUnits(level) === 0n) fault(`/accelerators/${index}/at`, 'Something above 0.');
    if (toUnits(points) === 0n && toUnits(multiplier) === 10_000n)
      fault(`/accelerators/${index}/multiplier`, 'Points above 0, or a factor other than 1.');
  }
  for (const [index, { months, percent }] of clawback.entries()) {
    if (index > 0 && months <= clawback[index - 1]!.months)
      fault(`/clawback/${index}/months`, 'Each step lasts longer than the one before.');
    if (toUnits(percent) > 1_000_000n) fault(`/clawback/${index}/percent`, 'At most 100 percent.');
  }
  const amounts =
    (measure === 'amount' && tiers.length > 1) ||
    (measure === 'amount' && accelerators.some(({ when }) => when === 'volume'));
  if (amounts && currency === null) fault('/currency', 'Amounts of tiers and volumes need a currency.');
  return faults;
}
