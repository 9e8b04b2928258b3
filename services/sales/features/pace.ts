/** Progress and pace of a target over its business days. */
import type { TargetProgress } from '../schema.ts';
import { fromUnits, toUnits } from './decimals.ts';

/** Number of days from the first to the last, both counted. */
export function daysBetween(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
}

/**
 * How a target stands in one period.
 *
 * Expected is the share of the period's days that have begun by today, times the value; pace is what was
 * reached, in percent of that. An open-ended target has neither, nor has a period that has not begun.
 *
 * @param today business day in the organisation's zone
 */
export function standing(
  target: { value: string; measure: 'amount' | 'count' },
  period: { from: string; to: string | null; amount: string; sales: number },
  today: string,
): Omit<TargetProgress, 'reached'> {
  const value = toUnits(target.value);
  const progress = target.measure === 'count' ? BigInt(period.sales) * 10_000n : toUnits(period.amount);
  const days = period.to === null ? 0 : daysBetween(period.from, period.to);
  const begun = Math.min(days, Math.max(0, daysBetween(period.from, today)));
  const expected = begun === 0 ? null : (value * BigInt(begun)) / BigInt(days);
  return {
    periodFrom: period.from,
    periodTo: period.to,
    progress: fromUnits(progress),
    count: period.sales,
    percent: percentOf(progress, value),
    expected: expected === null ? null : fromUnits(expected),
    pace: expected === null || expected === 0n ? null : percentOf(progress, expected),
  };
}

/** Two decimals, rounded down: 99.99 % is not yet reached. */
function percentOf(part: bigint, whole: bigint): number {
  return Number((part * 10_000n) / whole) / 100;
}

/** The business day at an instant, in a zone. */
export function dayIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at);
}
