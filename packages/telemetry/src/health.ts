/** Health: what must work for this process to take requests, asked anew each time. */

export interface HealthReport {
  /** Every check passed. */
  ready: boolean;
  checks: Record<string, { ok: boolean; milliseconds: number; error?: string }>;
}

export class Health {
  readonly #checks = new Map<string, () => Promise<void>>();
  readonly #patience: number;

  /** @param patience milliseconds after which a check that has not answered counts as failed */
  constructor(patience = 2_000) {
    this.#patience = patience;
  }

  /**
   * @param check resolves when it works and throws when not; the message is shown to whoever asks
   * @returns takes the check out again
   */
  register(name: string, check: () => Promise<void>): () => void {
    this.#checks.set(name, check);
    return () => void this.#checks.delete(name);
  }

  /** Asks all checks side by side. */
  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await this.#ask(check)] as const),
    );
    return { ready: entries.every(([, { ok }]) => ok), checks: Object.fromEntries(entries) };
  }

  async #ask(check: () => Promise<void>): Promise<HealthReport['checks'][string]> {
    const started = performance.now();
    const took = () => Math.round(performance.now() - started);
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        check(),
        new Promise((_, reject) => {
          timer = setTimeout(
            () => reject(new Error(`no answer within ${this.#patience} ms`)),
            this.#patience,
          );
        }),
      ]);
      return { ok: true, milliseconds: took() };
    } catch (error) {
      return { ok: false, milliseconds: took(), error: error instanceof Error ? error.message : 'failed' };
    } finally {
      clearTimeout(timer);
    }
  }
}
