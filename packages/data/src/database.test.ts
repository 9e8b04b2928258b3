import { expect, test } from 'vitest';
import { createTestDatabase } from '../testing.ts';

test('a connection lost while the pool hands it over ends its transaction, not the process', async () => {
  const { db, drop } = await createTestDatabase();
  // Whoever gets a client hears of its errors a moment later: until then nobody but the pool can listen.
  db.pool.once('acquire', (client) => {
    queueMicrotask(() => client.emit('error', new Error('terminating connection')));
  });
  await db.transaction((tx) => tx.query('SELECT 1'));
  const client = await db.pool.connect();
  expect(client.emit('error', new Error('terminating connection'))).toBe(true);
  client.release(true);
  expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await drop();
});
