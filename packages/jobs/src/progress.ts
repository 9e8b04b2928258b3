/** Progress of a run, written at most twice a second: a job may report every row. */
import type { Database } from '@moonbase/data';

const INTERVAL = 500;

export function progressWriter(db: Database, id: string, attempt: number) {
  let latest: { done: number; total: number } | undefined;
  let wroteAt = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();

  const save = () => {
    const { done, total } = latest!;
    latest = undefined;
    wroteAt = performance.now();
    writing = writing.then(async () => {
      await db.query(
        'UPDATE jobs.runs SET progress_done = $3, progress_total = $4 WHERE id = $1 AND attempt = $2',
        [id, attempt, Math.round(done), Math.round(total)],
      );
    });
    return writing;
  };

  return {
    write: async (done: number, total: number): Promise<void> => {
      latest = { done, total };
      // Progress is for show: a job does not fail because it could not be shown.
      if (performance.now() - wroteAt >= INTERVAL) await save().catch(() => {});
    },
    flush: async (): Promise<void> => {
      if (latest) await save();
      else await writing;
    },
  };
}
