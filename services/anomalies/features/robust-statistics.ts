/** Statistics that a few odd values do not move: medians instead of means. */

/** The middle value; of an even number the lower of the two, so that it is a value that was there. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

/** Median distance from the centre, scaled so that it is the standard deviation of a normal distribution. */
export function medianSpread(values: readonly number[], centre: number): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** Anscombe's transformation: counts that happen at random have about the spread 1 on this scale. */
export function ofCount(count: number): number {
  return 2 * Math.sqrt(count + 3 / 8);
}

/** The mean without the largest twentieth: one odd day does not raise what is usual. */
export function trimmedMean(counts: readonly number[]): number {
  if (counts.length === 0) return 0;
  const sorted = counts.toSorted((one, other) => one - other);
  const kept = sorted.slice(0, Math.max(1, Math.ceil(sorted.length * 0.95)));
  return kept.reduce((sum, count) => sum + count, 0) / kept.length;
}
