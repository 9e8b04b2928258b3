/** Enqueuing: rows of pg-boss in the caller's transaction. */
import { newId, type Queryable } from '@moonbase/data';
import type { JobInsert, PgBoss } from 'pg-boss';
import { BOSS_SCHEMA, type Carried, through } from './boss.ts';
import type { Definition } from './declarations.ts';

export interface EnqueueOptions {
  /** Not before. */
  startAfter?: Date;
  /** At most one waiting or running job with this key: another enqueue answers with that one's id. */
  singletonKey?: string;
}

export interface NewJob extends EnqueueOptions {
  carried: Carried;
}

/** Inserts jobs of one kind in one statement. @returns their ids, or those of the jobs that hold their keys */
export async function insertJobs(
  tx: Queryable,
  boss: PgBoss,
  { queue }: Definition,
  jobs: readonly NewJob[],
  now: Date,
): Promise<string[]> {
  const rows = jobs.map(({ carried, startAfter, singletonKey }) => {
    const id = newId();
    // As a delay: the database keeps time by its own clock, the caller by the injected one.
    const delay = startAfter ? Math.max(0, (startAfter.getTime() - now.getTime()) / 1000) : 0;
    return { id, data: carried, singletonKey: singletonKey ?? id, ...(delay ? { startAfter: delay } : {}) };
  });
  const inserted = await boss.insert(queue, rows as JobInsert[], { db: through(tx), returnId: true });
  const made = new Set(inserted);
  const ids: string[] = [];
  for (const row of rows) {
    ids.push(made.has(row.id) ? row.id : await holderOf(tx, queue, row));
  }
  return ids;
}

async function holderOf(
  tx: Queryable,
  queue: string,
  row: { id: string; singletonKey: string },
): Promise<string> {
  const answer = await tx.query<{ id: string }>(
    `SELECT id FROM ${BOSS_SCHEMA}.job
     WHERE name = $1 AND coalesce(singleton_key, '') = $2 AND state <= 'active' AND policy = 'exclusive'`,
    [queue, row.singletonKey],
  );
  // It may have ended in this very moment: then its work was done after this was asked for.
  return answer.rows[0]?.id ?? row.id;
}
