/** Somebody's transaction that stays open: it has written, holds a snapshot, and says nothing more. */
import { Database, newId } from '@moonbase/data';

/** @param databaseUrl as the owner of the tables */
export async function openTransaction(databaseUrl: string): Promise<{ end(): Promise<void> }> {
  const database = new Database({ url: databaseUrl, role: 'owner', connections: 1, name: 'chaos long' });
  const client = await database.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  // An id of the inbox is taken, and never seen by anybody: it is rolled back.
  await client.query(
    `INSERT INTO events.inbox (type, version, actor, size, ids, keys, slots, payloads)
     VALUES ('sales.recorded', 1, 'system', 1, ARRAY[$1::uuid], ARRAY['never'], ARRAY[0::smallint], '{}')`,
    [newId()],
  );
  return {
    end: async () => {
      await client.query('ROLLBACK');
      await client.end();
      await database.close();
    },
  };
}
