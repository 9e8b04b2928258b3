/**
 * What changed about shares that a closed statement has settled already: lines of the difference.
 *
 * - amount changed: the difference, in the proportion in which the share was paid;
 * - product or currency changed: all of it back, and earned anew;
 * - cancelled: all of the basis back, and of the commission what the plan's schedule says;
 * - deleted, or no longer this agent's: all of it back.
 */
import type { PlanDefinition, StatementLine } from '../schema.ts';
import { fromUnits, plain, roundMoney, toUnits } from './decimals.ts';
import { dayAfterMonths } from './months.ts';
import { type ShareInput, type StatementInputs, share } from './statement-inputs.ts';

export type NewLine = Omit<StatementLine, 'n'>;

export interface Changes {
  lines: NewLine[];
  /** Shares that earn in this statement. */
  earning: { share: ShareInput; kind: 'sale' | 'late' }[];
}

export function settleChanges(inputs: StatementInputs): Changes {
  const lines: NewLine[] = [];
  const earning: Changes['earning'] = [];
  for (const each of inputs.shares) {
    const { settled } = each;
    const counted = each.state === 'counted';
    if (settled === null || settled.basis === '0.0000') {
      if (!counted) continue;
      const late = settled !== null || each.day.slice(0, 7) < inputs.month;
      earning.push({ share: each, kind: late ? 'late' : 'sale' });
    } else if (!counted) {
      lines.push(clawback(inputs, each));
    } else if (settled.productId !== each.productId || settled.currency !== each.currency) {
      const what = settled.productId === each.productId ? 'currency' : 'product';
      lines.push(
        back(inputs, each, 'correction', -toUnits(settled.basis), 100n, `The ${what} was corrected`),
      );
      earning.push({ share: each, kind: 'late' });
    } else if (settled.basis !== each.amount) {
      const difference = toUnits(each.amount) - toUnits(settled.basis);
      lines.push(back(inputs, each, 'correction', difference, 100n, 'The amount was corrected'));
    }
  }
  return { lines, earning };
}

function clawback(inputs: StatementInputs, each: ShareInput): NewLine {
  const basis = -toUnits(each.settled!.basis);
  if (each.state === 'deleted') return back(inputs, each, 'clawback', basis, 100n, 'The sale was deleted');
  if (each.state === 'moved')
    return back(inputs, each, 'clawback', basis, 100n, 'The sale went to another agent');
  const plan = inputs.plans.find(({ planId }) => planId === each.settled!.planId);
  const definition = plan?.versions.find(({ version }) => version === each.settled!.version)?.definition;
  const percent = clawbackPercent(definition, each.day, each.knownOn);
  const why = `Cancelled on ${each.knownOn}: ${plain(percent)} % goes back`;
  return back(inputs, each, 'clawback', basis, toUnits(percent), why, 1_000_000n);
}

/** What of the commission goes back when a sale of one day is cancelled on another; all where no plan says less. */
export function clawbackPercent(definition: PlanDefinition | undefined, sold: string, ended: string): string {
  if (!definition || definition.clawback.length === 0) return '100';
  const step = definition.clawback.find(({ months }) => ended < dayAfterMonths(sold, months));
  return step?.percent ?? '0';
}

/** @param part of the proportion that goes along, out of `whole` */
function back(
  { digits }: StatementInputs,
  each: ShareInput,
  kind: 'correction' | 'clawback',
  difference: bigint,
  part: bigint,
  why: string,
  whole = 100n,
): NewLine {
  const settled = each.settled!;
  const currency = settled.currency;
  // What the commission is in proportion to: less than the basis where only a part goes back.
  const applied = divideExactly(difference * part, whole);
  return {
    kind,
    ...share(each),
    currency,
    productId: settled.productId,
    basis: fromUnits(difference),
    applied: fromUnits(applied),
    planId: settled.planId,
    version: settled.version,
    ...{ tier: null, counter: null, rate: null, points: null, multiplier: null },
    of: { basis: settled.basis, commission: settled.commission },
    commission: fromUnits(
      roundMoney(toUnits(settled.commission) * applied, toUnits(settled.basis), digits[currency] ?? 2),
    ),
    why,
  };
}

/** Cut to ten-thousandths, which the line shows: what is multiplied is what stands there. */
function divideExactly(numerator: bigint, denominator: bigint): bigint {
  return numerator / denominator;
}
