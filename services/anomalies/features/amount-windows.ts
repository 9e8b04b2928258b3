/**
 * The latest sales of a key, at most `most`: small enough to live in one row, exact when one is taken out
 * again. A quantile sketch would be smaller and could not forget a cancelled sale.
 */

/** Kept for an agent and product, and for a product alone. */
export const OWN_MOST = 40;
export const PRODUCT_MOST = 120;
/** Points of a history that evidence keeps to be drawn. */
const DRAWN = 40;

export interface StoredWindow {
  sales: string[];
  amounts: string[];
  days: string[];
}

export class AmountWindow {
  readonly #most: number;
  #entries: { sale: string; amount: string; day: string; log: number }[];
  changed = false;

  constructor(most: number, stored?: StoredWindow) {
    this.#most = most;
    this.#entries = (stored?.sales ?? []).map((sale, place) =>
      entryOf(sale, stored!.amounts[place]!, stored!.days[place]!),
    );
  }

  get size(): number {
    return this.#entries.length;
  }

  add(sale: string, amount: string, day: string): void {
    this.#entries.push(entryOf(sale, amount, day));
    if (this.#entries.length > this.#most) this.#entries.shift();
    this.changed = true;
  }

  /** A sale that fell out of the window already is not missed. */
  remove(sale: string): void {
    const left = this.#entries.filter((entry) => entry.sale !== sale);
    if (left.length === this.#entries.length) return;
    this.#entries = left;
    this.changed = true;
  }

  logs(): number[] {
    return this.#entries.map((entry) => entry.log);
  }

  /** The median as it was written, exact. */
  usual(): string {
    const sorted = this.#entries.toSorted((one, other) => one.log - other.log);
    return sorted[(sorted.length - 1) >> 1]?.amount ?? '0.0000';
  }

  history(): { at: string; value: string }[] {
    return this.#entries.slice(-DRAWN).map(({ day, amount }) => ({ at: day, value: amount }));
  }

  stored(): StoredWindow {
    return {
      sales: this.#entries.map((entry) => entry.sale),
      amounts: this.#entries.map((entry) => entry.amount),
      days: this.#entries.map((entry) => entry.day),
    };
  }
}

function entryOf(sale: string, amount: string, day: string) {
  return { sale, amount, day, log: Math.log(Number(amount)) };
}
