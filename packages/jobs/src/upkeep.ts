/** What a host does now and then, besides running jobs. */
import type { Database } from '@moonbase/data';
import type { PgBoss } from 'pg-boss';
import { HEARTBEAT } from './boss.ts';
import { type Claimed, recover } from './claim.ts';
import { forgetRuns } from './history.ts';
import { measureBacklog } from './measure.ts';

/** Seconds between two times of each. */
const EVERY = { touch: HEARTBEAT / 6, recover: 5, measure: 15, tidy: 3600 };

/** Days that runs are kept. */
const KEEP_RUNS = 30;

export class Upkeep {
  readonly #db: Database;
  readonly #doneAt = new Map<keyof typeof EVERY, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Does what is due. @param running what runs on this host */
  async run(boss: PgBoss, running: readonly Claimed[]): Promise<void> {
    if (this.#isTimeTo('touch')) await touch(boss, running);
    if (this.#isTimeTo('recover')) await recover(this.#db, boss);
    if (this.#isTimeTo('measure')) await measureBacklog(this.#db);
    if (this.#isTimeTo('tidy')) {
      await forgetRuns(this.#db, KEEP_RUNS);
      // Old dead letters: pg-boss lets one host at a time.
      await boss.supervise();
    }
  }

  #isTimeTo(what: keyof typeof EVERY): boolean {
    const now = performance.now() / 1000;
    if (now - (this.#doneAt.get(what) ?? Number.NEGATIVE_INFINITY) < EVERY[what]) return false;
    this.#doneAt.set(what, now);
    return true;
  }
}

/** Says that what runs here is alive. */
async function touch(boss: PgBoss, running: readonly Claimed[]): Promise<void> {
  const byQueue = Map.groupBy(running, (run) => run.definition.queue);
  for (const [queue, runs] of byQueue) {
    await boss.touch(
      queue,
      runs.map((run) => ({ id: run.id, retryCount: run.attempt - 1 })),
    );
  }
}
