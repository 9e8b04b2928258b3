/**
 * Batched writes: calls that arrive together share one transaction, hence one disk sync.
 *
 * How it goes: calls queue; while fewer than `inFlight` transactions run, the queue (up to `rows` of it)
 * is handed to `write` in one transaction. Under light load a call starts its own transaction at once;
 * under heavy load the batch grows by itself while the previous commit waits for the disk. Beside a running
 * transaction another starts only once it is worth its statements.
 *
 * `write` decides row by row in its statements and returns one result per input, in order: predictable
 * refusals are results, not exceptions. When it throws all the same, the batch is halved until the rows
 * at fault stand alone, so that one unforeseen bad row fails only itself. A batch belongs to no request:
 * `write` gets the context of each input beside it, for events to name the right actor. A batch whose COMMIT answer was
 * lost is sent once more: ids come with the input, and `write` must recognise rows that are there already.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context } from '@moonbase/telemetry';
import type { Database, Transaction } from './database.ts';
import { DataError } from './errors.ts';

export interface BatchedWriteOptions<Input, Result> {
  /** Writes all inputs and returns their results in the same order. */
  write: (tx: Transaction, inputs: Input[], contexts: Context[]) => Promise<Result[]>;
  /** Most rows in one transaction; 500 unless said. */
  rows?: number;
  /** Most transactions at once; 2 unless said. */
  inFlight?: number;
}

/** Rows for which another transaction starts beside one that runs: fewer wait for its end and go together. */
const WORTHWHILE = 24;

// Without it, a batch would run in the context of whichever request happened to start it.
const outsideRequests = AsyncLocalStorage.snapshot();

interface Waiting<Input, Result> {
  input: Input;
  context: Context;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Declares a batched write.
 *
 * @returns a function that writes one input and resolves after the commit
 * @example
 *   const recordSale = batchedWrite({ write: insertSales });
 *   const result = await recordSale(db, sale);
 */
export function batchedWrite<Input, Result>(
  options: BatchedWriteOptions<Input, Result>,
): (db: Database, input: Input) => Promise<Result> {
  const queues = new WeakMap<Database, Queue<Input, Result>>();
  return (db, input) => {
    let queue = queues.get(db);
    if (!queue) {
      queue = new Queue(db, options);
      queues.set(db, queue);
    }
    return queue.add(input);
  };
}

class Queue<Input, Result> {
  readonly #db: Database;
  readonly #options: BatchedWriteOptions<Input, Result>;
  #waiting: Waiting<Input, Result>[] = [];
  #running = 0;
  #scheduled = false;

  constructor(db: Database, options: BatchedWriteOptions<Input, Result>) {
    this.#db = db;
    this.#options = options;
  }

  add(input: Input): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, context: context(), resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      // After this turn's input has been read, so that requests of one turn go together.
      outsideRequests(() =>
        setImmediate(() => {
          this.#scheduled = false;
          this.#start();
        }),
      );
    });
  }

  #start(): void {
    const { inFlight = 2 } = this.#options;
    while (this.#running < inFlight && this.#waiting.length >= (this.#running === 0 ? 1 : WORTHWHILE)) {
      const batch = this.#waiting.splice(0, this.#options.rows ?? 500);
      this.#running += 1;
      void this.#write(batch).finally(() => {
        this.#running -= 1;
        this.#start();
      });
    }
  }

  async #write(batch: Waiting<Input, Result>[], again = false): Promise<void> {
    try {
      const inputs = batch.map((waiting) => waiting.input);
      const contexts = batch.map((waiting) => waiting.context);
      const results = await this.#db.transaction((tx) => this.#options.write(tx, inputs, contexts));
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index] as Result);
    } catch (error) {
      if (error instanceof DataError && error.code === 'commit_unknown' && !again)
        return this.#write(batch, true);
      const connectionLost = !(error as { code?: string }).code?.match(/^[0-9A-Z]{5}$/) || isShutdown(error);
      if (batch.length === 1 || connectionLost) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      const half = batch.length >> 1;
      await this.#write(batch.slice(0, half));
      await this.#write(batch.slice(half));
    }
  }
}

/** SQLSTATE classes of a server that is going away: halving would only repeat it. */
function isShutdown(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return code.startsWith('57') || code.startsWith('08') || code.startsWith('53');
}
