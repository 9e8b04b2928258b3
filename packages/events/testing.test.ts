import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count, counted, named } from './fixtures/counting.ts';
import { eventMigrations, publish } from './src/events.ts';
import { eventOf, startTestLog, type TestLog } from './testing.ts';

let database: TestDatabase;
let events: TestLog;
const seen: number[] = [];
beforeAll(async () => {
  database = await createTestDatabase([eventMigrations]);
  events = await startTestLog(database, {
    declarations: [counted, named],
    consumers: [
      {
        name: 'doubles',
        on: [counted],
        handle: async (all, tx) => {
          for (const { key, payload } of all) {
            seen.push(payload.n);
            if (payload.n < 10) await publish(tx, counted, { key, payload: { n: payload.n * 10 } });
          }
        },
      },
    ],
  });
  await count(database.db, 'a', 1, 2);
});
afterAll(async () => {
  await events.stop();
  await database.drop();
});

test('what was published is there, and what its reactions published', async () => {
  const published = await events.published(counted);
  expect(published.map((event) => event.payload.n).sort((a, b) => a - b)).toEqual([1, 2, 10, 20]);
  expect(seen).toHaveLength(4);
});

test('an expectation is met or says what there is instead', async () => {
  const [event] = await events.expectPublished(counted, { key: 'a', payload: { n: 20 } });
  expect(event!.payload).toEqual({ n: 20 });
  await events.expectPublished(counted, { times: 4 });
  await events.expectNotPublished(named);
  await events.expectNotPublished(counted, { key: 'b' });
  await expect(events.expectPublished(counted, { key: 'b' })).rejects.toThrow('found 0 among 4');
  await expect(events.expectPublished(counted, { times: 3 })).rejects.toThrow('found 4 among 4');
  await expect(events.expectNotPublished(counted, { payload: { n: 1 } })).rejects.toThrow('found 1 among 4');
});

test('an event can be made as the log delivers it', () => {
  const event = eventOf(counted, { key: 'a', payload: { n: 1 } });
  expect(event).toMatchObject({
    type: 'things.counted',
    version: 1,
    key: 'a',
    payload: { n: 1 },
    actor: 'system',
  });
  expect(eventOf(counted, { key: 'a', payload: { n: 2 } }).position).toBeGreaterThan(event.position);
  expect(() => eventOf(counted, { key: 'a', payload: { n: 'x' } as never })).toThrow();
});
