/**
 * A pause after each piece of work as long as the work took, up to a few milliseconds: under steady load
 * more is then done at once, at half the statements; what comes after a quiet moment is not delayed at all.
 */
export class Pace {
  readonly #most: number;
  #notBefore = 0;

  /** @param most milliseconds of the longest pause */
  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when the next piece may start. */
  async wait(): Promise<void> {
    const left = this.#notBefore - performance.now();
    // Timers are no finer than a millisecond.
    if (left > 0.3) await new Promise((resolve) => setTimeout(resolve, left));
  }

  /** @param started of the piece that ends now, as `performance.now()` said */
  rest(started: number): void {
    const now = performance.now();
    this.#notBefore = now + Math.min(this.#most, now - started);
  }
}
