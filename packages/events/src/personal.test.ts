import { Database } from '@moonbase/data';
import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { count, counted, createCountingDatabase, createLog, named, until } from '../fixtures/counting.ts';
import {
  type Event,
  type EventLog,
  eraseSubject,
  openKeys,
  publish,
  resolvePseudonyms,
  sealSubjects,
} from './events.ts';

let database: TestDatabase;
let logs: EventLog[];
let names: (string | null)[];
beforeEach(async () => {
  database = await createCountingDatabase();
  logs = [];
  names = [];
});
afterEach(async () => {
  await Promise.all(logs.map((log) => log.stop()));
  await database.drop();
});

async function startLog(db: Database = database.db): Promise<EventLog> {
  const log = createLog(db);
  logs.push(log);
  log.addConsumer({
    name: 'names',
    on: [named],
    handle: async (events) => void names.push(...events.map((event) => event.payload.name)),
  });
  await log.start();
  return log;
}

function name(id: string, value: string | null, friends: { id: string | null; since: number }[] = []) {
  return database.db.transaction((tx) =>
    publish(tx, named, { key: id, payload: { personId: id, name: value, friends }, subjects: [id] }),
  );
}

async function read(log: EventLog): Promise<Event<typeof named>[]> {
  await log.drained();
  return (await log.read({ after: 0, limit: 1_000 })) as unknown as Event<typeof named>[];
}

test('readers get personal fields, the tables do not', async () => {
  const log = await startLog();
  await name('ann', 'Ann Example');
  expect((await read(log))[0]!.payload.name).toBe('Ann Example');
  expect(names).toEqual(['Ann Example']);
  const rows = await database.db.query('SELECT payload::text, personal::text FROM events.log');
  expect(JSON.stringify(rows.rows)).not.toContain('Example');
  expect(JSON.parse(rows.rows[0]!.payload).name).toBeNull();
});

test('a personal field that holds nothing needs no key, one that holds something needs a subject', async () => {
  const log = await startLog();
  const payload = { personId: 'ann', name: null, friends: [] };
  await database.db.transaction((tx) => publish(tx, named, { key: 'ann', payload }));
  expect((await database.db.query('SELECT FROM events.subjects')).rowCount).toBe(0);
  const without = database.db.transaction((tx) =>
    publish(tx, named, { key: 'ann', payload: { ...payload, name: 'Ann' } }),
  );
  await expect(without).rejects.toMatchObject({ code: 'subject_missing' });
  expect(await read(log)).toHaveLength(1);
});

test('an erased person is null for every reader on every host within a second', async () => {
  const second = new Database({ url: database.url, connections: 3 });
  const [one, two] = [await startLog(), await startLog(second)];
  await name('ann', 'Ann');
  await name('bob', 'Bob');
  expect((await read(one)).map((event) => event.payload.name)).toEqual(['Ann', 'Bob']);
  expect((await read(two)).map((event) => event.payload.name)).toEqual(['Ann', 'Bob']);
  await database.db.transaction((tx) => eraseSubject(tx, 'ann'));
  const erasedAt = performance.now();
  expect((await read(one)).map((event) => event.payload.name)).toEqual([null, 'Bob']);
  await until(async () => (await read(two))[0]!.payload.name === null);
  expect(performance.now() - erasedAt).toBeLessThan(1_000);
  await two.stop();
  await second.close();
});

test('an erasure that is rolled back erases nothing', async () => {
  const log = await startLog();
  await name('ann', 'Ann');
  const failing = database.db.transaction(async (tx) => {
    await eraseSubject(tx, 'ann');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await read(log))[0]!.payload.name).toBe('Ann');
});

test('a late event of an erased person is stored without personal data and makes no new key', async () => {
  const log = await startLog();
  await name('ann', 'Ann');
  await database.db.transaction((tx) => eraseSubject(tx, 'ann'));
  await name('ann', 'Ann again');
  expect((await read(log)).map((event) => event.payload.name)).toEqual([null, null]);
  const rows = await database.db.query('SELECT personal FROM events.log WHERE position = 2');
  expect(rows.rows).toEqual([{ personal: null }]);
  const keys = await database.db.query('SELECT key, pseudonym FROM events.subjects');
  expect(keys.rows).toEqual([{ key: null, pseudonym: null }]);
});

test('a person erased before the first event stays erased', async () => {
  const log = await startLog();
  await database.db.transaction((tx) => eraseSubject(tx, 'ann'));
  await name('ann', 'Ann');
  expect((await read(log))[0]!.payload.name).toBeNull();
});

test('two transactions that speak of a new person at once use one key', async () => {
  const log = await startLog();
  await Promise.all(Array.from({ length: 8 }, (_, i) => name('ann', `Ann ${i}`)));
  const all = await read(log);
  expect(all.map((event) => event.payload.name).sort()).toEqual(
    Array.from({ length: 8 }, (_, i) => `Ann ${i}`),
  );
  expect((await database.db.query('SELECT FROM events.subjects')).rowCount).toBe(1);
});

test('a key made in a transaction that rolls back is not used afterwards', async () => {
  const log = await startLog();
  const failing = database.db.transaction(async (tx) => {
    await publish(tx, named, {
      key: 'ann',
      payload: { personId: 'ann', name: 'Ann', friends: [] },
      subjects: ['ann'],
    });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await name('ann', 'Ann');
  expect((await read(log))[0]!.payload.name).toBe('Ann');
});

test('the lake gets no personal fields, and people by pseudonyms that stay the same', async () => {
  const log = await startLog();
  await name('ann', 'Ann', [
    { id: 'bob', since: 1999 },
    { id: null, since: 2000 },
  ]);
  await name('bob', 'Bob', [{ id: 'ann', since: 1999 }]);
  const lake = (await read(log)).map((event) => log.lake(event)) as {
    personId: string;
    friends: { id: string }[];
  }[];
  expect(JSON.stringify(lake)).not.toMatch(/ann|bob/i);
  expect(lake[0]).toEqual({
    personId: lake[1]!.friends[0]!.id,
    friends: [
      { id: lake[1]!.personId, since: 1999 },
      { id: null, since: 2000 },
    ],
  });
  const people = await resolvePseudonyms(database.db, [
    lake[0]!.personId,
    lake[1]!.personId,
    crypto.randomUUID(),
  ]);
  expect([...people.values()].sort()).toEqual(['ann', 'bob']);
});

test('an erased person is nobody in the lake, and has no pseudonym any more', async () => {
  const log = await startLog();
  await name('ann', 'Ann');
  const before = log.lake((await read(log))[0]!) as { personId: string };
  await database.db.transaction((tx) => eraseSubject(tx, 'ann'));
  const [event] = await read(log);
  expect(log.lake(event!)).toEqual({ personId: null, friends: [] });
  expect(await resolvePseudonyms(database.db, [before.personId])).toEqual(new Map());
});

test('what a host does not know is not given to the lake', async () => {
  const log = await startLog();
  const unknown = { ...counted, type: 'things.unknown' } as const;
  await database.db.transaction((tx) => publish(tx, unknown, { key: 'a', payload: { n: 1 } }));
  await count(database.db, 'a', 2);
  const [first, second] = await read(log);
  expect(() => log.lake(first as unknown as Event)).toThrow(
    expect.objectContaining({ code: 'unknown_version' }),
  );
  expect(log.lake(second as unknown as Event)).toEqual({ n: 2 });
});

test('a ciphertext moved to another event or changed is not read as if it were its own', async () => {
  const log = await startLog();
  await name('ann', 'Ann');
  await name('ann', 'Anna');
  await log.drained();
  await log.stop();
  await database.db.query(
    'UPDATE events.log l SET personal = (SELECT personal FROM events.log WHERE position = 1) WHERE position = 2',
  );
  const other = await startLog();
  await expect(read(other)).rejects.toThrow(/authenticate/);
});

test('the keys of people lie in the database encrypted; those that an older release left in the clear are read, and sealed at the next start', async () => {
  const log = await startLog();
  await name('ann', 'Ann');
  const stored = () =>
    database.db.query<{ id: string; key: Buffer }>('SELECT id, key FROM events.subjects ORDER BY id');
  const [sealed] = (await stored()).rows;
  const [bare] = await openKeys(database.db, [{ ...sealed!, pseudonym: null }]);
  expect(bare!.key).toHaveLength(32);
  expect(sealed!.key.includes(bare!.key!)).toBe(false);

  await database.db.query('UPDATE events.subjects SET key = $1', [bare!.key]);
  await name('ann', 'Ann again');
  expect((await read(log)).map((event) => event.payload.name)).toEqual(['Ann', 'Ann again']);
  expect(await sealSubjects(database.db)).toBe(1);
  expect(await sealSubjects(database.db)).toBe(0);
  expect((await stored()).rows[0]!.key.includes(bare!.key!)).toBe(false);
  await name('ann', 'Ann once more');
  expect((await read(log)).at(-1)!.payload.name).toBe('Ann once more');
});

test('a key that was put in another person’s row reads nothing', async () => {
  await name('ann', 'Ann');
  await name('bob', 'Bob');
  await database.db.query(
    `UPDATE events.subjects SET key = (SELECT key FROM events.subjects WHERE id = 'ann') WHERE id = 'bob'`,
  );
  await expect(name('bob', 'Bob again')).rejects.toMatchObject({ code: 'secret_unreadable' });
});
