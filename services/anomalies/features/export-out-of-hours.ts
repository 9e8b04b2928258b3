/**
 * An export outside business hours, at an hour that is not this person's habit.
 *
 * Rule: within business hours nothing is unusual. Outside, the score is how surprising the hour is in bits:
 * the share of the person's exports within an hour of it, on the same kind of day, leaned on a prior of one in
 * twenty that weighs as much as five exports. Somebody who always exports at night is not told of every night.
 */

export interface BusinessHours {
  from: number;
  to: number;
  days: readonly number[];
}

const [PRIOR, WEIGHT] = [0.05, 5];
/** Old habits fade: from so many exports on, all hours are halved. */
const MOST = 400;

/** Monday is 1. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** Where the hour stands among the 48: working days first. */
function placeOf(hour: number, works: boolean): number {
  return works ? hour : 24 + hour;
}

/** @param hours how many exports there were at each hour of working and of free days */
export function judgeHour(
  at: { day: string; hour: number },
  business: BusinessHours,
  hours: readonly number[],
): { score: number; near: number; all: number } | undefined {
  const works = business.days.includes(weekdayOf(at.day));
  if (works && at.hour >= business.from && at.hour < business.to) return undefined;
  const near = [-1, 0, 1].reduce(
    (sum, by) => sum + (hours[placeOf((at.hour + by + 24) % 24, works)] ?? 0),
    0,
  );
  const all = hours.reduce((sum, count) => sum + count, 0);
  return { score: -Math.log2((near + PRIOR * WEIGHT) / (all + WEIGHT)), near, all };
}

/** The hours with one more export. */
export function withExport(
  hours: readonly number[],
  at: { day: string; hour: number },
  business: BusinessHours,
): number[] {
  const place = placeOf(at.hour, business.days.includes(weekdayOf(at.day)));
  const moved = Array.from({ length: 48 }, (_, index) => (hours[index] ?? 0) + (index === place ? 1 : 0));
  const all = moved.reduce((sum, count) => sum + count, 0);
  return all > MOST ? moved.map((count) => Math.floor(count / 2)) : moved;
}
