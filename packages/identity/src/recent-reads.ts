/**
 * Reads that are asked for again and again: what was read within the last second is answered at once and
 * without a promise, callers that miss together share one read, and a busy entry is read again in the
 * background before it turns old, so that nobody waits for it.
 */
export interface RecentReadsOptions<Value> {
  read: (key: string) => Promise<Value>;
  /** Oldest answer given, in milliseconds since its read began; 1,000 unless said. */
  freshFor?: number;
  /** Most entries kept; 10,000 unless said. */
  most?: number;
  /** Raised to make everything read so far old at once. */
  generation: () => number;
}

interface Entry<Value> {
  value: Value;
  /** When its read began. */
  at: number;
  generation: number;
}

interface Reading<Value> {
  promise: Promise<Value>;
  generation: number;
}

export class RecentReads<Value> {
  readonly #options: RecentReadsOptions<Value>;
  readonly #freshFor: number;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #reading = new Map<string, Reading<Value>>();

  constructor(options: RecentReadsOptions<Value>) {
    this.#options = options;
    this.#freshFor = options.freshFor ?? 1000;
  }

  get(key: string): Value | Promise<Value> {
    const generation = this.#options.generation();
    const entry = this.#entries.get(key);
    if (entry && entry.generation === generation) {
      const age = performance.now() - entry.at;
      if (age < this.#freshFor) {
        // A failed refresh is not an error yet: the entry serves until it is old, then the caller asks.
        if (age > this.#freshFor / 2) this.#read(key, generation).catch(() => {});
        return entry.value;
      }
    }
    return this.#read(key, generation);
  }

  #read(key: string, generation: number): Promise<Value> {
    const running = this.#reading.get(key);
    if (running?.generation === generation) return running.promise;
    const at = performance.now();
    const reading: Reading<Value> = { generation, promise: this.#options.read(key) };
    this.#reading.set(key, reading);
    reading.promise.then(
      (value) => this.#keep(key, { value, at, generation }, reading),
      () => this.#done(key, reading),
    );
    return reading.promise;
  }

  #keep(key: string, entry: Entry<Value>, reading: Reading<Value>): void {
    this.#done(key, reading);
    // What was read before the generation was raised may hold what has changed since.
    if (entry.generation !== this.#options.generation()) return;
    this.#entries.delete(key);
    if (this.#entries.size >= (this.#options.most ?? 10_000)) {
      this.#entries.delete(this.#entries.keys().next().value as string);
    }
    this.#entries.set(key, entry);
  }

  #done(key: string, reading: Reading<Value>): void {
    if (this.#reading.get(key) === reading) this.#reading.delete(key);
  }
}
