import type { Transaction } from '@moonbase/data';
import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  count,
  countAll,
  counted,
  createCountingDatabase,
  createLog,
  effects,
  leaveEffects,
  quickRetries,
  until,
} from '../fixtures/counting.ts';
import { type ConsumerOptions, type Event, type EventDeclaration, type EventLog, publish } from './events.ts';

let database: TestDatabase;
let log: EventLog;
/** Events with these numbers fail, as often as it says. */
let poison: Map<number, number>;
let tries: number[];
beforeEach(async () => {
  database = await createCountingDatabase();
  poison = new Map();
  tries = [];
});
afterEach(async () => {
  await log.stop();
  await database.drop();
});

async function startLog(options: Partial<ConsumerOptions<typeof counted>> = {}): Promise<void> {
  log = createLog(database.db);
  log.addConsumer({ name: 'test', on: [counted], handle: failOnPoison, retry: quickRetries, ...options });
  await log.start();
}

async function failOnPoison(events: Event<typeof counted>[], tx: Transaction): Promise<void> {
  await leaveEffects('test')(events, tx);
  for (const event of events) {
    const left = poison.get(event.payload.n) ?? 0;
    if (events.length === 1) tries.push(event.payload.n);
    if (left === 0) continue;
    if (events.length === 1) poison.set(event.payload.n, left - 1);
    throw new Error(`poisoned ${event.payload.n}`);
  }
}

test('a poisoned event is tried again, then parked; its key waits, everything else goes on', async () => {
  poison.set(13, Number.POSITIVE_INFINITY);
  await startLog();
  await countAll(
    database.db,
    Array.from({ length: 60 }, (_, n) => ({ key: `key ${n % 3}`, n })),
  );
  await log.drained();
  await count(database.db, 'key 1', 100, 101);
  await count(database.db, 'key 2', 100);
  await log.drained();
  const done = await effects(database.db);
  const expected = (i: number) => Array.from({ length: 20 }, (_, n) => n * 3 + i);
  expect(done['key 0']).toEqual(expected(0));
  expect(done['key 1']).toEqual([1, 4, 7, 10]);
  expect(done['key 2']).toEqual([...expected(2), 100]);
  expect(tries.filter((n) => n === 13)).toHaveLength(quickRetries.attempts);
  expect(await log.parked()).toMatchObject([
    {
      consumer: 'test',
      key: 'key 1',
      position: 14,
      error: 'Error: poisoned 13',
      attempts: 3,
      behind: 17,
      retryAt: null,
    },
  ]);
  expect(await log.positions()).toEqual([{ name: 'test', position: 63, lag: 0, parked: 18 }]);
});

test('a replay handles the events of the key in their order, and the key goes on', async () => {
  poison.set(1, Number.POSITIVE_INFINITY);
  await startLog();
  await count(database.db, 'a', 1, 2, 3);
  await log.drained();
  expect(await log.replay('test', 'a')).toEqual({ handled: 0, left: 3, error: 'Error: poisoned 1' });
  poison.clear();
  expect(await log.replay('test', 'a')).toEqual({ handled: 3, left: 0, error: null });
  await count(database.db, 'a', 4);
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [1, 2, 3, 4] });
  expect(await log.parked()).toEqual([]);
  expect(await log.positions()).toMatchObject([{ parked: 0 }]);
});

test('a replay of nothing does nothing', async () => {
  await startLog();
  expect(await log.replay('test', 'nobody')).toEqual({ handled: 0, left: 0, error: null });
  await expect(async () => log.replay('other', 'a')).rejects.toMatchObject({ code: 'unknown_consumer' });
});

test('a replay that fails half-way keeps what went well', async () => {
  poison.set(1, Number.POSITIVE_INFINITY).set(3, Number.POSITIVE_INFINITY);
  await startLog();
  await count(database.db, 'a', 1, 2, 3, 4);
  await log.drained();
  poison.delete(1);
  expect(await log.replay('test', 'a')).toEqual({ handled: 2, left: 2, error: 'Error: poisoned 3' });
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [1, 2] });
});

test('a discarded event is given up, and those behind it are handled', async () => {
  poison.set(1, Number.POSITIVE_INFINITY);
  await startLog();
  await count(database.db, 'a', 1, 2, 3);
  await log.drained();
  expect(await log.discard('test', 'a')).toBe(2);
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [2, 3] });
  expect(await log.parked()).toEqual([]);
});

test('an event that fails once is handled by itself, in order, and leaves nothing parked', async () => {
  poison.set(2, 1);
  await startLog();
  await count(database.db, 'a', 1, 2, 3);
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [1, 2, 3] });
  expect(await log.parked()).toEqual([]);
  expect(await log.positions()).toMatchObject([{ parked: 0, lag: 0 }]);
});

test('an outage sets few events aside, and when it is over everything is done, each key in order', async () => {
  let down = true;
  await startLog({
    lanes: 2,
    // More patience than the outage takes.
    retry: { attempts: 1_000, backoff: () => 5 },
    handle: async (events, tx) => {
      await leaveEffects('test')(events, tx);
      if (down) throw new Error('out of order');
    },
  });
  await countAll(
    database.db,
    Array.from({ length: 200 }, (_, n) => ({ key: `key ${n % 50}`, n })),
  );
  await until(async () => (await log.parked()).length > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  // Three keys of each lane, with what came behind them before the lane stopped.
  expect((await log.parked()).length).toBeLessThanOrEqual(6);
  expect(await effects(database.db)).toEqual({});
  down = false;
  await log.drained();
  const done = await effects(database.db);
  for (let i = 0; i < 50; i += 1) expect(done[`key ${i}`]).toEqual([i, i + 50, i + 100, i + 150]);
  expect(await log.parked()).toEqual([]);
});

test('a lane in which nothing goes well goes on all the same, in the end', async () => {
  await startLog({
    lanes: 1,
    retry: { attempts: 2, backoff: () => 1 },
    handle: async () => {
      throw new Error('never');
    },
  });
  await countAll(
    database.db,
    Array.from({ length: 12 }, (_, n) => ({ key: `key ${n}`, n })),
  );
  await log.drained();
  expect(await log.parked()).toHaveLength(12);
});

test('what a failing event published or asked for after the commit does not happen', async () => {
  const asked: number[] = [];
  const told = {
    type: 'things.told',
    version: 1,
    payload: z.object({ n: z.number() }),
  } satisfies EventDeclaration;
  await startLog({
    handle: async (events, tx) => {
      for (const { payload, key } of events) {
        await publish(tx, told, { key, payload });
        tx.afterCommit(() => asked.push(payload.n));
        if (payload.n === 2) throw new Error('no');
      }
    },
  });
  await countAll(
    database.db,
    [1, 2, 3].map((n) => ({ key: `key ${n}`, n })),
  );
  await log.drained();
  expect(asked.sort()).toEqual([1, 3]);
  const published = await log.read({ after: 0, limit: 10, types: [told.type] });
  expect(published.map((event) => (event.payload as { n: number }).n).sort()).toEqual([1, 3]);
});

test('an event of a version that the reader does not know is parked with its key, never passed over', async () => {
  await startLog();
  const next = { ...counted, version: 2 } as const;
  await count(database.db, 'a', 1);
  await database.db.transaction((tx) => publish(tx, next, { key: 'a', payload: { n: 2 } }));
  await count(database.db, 'a', 3);
  await count(database.db, 'b', 4);
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [1], b: [4] });
  const [parked] = await log.parked();
  expect(parked).toMatchObject({ key: 'a', type: 'things.counted', version: 2, behind: 1, retryAt: null });
  expect(parked!.error).toContain('things.counted version 2; known of it: 1');
  await log.stop();
  // The next release reads both.
  log = createLog(database.db);
  log.addConsumer({ name: 'test', on: [counted, next], handle: leaveEffects('test') });
  await log.start();
  expect(await log.replay('test', 'a')).toEqual({ handled: 2, left: 0, error: null });
  expect(await effects(database.db)).toEqual({ a: [1, 2, 3], b: [4] });
});

test('an event that does not match the declaration of its reader is parked with the field', async () => {
  await startLog();
  const other = { ...counted, payload: z.object({ n: z.string() }) } satisfies EventDeclaration;
  await database.db.transaction((tx) => publish(tx, other, { key: 'a', payload: { n: 'one' } }));
  await log.drained();
  expect((await log.parked())[0]!.error).toMatch(/unreadable_payload.*n:/);
  expect(await effects(database.db)).toEqual({});
});

test('an error says nothing of the data in the row at fault', async () => {
  await startLog({
    handle: async (_events, tx) => {
      await tx.query(`SELECT 'secret-value'::uuid`);
    },
  });
  await count(database.db, 'a', 1);
  await log.drained();
  expect((await log.parked())[0]!.error).toContain('22P02');
  expect((await log.parked())[0]!.error).not.toContain('secret-value');
});

test('a fault that shows only at the commit is found and parked like any other', async () => {
  await database.owner.query(`
    CREATE TABLE public.parts (key text REFERENCES public.things DEFERRABLE INITIALLY DEFERRED, n int);
    GRANT ALL ON public.parts TO moonbase_host;
    INSERT INTO public.things VALUES ('a'), ('c')`);
  await startLog({
    handle: async (events, tx) => {
      await leaveEffects('test')(events, tx);
      for (const event of events)
        await tx.query('INSERT INTO public.parts VALUES ($1, $2)', [event.key, event.payload.n]);
    },
  });
  await countAll(
    database.db,
    ['a', 'b', 'c', 'b'].map((key, n) => ({ key, n })),
  );
  await log.drained();
  expect(await effects(database.db)).toEqual({ a: [0], c: [2] });
  expect(await log.parked()).toMatchObject([
    { key: 'b', behind: 1, error: expect.stringContaining('23503') },
  ]);
});

test('a statement that nobody waited for is found and parked like any other', async () => {
  await startLog({
    handle: async (events, tx) => {
      for (const event of events) tx.send('SELECT 1 / $1::int', [event.payload.n]);
    },
  });
  await countAll(
    database.db,
    [1, 0, 2].map((n) => ({ key: `key ${n}`, n })),
  );
  await log.drained();
  expect(await log.parked()).toMatchObject([{ key: 'key 0', error: expect.stringContaining('22012') }]);
});
