/** Chance that can be repeated: the same seed gives the same numbers (mulberry32). */

/** Of this run: `MOON_CHAOS_SEED`, or the clock's. Every test that uses it prints it. */
export function chooseSeed(test: string): number {
  const seed = Number(process.env.MOON_CHAOS_SEED ?? Date.now() % 1_000_000);
  console.log(`${test}: MOON_CHAOS_SEED=${seed}`);
  return seed;
}

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!;
  }
}
