/**
 * From which id on the inbox has to be looked through.
 *
 * Rows that were sequenced leave their places in the index behind until they are vacuumed, and while any old
 * transaction is open nothing is. A look through the inbox must not pass over all of them each time: it
 * starts at the floor, below which no row can appear any more. No such thing follows from ids or transaction
 * numbers alone: an id is drawn when a row is inserted and the row is seen when its transaction ends, maybe
 * hours later. But whoever has drawn an id holds a lock on the inbox from before that until its end. So:
 *
 *   1. note the newest id that was seen, and who writes to the inbox at the moment (`saw`);
 *   2. when all of these have ended (`saw` again and again), all rows up to the noted id are visible, or
 *      never will be;
 *   3. a round that begins after that and takes everything leaves none of them (`took`): the floor is above.
 */
import type pg from 'pg';

export class InboxFloor {
  readonly #pause: number;
  #floor = 0;
  #newest = 0;
  /** The id noted in step 1, and those who may still have rows up to it. */
  #noted: { id: number; writers: ReadonlySet<string>; rounds: number } | undefined;
  #lookedAt = 0;

  /** @param pause milliseconds between looks at who writes */
  constructor(pause = 500) {
    this.#pause = pause;
  }

  /** For a new sequencer, who knows nothing. */
  reset(): void {
    this.#floor = 0;
    this.#newest = 0;
    this.#noted = undefined;
  }

  /** A round begins. @returns the lowest id that it has to look at */
  begin(): number {
    if (this.#noted?.writers.size === 0) this.#noted.rounds += 1;
    return this.#floor;
  }

  /** A round ended. @param everything whether it took all that there was */
  took(newest: number | null, everything: boolean): void {
    this.#newest = Math.max(this.#newest, newest ?? 0);
    if (!this.#noted?.rounds || !everything) return;
    this.#floor = this.#noted.id + 1;
    this.#noted = undefined;
  }

  /** Whether it is time to look who writes. @returns the newest id seen before the look, to be noted */
  due(): number | undefined {
    if (this.#newest < this.#floor || performance.now() - this.#lookedAt < this.#pause) return undefined;
    this.#lookedAt = performance.now();
    return this.#newest;
  }

  /**
   * @param newest what `due` returned before the look: rows seen since may have neighbours whose writers came
   *   too late for it
   * @param writers transactions that write to the inbox
   */
  saw(newest: number, writers: ReadonlySet<string>): void {
    if (!this.#noted) this.#noted = { id: newest, writers, rounds: 0 };
    else this.#noted.writers = new Set([...this.#noted.writers].filter((writer) => writers.has(writer)));
  }
}

/** Every transaction that has inserted into the inbox, or is about to, holds this lock until its end. */
export async function inboxWriters(client: pg.Client): Promise<Set<string>> {
  const locks = await client.query<{ writer: string }>({
    name: 'events.writers',
    text: `SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
            WHERE locktype = 'relation' AND relation = 'events.inbox'::regclass AND mode = 'RowExclusiveLock'
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND pid IS DISTINCT FROM pg_backend_pid()`,
  });
  return new Set(locks.rows.map(({ writer }) => writer));
}
