import type { TestDatabase } from '@moonbase/data/testing';
import { withContext } from '@moonbase/telemetry';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { count, countAll, counted, createCountingDatabase, createLog } from '../fixtures/counting.ts';
import { causedBy, type Event, type EventDeclaration, type EventLog, publish } from './events.ts';

let database: TestDatabase;
let events: EventLog;
let before: number;
beforeAll(async () => {
  database = await createCountingDatabase();
  events = createLog(database.db);
  await events.start();
});
beforeEach(() => {
  before = events.head;
});
afterAll(async () => {
  await events.stop();
  await database.drop();
});

/** What the test published, positions counted from its start. */
async function published(): Promise<Event<typeof counted>[]> {
  await events.drained();
  const all = (await events.read({ after: before, limit: 10_000 })) as unknown as Event<typeof counted>[];
  return all.map((event) => ({ ...event, position: event.position - before }));
}

test('an event exists if and only if its transaction commits', async () => {
  await count(database.db, 'a', 1);
  const failing = database.db.transaction(async (tx) => {
    await publish(tx, counted, { key: 'a', payload: { n: 2 } });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await count(database.db, 'a', 3);
  expect((await published()).map((event) => [event.position, event.payload.n])).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test('what is published in one transaction keeps its order, in one call or several', async () => {
  await database.db.transaction(async (tx) => {
    await publish(
      tx,
      counted,
      [1, 2].map((n) => ({ key: `k${n}`, payload: { n } })),
    );
    await publish(tx, counted, { key: 'k3', payload: { n: 3 } });
  });
  expect((await published()).map((event) => event.payload.n)).toEqual([1, 2, 3]);
});

test('thousands of events in one call get dense positions in their order', async () => {
  const numbers = Array.from({ length: 5_500 }, (_, n) => n);
  const ids = await countAll(
    database.db,
    numbers.map((n) => ({ key: `k${n % 7}`, n })),
  );
  const all = await published();
  expect(all.map((event) => event.payload.n)).toEqual(numbers);
  expect(all.map((event) => event.position)).toEqual(numbers.map((n) => n + 1));
  expect(all.map((event) => event.id)).toEqual(ids);
});

test('publishing nothing publishes nothing', async () => {
  expect(await countAll(database.db, [])).toEqual([]);
  expect(await published()).toEqual([]);
});

test('the envelope carries who did it, because of what, when, and whose data it is', async () => {
  const subjects = ['plain', 'with,comma', 'with "quotes"', 'back\\slash', '{braces}', 'ünï 🌙', 'null', ''];
  const occurredAt = new Date('1999-12-31T23:59:59.123Z');
  const trace = 'a'.repeat(32);
  await withContext({ actor: 'person:1', cause: 'request-1', traceId: trace }, () =>
    database.db.transaction((tx) =>
      publish(tx, counted, { key: 'k"\\,🌙', payload: { n: 1 }, subjects, occurredAt }),
    ),
  );
  const [event] = await published();
  expect(event).toMatchObject({
    type: 'things.counted',
    version: 1,
    key: 'k"\\,🌙',
    subjects,
    occurredAt,
    actor: 'person:1',
    cause: 'request-1',
    trace,
  });
  expect(Math.abs(Date.now() - event!.recordedAt.getTime())).toBeLessThan(60_000);
});

test('without a context the system did it, when it was published', async () => {
  await count(database.db, 'a', 1);
  const [event] = await published();
  expect(event).toMatchObject({ actor: 'system', cause: null, trace: null, subjects: [] });
  expect(event!.occurredAt).toEqual(event!.recordedAt);
});

test('events of one call can follow from different events', async () => {
  await withContext({ actor: 'person:1', cause: 'request-1', traceId: 'b'.repeat(32) }, async () => {
    await database.db.transaction((tx) =>
      publish(tx, counted, [
        { key: 'a', payload: { n: 1 }, context: causedBy({ id: 'e1', actor: 'key:9', trace: null }) },
        { key: 'a', payload: { n: 2 }, context: { cause: null } },
        { key: 'a', payload: { n: 3 } },
      ]),
    );
  });
  expect((await published()).map(({ actor, cause, trace }) => [actor, cause, trace])).toEqual([
    ['key:9', 'e1', null],
    ['person:1', null, 'b'.repeat(32)],
    ['person:1', 'request-1', 'b'.repeat(32)],
  ]);
});

test('a payload that does not match its declaration is refused with the field, and nothing is published', async () => {
  const bad = { key: 'a', payload: { n: 'one' } } as never;
  const call = database.db.transaction((tx) => publish(tx, counted, [{ key: 'a', payload: { n: 1 } }, bad]));
  await expect(call).rejects.toMatchObject({
    code: 'invalid_payload',
    message: expect.stringContaining('things.counted: n:'),
  });
  expect(await published()).toEqual([]);
});

test('fields that the declaration does not know are not stored, and defaults are', async () => {
  const withDefault = {
    type: 'things.counted',
    version: 1,
    payload: z.object({ n: z.number().default(7) }),
  } satisfies EventDeclaration;
  await database.db.transaction((tx) =>
    publish(tx, withDefault, { key: 'a', payload: { secret: 'x' } as never }),
  );
  await events.drained();
  const stored = await database.db.query('SELECT payload FROM events.log WHERE position > $1', [before]);
  expect(stored.rows).toEqual([{ payload: { n: 7 } }]);
});

test.each([
  ['an empty key', { key: '', payload: { text: 'fine' } }],
  ['a date that is none', { key: 'a', payload: { text: 'fine' }, occurredAt: new Date(Number.NaN) }],
  ['a year beyond 9999', { key: 'a', payload: { text: 'fine' }, occurredAt: new Date('+012000-01-01') }],
  ['a payload of more than a mebibyte', { key: 'a', payload: { text: 'x'.repeat(1_100_000) } }],
  ['a NUL character', { key: 'a', payload: { text: 'a\0b' } }],
  ['half a surrogate pair', { key: 'a', payload: { text: '\ud83d' } }],
  ['a NUL character in the key', { key: 'a\0', payload: { text: 'fine' } }],
  ['half a surrogate pair in a subject', { key: 'a', payload: { text: 'fine' }, subjects: ['\udc00'] }],
])('%s is refused', async (_what, event) => {
  const call = database.db.transaction((tx) => publish(tx, texted, event));
  await expect(call).rejects.toMatchObject({ code: 'invalid_event' });
  expect(await published()).toEqual([]);
});

const texted = {
  type: 'things.said',
  version: 1,
  payload: z.object({ text: z.string() }),
} satisfies EventDeclaration;

test('text that only speaks of escapes is fine, as is everything else that JSON can hold', async () => {
  const texts = ['\\u0000', '\\\\ud83d', 'line\nbreak\r\n\u2028', '🌙 "quoted" \\', '\u0001'];
  await database.db.transaction((tx) =>
    publish(
      tx,
      texted,
      texts.map((text) => ({ key: text, payload: { text } })),
    ),
  );
  const all = await published();
  expect(all.map((event) => event.payload)).toEqual(texts.map((text) => ({ text })));
  expect(all.map((event) => event.key)).toEqual(texts);
});

test.each([
  ['a type without a noun', { type: 'counted', version: 1, payload: z.object({}) }],
  ['a version that is no number from 1', { type: 'a.b', version: 0, payload: z.object({}) }],
  [
    'a personal field that is not there',
    { type: 'a.b', version: 1, payload: z.object({}), personal: ['name'] },
  ],
  [
    'a personal field that can not be null',
    { type: 'a.b', version: 1, payload: z.object({ name: z.string() }), personal: ['name'] },
  ],
])('%s is refused', async (_what, declaration) => {
  const call = database.db.transaction((tx) =>
    publish(tx, declaration as EventDeclaration, { key: 'a', payload: {} }),
  );
  await expect(call).rejects.toMatchObject({ code: 'invalid_declaration' });
});
