/** Retention: the log loses its oldest partitions, once nobody needs them. */
import type { Queryable } from '@moonbase/data';

/**
 * Drops the partitions whose events were all recorded before a time and that every consumer, its parked
 * events and every other reader have passed. @returns how many
 */
export async function retireLog(db: Queryable, before: Date): Promise<number> {
  const answer = await db.query<{ dropped: number }>('SELECT events.retire_log($1) AS dropped', [before]);
  return answer.rows[0]!.dropped;
}

/**
 * Enters how far another reader of the log has come, who must have seen everything before it is dropped: the
 * loader of the lake. Never moves back.
 */
export async function readerPassed(db: Queryable, name: string, position: number): Promise<void> {
  await db.query(
    `INSERT INTO events.readers VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE readers.position < excluded.position`,
    [name, position],
  );
}
