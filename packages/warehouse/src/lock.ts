import type { Database } from '@moonbase/data';

/**
 * Runs `work` unless another process is at the same thing, holding a lock on a connection of its own.
 *
 * The lock only saves double work: what must not happen twice is decided inside the transactions.
 *
 * @returns what `work` returns, or undefined if another holds the lock
 */
export async function alone<T>(db: Database, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const client = await db.connect();
  try {
    const answer = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtext($1)) AS held',
      [name],
    );
    if (!answer.rows[0]?.held) return undefined;
    return await work();
  } finally {
    await client.end();
  }
}
