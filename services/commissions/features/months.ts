/** Months as `YYYY-MM`, days as `YYYY-MM-DD`: text that sorts as it should. */
import type { Window } from '../schema.ts';

export const monthOf = (day: string) => day.slice(0, 7);
export const firstDay = (month: string) => `${month}-01`;

/** The month that many months later. */
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export function lastDay(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')}`;
}

/** The same day that many months later, or the last one of a shorter month. */
export function dayAfterMonths(day: string, months: number): string {
  const month = addMonths(monthOf(day), months);
  const same = `${month}-${day.slice(8)}`;
  const last = lastDay(month);
  return same < last ? same : last;
}

/** First month of the month, quarter or year that a month is in. */
export function windowStart(month: string, window: Window): string {
  if (window === 'month') return month;
  if (window === 'year') return `${month.slice(0, 4)}-01`;
  const quarter = Math.floor((Number(month.slice(5)) - 1) / 3);
  return `${month.slice(0, 4)}-${String(quarter * 3 + 1).padStart(2, '0')}`;
}

/** From the first to the last, both counted; none when the last is before the first. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** The business day at an instant, in a zone. */
export function dayIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at);
}
