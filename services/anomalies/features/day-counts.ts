/** How many a day: the last ninety days of an agent or a branch, small enough for one row. */

const KEPT = 90;
const DAY = 86_400_000;

export interface StoredCounts {
  first: string;
  counts: Record<string, number>;
}

export class DayCounts {
  #first: string | undefined;
  #counts: Map<string, number>;
  #latest = '';
  changed = false;

  constructor(stored?: StoredCounts) {
    this.#first = stored?.first;
    this.#counts = new Map(Object.entries(stored?.counts ?? {}));
    for (const day of this.#counts.keys()) if (day > this.#latest) this.#latest = day;
  }

  /** The first day that was ever counted. */
  get first(): string | undefined {
    return this.#first;
  }

  /** Days older than the window are no matter any more. */
  move(day: string, by: number): void {
    if (this.#latest !== '' && daysBetween(day, this.#latest) >= KEPT) return;
    this.changed = true;
    if (this.#first === undefined || day < this.#first) this.#first = day;
    const count = (this.#counts.get(day) ?? 0) + by;
    if (count > 0) this.#counts.set(day, count);
    else this.#counts.delete(day);
    if (day <= this.#latest) return;
    this.#latest = day;
    for (const old of this.#counts.keys()) if (daysBetween(old, day) >= KEPT) this.#counts.delete(old);
  }

  on(day: string): number {
    return this.#counts.get(day) ?? 0;
  }

  /**
   * The days before one, days without any among them, oldest first.
   *
   * @param since not before this day; the first counted one unless said
   */
  before(day: string, most: number, since = this.#first ?? day): { at: string; count: number }[] {
    const number = Math.max(0, Math.min(most, daysBetween(since, day)));
    const end = Date.parse(day);
    return Array.from({ length: number }, (_, index) => {
      const at = new Date(end - (number - index) * DAY).toISOString().slice(0, 10);
      return { at, count: this.on(at) };
    });
  }

  stored(): StoredCounts {
    return { first: this.#first ?? '', counts: Object.fromEntries(this.#counts) };
  }
}

/** From one day to a later one. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}
