/** Periods as a key that fits into an address: `last-7-days` moves with the day, `2026-01-01..2026-01-31` stays. */

export const presets = [
  ['today', 'Today'],
  ['yesterday', 'Yesterday'],
  ['last-7-days', 'Last 7 days'],
  ['last-30-days', 'Last 30 days'],
  ['this-month', 'This month'],
  ['last-month', 'Last month'],
  ['last-3-months', 'Last 3 months'],
  ['last-6-months', 'Last 6 months'],
  ['this-quarter', 'This quarter'],
  ['last-quarter', 'Last quarter'],
  ['this-year', 'This year'],
  ['last-year', 'Last year'],
  ['all', 'All time'],
] as const;

export type PeriodPreset = (typeof presets)[number][0];
export type PeriodKey = PeriodPreset | `${string}..${string}`;

export interface Days {
  /** First day, `YYYY-MM-DD`; undefined for all time. */
  from: string | undefined;
  /** Last day, inclusive. */
  to: string | undefined;
}

export interface Period extends Days {
  key: PeriodKey;
  label: string;
  /** As many days before it, or the month, quarter or year before, to compare with. */
  before: Days;
}

/** Today in a zone, `YYYY-MM-DD`. */
export function todayIn(zone: string, now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now);
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return iso(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The first day of the month so many months after the day's. */
function monthOf(day: string, months = 0): string {
  return iso(new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)));
}

/** Whole months: `count` of them, the first so many after the day's. */
function months(day: string, first: number, count: number): Days {
  return { from: monthOf(day, first), to: addDays(monthOf(day, first + count), -1) };
}

function lastDays(to: string, count: number): Days {
  return { from: addDays(to, 1 - count), to };
}

/** The period of a key, or of the fallback where the key is none. */
export function periodOf(
  key: string | undefined,
  fallback: PeriodKey,
  zone: string,
  now: Date = new Date(),
): Period {
  const today = todayIn(zone, now);
  const found = resolve(key, today) ?? resolve(fallback, today);
  if (!found) throw new Error(`«${fallback}» is not a period.`);
  return found;
}

function resolve(key: string | undefined, today: string): Period | undefined {
  const range = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(key ?? '');
  if (range) return between(range[1]!, range[2]!);
  const preset = presets.find(([each]) => each === key);
  if (!preset) return undefined;
  const [days, before] = daysOf(preset[0], today);
  return { key: preset[0], label: preset[1], ...days, before };
}

function between(from: string, to: string): Period | undefined {
  const length = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  if (!(length > 0)) return undefined;
  const before = { from: addDays(from, -length), to: addDays(from, -1) };
  return { key: `${from}..${to}`, label: `${from} – ${to}`, from, to, before };
}

function daysOf(preset: PeriodPreset, today: string): [Days, Days] {
  const quarter = -((Number(today.slice(5, 7)) - 1) % 3);
  const january = 1 - Number(today.slice(5, 7));
  const rolling = (to: string, count: number): [Days, Days] => [
    lastDays(to, count),
    lastDays(addDays(to, -count), count),
  ];
  const whole = (first: number, count: number): [Days, Days] => [
    months(today, first, count),
    months(today, first - count, count),
  ];
  switch (preset) {
    case 'today':
      return rolling(today, 1);
    case 'yesterday':
      return rolling(addDays(today, -1), 1);
    case 'last-7-days':
      return rolling(today, 7);
    case 'last-30-days':
      return rolling(today, 30);
    case 'this-month':
      return whole(0, 1);
    case 'last-month':
      return whole(-1, 1);
    case 'last-3-months':
      return whole(-2, 3);
    case 'last-6-months':
      return whole(-5, 6);
    case 'this-quarter':
      return whole(quarter, 3);
    case 'last-quarter':
      return whole(quarter - 3, 3);
    case 'this-year':
      return whole(january, 12);
    case 'last-year':
      return whole(january - 12, 12);
    case 'all': {
      const none = { from: undefined, to: undefined };
      return [none, none];
    }
  }
}
