import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  count,
  countAll,
  counted,
  createCountingDatabase,
  createLog,
  effects,
  leaveEffects,
  quickRetries,
} from '../fixtures/counting.ts';
import { type EventLog, readerPassed } from './events.ts';

let database: TestDatabase;
let log: EventLog;
beforeEach(async () => {
  database = await createCountingDatabase();
  await database.owner.query('UPDATE events.head SET span = 100');
  log = createLog(database.db);
});
afterEach(async () => {
  await log.stop();
  await database.drop();
});

const fill = (events: number) =>
  countAll(
    database.db,
    Array.from({ length: events }, (_, n) => ({ key: `key ${n % 10}`, n })),
  );

async function oldest(): Promise<number> {
  const first = await database.db.query<{ position: number }>(
    'SELECT min(position) AS position FROM events.log',
  );
  return first.rows[0]!.position;
}

test('partitions that are old and that everybody has passed are dropped, no others', async () => {
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
  await log.start();
  await fill(250);
  await log.drained();
  expect(await log.retire(1)).toBe(0);
  // Positions up to 200 fill two partitions; the third is still growing.
  await database.db.query(
    `UPDATE events.log SET recorded_at = now() - interval '3 days' WHERE position <= 200`,
  );
  await readerPassed(database.db, 'lake', 150);
  expect(await log.retire(2)).toBe(1);
  expect(await oldest()).toBe(101);
  await readerPassed(database.db, 'lake', 250);
  expect(await log.retire(4)).toBe(0);
  expect(await log.retire(2)).toBe(1);
  expect(await oldest()).toBe(201);
  await count(database.db, 'key 1', 1_000);
  await log.drained();
  await log.stop();
  log = createLog(database.db);
  await log.start();
  const left = await log.read({ after: 0, limit: 1_000 });
  expect(left.map((event) => event.position).slice(0, 2)).toEqual([201, 202]);
});

test('a reader never goes back', async () => {
  await readerPassed(database.db, 'lake', 150);
  await readerPassed(database.db, 'lake', 20);
  const readers = await database.db.query('SELECT * FROM events.readers');
  expect(readers.rows).toEqual([{ name: 'lake', position: 150 }]);
});

test('a consumer that has not come by holds the log, until it is forgotten', async () => {
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
  await log.start();
  await database.db.query(`INSERT INTO events.consumers VALUES ('gone', 1, now(), 0)`);
  await database.db.query(`INSERT INTO events.lanes (consumer, lane, position) VALUES ('gone', 0, 10)`);
  await fill(250);
  await log.drained();
  await database.db.query(`UPDATE events.log SET recorded_at = now() - interval '3 days'`);
  expect(await log.retire(1)).toBe(0);
  await log.forget('gone');
  expect(await log.retire(1)).toBe(2);
});

test('a parked event is kept until it is replayed', async () => {
  let broken = true;
  log.addConsumer({
    name: 'test',
    on: [counted],
    retry: quickRetries,
    handle: async (events, tx) => {
      if (broken && events.some((event) => event.payload.n === 5)) throw new Error('no');
      await leaveEffects('test')(events, tx);
    },
  });
  await log.start();
  await fill(250);
  await log.drained();
  await database.db.query(`UPDATE events.log SET recorded_at = now() - interval '3 days'`);
  expect(await log.retire(1)).toBe(0);
  broken = false;
  await log.replay('test', 'key 5');
  expect((await effects(database.db))['key 5']).toHaveLength(25);
  expect(await log.retire(1)).toBe(2);
});

test('a new consumer starts with what is left', async () => {
  await log.start();
  await fill(250);
  await log.drained();
  await database.db.query(`UPDATE events.log SET recorded_at = now() - interval '3 days'`);
  expect(await log.retire(1)).toBe(2);
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
  await log.drained();
  expect(Object.values(await effects(database.db)).flat()).toHaveLength(50);
});

test('a hole in the middle of the log is an error, not passed over', async () => {
  await log.start();
  await fill(50);
  await log.drained();
  await database.db.query('DELETE FROM events.log WHERE position = 20');
  await log.stop();
  log = createLog(database.db);
  await log.start();
  await expect(log.read({ after: 0, limit: 100 })).rejects.toMatchObject({ code: 'log_gap' });
});
