/**
 * Many cancellations on one day, of an agent or across a branch.
 *
 * Rule: the day's count against the subject's own rate over the last ninety days, as random counts scatter; the
 * rate is leaned on a prior of a month, so that somebody who never had one is not surprising by the first, and
 * there is an absolute floor. Nothing is said in the first two weeks in which cancellations are seen at all (as
 * after an import). For a branch at most two of each agent count: one agent's burst is that agent's alone.
 */
import type { DayCounts } from './day-counts.ts';
import { ofCount } from './robust-statistics.ts';
import type { Surprise } from './unusual-amount.ts';
import { writeDay } from './write-words.ts';

export const WATCHED_LEAST = 14;
/** Of one agent on one day, for the branch. */
export const COUNTED_PER_AGENT = 2;
const DAYS = 90;
const PRIOR_DAYS = 30;

const subjects = {
  agent: { least: 4, prior: 0.03 },
  branch: { least: 6, prior: 0.15 },
} as const;

/** @param since the first day on which a cancellation was seen anywhere */
export function judgeCancellations(
  whose: 'agent' | 'branch',
  counts: DayCounts,
  day: string,
  since: string,
): Surprise | undefined {
  const { least, prior } = subjects[whose];
  const count = counts.on(day);
  if (count < least) return undefined;
  const history = counts.before(day, DAYS, since);
  if (history.length < WATCHED_LEAST) return undefined;
  const before = history.reduce((sum, each) => sum + each.count, 0);
  const rate = (before + prior * PRIOR_DAYS) / (history.length + PRIOR_DAYS);
  const rest =
    before === 0
      ? `there was none in the ${history.length} days before`
      : `there were ${before} in the ${history.length} days before`;
  return {
    score: ofCount(count) - ofCount(rate),
    reason:
      whose === 'agent'
        ? `${count} sales of the agent were cancelled on ${writeDay(day)}; ${rest}.`
        : `${count} sales of several agents of the branch were cancelled on ${writeDay(day)}; ${rest}.`,
    evidence: {
      measure: 'count',
      currency: null,
      usual: rate.toFixed(2),
      value: String(count),
      whose,
      history: history.slice(-40).map(({ at, count: each }) => ({ at, value: String(each) })),
    },
  };
}
