import type { Database } from '@moonbase/data';
import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  count,
  countAll,
  counted,
  createCountingDatabase,
  createLog,
  openTransaction,
  terminate,
  until,
} from '../fixtures/counting.ts';
import { type Event, type EventLog, publish } from './events.ts';

let database: TestDatabase;
let logs: EventLog[];
beforeEach(async () => {
  database = await createCountingDatabase();
  logs = [];
});
afterEach(async () => {
  await Promise.all(logs.map((log) => log.stop()));
  await database.drop();
});

async function startLog(poll?: number): Promise<EventLog> {
  const log = createLog(database.db, { poll });
  logs.push(log);
  await log.start();
  return log;
}

async function all(log: EventLog): Promise<Event<typeof counted>[]> {
  await log.drained();
  return (await log.read({ after: 0, limit: 100_000 })) as unknown as Event<typeof counted>[];
}

function expectDense(events: Event[], length: number): void {
  expect(events.map((event) => event.position)).toEqual(Array.from({ length }, (_, i) => i + 1));
}

/** As a service does it: lock the row of the thing, change it, tell. */
async function change(db: Database, key: string, fail = false, wait = 0): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx.query<{ n: number }>(
      'UPDATE public.things SET n = n + 1 WHERE key = $1 RETURNING n',
      [key],
    );
    await publish(tx, counted, { key, payload: { n: row.rows[0]!.n } });
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    if (fail) throw new Error('rolled back');
  });
}

test('positions are dense and each key is in order, with many writers, some slow, some rolled back', async () => {
  const log = await startLog();
  const keys = ['a', 'b', 'c', 'd', 'e'];
  await database.db.query('INSERT INTO public.things SELECT unnest($1::text[]), 0', [keys]);
  let done = 0;
  const writer = async (seed: number) => {
    for (let i = 0; i < 30; i += 1) {
      const dice = (seed * 7919 + i * 104_729) % 100;
      const fail = dice < 15;
      await change(database.db, keys[dice % 5]!, fail, dice % 9 === 0 ? 8 : 0).catch((error) => {
        if (!fail) throw error;
      });
      if (!fail) done += 1;
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(writer));
  const events = await all(log);
  expectDense(events, done);
  for (const key of keys) {
    const numbers = events.filter((event) => event.key === key).map((event) => event.payload.n);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  }
});

test('a transaction that stays open holds nobody else up, and its events come after its commit', async () => {
  const log = await startLog();
  const slow = await openTransaction(database);
  await count(database.db, 'quick', 1, 2, 3);
  expect((await all(log)).map((event) => event.key)).toEqual(['quick', 'quick', 'quick']);
  await slow.commit();
  const events = await all(log);
  expectDense(events, 4);
  expect(events.at(-1)!.key).toBe('slow');
});

test('of two hosts one sequences, and both read the same', async () => {
  const [one, two] = [await startLog(), await startLog()];
  expect([one.sequencing, two.sequencing]).toEqual([true, false]);
  await Promise.all([1, 2, 3, 4].map((n) => count(database.db, `k${n}`, 1, 2, 3)));
  const events = await all(one);
  expectDense(events, 12);
  expect(await all(two)).toEqual(events);
});

test('when the sequencing host stops, another takes over', async () => {
  const [one, two] = [await startLog(), await startLog()];
  await count(database.db, 'a', 1);
  await one.stop();
  await count(database.db, 'a', 2);
  expect((await all(two)).map((event) => event.payload.n)).toEqual([1, 2]);
  expect(two.sequencing).toBe(true);
});

test('when the connection of the sequencer dies, somebody is elected within a second, and nothing is lost', async () => {
  const [one, two] = [await startLog(250), await startLog(250)];
  await count(database.db, 'a', 1);
  const started = performance.now();
  expect(await terminate(database.owner, 'moonbase events')).toBe(2);
  await until(() => !one.sequencing && !two.sequencing);
  await count(database.db, 'a', 2);
  await until(() => one.sequencing || two.sequencing);
  expect(performance.now() - started).toBeLessThan(1_500);
  const events = await all(two);
  expect(events.map((event) => event.payload.n)).toEqual([1, 2]);
  expectDense(events, 2);
});

test('a sequencer killed again and again under load loses, doubles and reorders nothing', async () => {
  await startLog();
  const log = await startLog();
  const numbers = (length: number) => Array.from({ length }, (_, n) => n);
  let killed = 0;
  let writing = true;
  const killer = async () => {
    while (writing) {
      killed += await terminate(database.owner, '%sequence_events%');
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  };
  // A fast machine writes until the sequencer was hit often enough.
  const writer = async (key: string) => {
    let written = 0;
    for (; written < 100 || killed <= 3; written += 1) await count(database.db, key, written);
    await countAll(
      database.db,
      numbers(300).map((n) => ({ key, n: written + n })),
    );
    return [key, written + 300] as const;
  };
  const killing = killer();
  const keys = await Promise.all(['a', 'b', 'c'].map(writer));
  writing = false;
  await killing;
  const events = await all(log);
  expect(killed).toBeGreaterThan(3);
  expectDense(
    events,
    keys.reduce((sum, [, written]) => sum + written, 0),
  );
  for (const [key, written] of keys)
    expect(events.filter((event) => event.key === key).map((event) => event.payload.n)).toEqual(
      numbers(written),
    );
});

test('two rounds at once do not get in each other’s way', async () => {
  await countAll(
    database.db,
    Array.from({ length: 3_000 }, (_, n) => ({ key: 'a', n })),
  );
  const round = () => database.db.query('SELECT * FROM events.sequence_events(500, 0)');
  for (let i = 0; i < 3; i += 1) await Promise.all([round(), round(), round()]);
  const log = await startLog();
  const events = await all(log);
  expectDense(events, 3_000);
  expect(events.map((event) => event.payload.n)).toEqual(Array.from({ length: 3_000 }, (_, n) => n));
});

test('positions go on where they were after a restart', async () => {
  const one = await startLog();
  await count(database.db, 'a', 1, 2);
  await one.drained();
  await one.stop();
  await count(database.db, 'a', 3);
  const two = await startLog();
  expectDense(await all(two), 3);
  expect(two.head).toBe(3);
});

test('a host hears of the head of others without asking', async () => {
  const one = await startLog();
  const two = await startLog(60_000);
  const heard: number[] = [];
  const stop = two.onAdvance((head) => heard.push(head));
  await count(database.db, 'a', 1);
  await until(() => two.head === 1, 2_000);
  stop();
  await count(database.db, 'a', 2);
  await until(() => two.head === 2, 2_000);
  expect(one.head).toBe(2);
  expect(heard).toEqual([1]);
});

test('events published by a process without an event log are found by the poll', async () => {
  const log = await startLog();
  await database.db.query(
    `INSERT INTO events.inbox (type, version, actor, size, ids, keys, slots, payloads)
     VALUES ('things.counted', 1, 'system', 1, ARRAY[gen_random_uuid()], '{a}', '{1}', '{"n":1}')`,
  );
  await until(() => log.head === 1, 2_000);
});

test('the log grows into new partitions by itself', async () => {
  await database.owner.query('UPDATE events.head SET span = 1000');
  const log = await startLog();
  for (let i = 0; i < 9; i += 1)
    await countAll(
      database.db,
      Array.from({ length: 700 }, (_, n) => ({ key: 'a', n })),
    );
  expectDense(await all(log), 6_300);
  const parts = await database.db.query<{ n: number }>('SELECT count(*) AS n FROM events.partitions');
  expect(parts.rows[0]!.n).toBeGreaterThanOrEqual(7);
});
