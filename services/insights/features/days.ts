/** Business days, `YYYY-MM-DD`. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that an instant falls on in a zone. */
export function dayIn(zone: string, at: Date): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    formats.set(zone, format);
  }
  return format.format(at);
}

export function addDays(day: string, count: number): string {
  return iso(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000);
}

/** The first day of the month so many months after the day's. */
export function monthOf(day: string, count = 0): string {
  return iso(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + count, 1));
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** How far a question looks back when nobody says: so many days or months, or everything. */
export type DefaultPeriod =
  | 'all'
  | { days: number }
  /** The last being this month, or, `whole`, the one before. */
  | { months: number; whole?: boolean };

export interface Days {
  from: string;
  to: string;
}

/** First and last day that a business can have. */
export const ALWAYS: Days = { from: '1900-01-01', to: '2999-12-31' };

export function periodOf(period: DefaultPeriod, today: string): Days {
  if (period === 'all') return ALWAYS;
  if ('days' in period) return { from: addDays(today, 1 - period.days), to: today };
  const last = period.whole ? -1 : 0;
  return { from: monthOf(today, last - period.months + 1), to: addDays(monthOf(today, last + 1), -1) };
}
