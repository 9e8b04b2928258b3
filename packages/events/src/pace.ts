/**
 * A pause after each piece of work as long as the work took, up to a few milliseconds: under steady load
 * more is then done at once, at half the statements; what comes after a quiet moment is not delayed at all.
 *
 * Under heavy load the pause grows with what was found to do, so that pieces grow until they are worth their
 * statements. Below some thousand a second, pieces stay small and pauses short.
 */
export class Pace {
  readonly #most: number;
  readonly #mostBusy: number;
  #notBefore = 0;

  /**
   * @param most milliseconds of the longest pause
   * @param mostBusy the same, under heavy load
   */
  constructor(most: number, mostBusy: number) {
    this.#most = most;
    this.#mostBusy = mostBusy;
  }

  /** Resolves when the next piece may start. */
  async wait(): Promise<void> {
    const left = this.#notBefore - performance.now();
    // Timers are no finer than a millisecond.
    if (left > 0.3) await new Promise((resolve) => setTimeout(resolve, left));
  }

  /**
   * @param started of the piece that ends now, as `performance.now()` said
   * @param done events in it
   */
  rest(started: number, done: number): void {
    const now = performance.now();
    const light = Math.min(this.#most, now - started);
    this.#notBefore = now + Math.min(this.#mostBusy, Math.max(light, done * PER_EVENT));
  }
}

/** Milliseconds: pauses grow where more than one event comes in so long. */
const PER_EVENT = 0.3;
