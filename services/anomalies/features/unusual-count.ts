/**
 * More sales of one agent on a day than the agent's own days let expect.
 *
 * Rule: the day's count against the trimmed mean of the last sixty days, both on the scale on which random
 * counts have the spread 1, in units of the history's own median spread where that is wider. Under twenty days
 * of history, or under `LEAST` sales, nothing is said.
 */
import type { DayCounts } from './day-counts.ts';
import { medianSpread, ofCount, trimmedMean } from './robust-statistics.ts';
import type { Surprise } from './unusual-amount.ts';
import { writeDay, writeRate } from './write-words.ts';

export const DAYS_LEAST = 20;
const DAYS = 60;
const LEAST = 6;

export function judgeCount(counts: DayCounts, day: string): Surprise | undefined {
  const count = counts.on(day);
  if (count < LEAST) return undefined;
  const history = counts.before(day, DAYS);
  if (history.length < DAYS_LEAST) return undefined;
  const usual = trimmedMean(history.map((each) => each.count));
  const spread = medianSpread(
    history.map((each) => ofCount(each.count)),
    ofCount(usual),
  );
  return {
    score: (ofCount(count) - ofCount(usual)) / Math.max(1, spread),
    reason: `${count} sales on ${writeDay(day)}, where the agent usually makes ${writeRate(usual)} a day (last ${history.length} days).`,
    evidence: {
      measure: 'count',
      currency: null,
      usual: usual.toFixed(2),
      value: String(count),
      whose: 'agent',
      history: history.slice(-40).map(({ at, count: each }) => ({ at, value: String(each) })),
    },
  };
}
