import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { createLogger } from '@moonbase/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type EventDeclaration, EventLog, eventMigrations, publish } from './events.ts';

const counted = {
  type: 'things.counted',
  version: 1,
  payload: z.object({ n: z.number(), name: z.string().nullable() }),
  personal: ['name'],
} satisfies EventDeclaration;

let database: TestDatabase;
let log: EventLog;
beforeEach(async () => {
  database = await createTestDatabase([eventMigrations]);
  log = new EventLog({ db: database.db, declarations: [counted], log: createLogger({ level: 'warn' }) });
});
afterEach(async () => {
  await log.stop();
  await database.drop();
});

test('what was published is read in order, with dense positions', async () => {
  await log.start();
  for (let n = 0; n < 10; n += 1)
    await database.db.transaction((tx) =>
      publish(tx, counted, { key: `k${n % 3}`, payload: { n, name: 'Ann' }, subjects: ['ann'] }),
    );
  await log.drained();
  const events = await log.read({ after: 0, limit: 100 });
  expect(events.map((event) => event.position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(events.map((event) => event.payload)).toEqual(
    Array.from({ length: 10 }, (_, n) => ({ n, name: 'Ann' })),
  );
});

test('a consumer handles every event once', async () => {
  const seen: number[] = [];
  log.addConsumer({
    name: 'test',
    on: [counted],
    handle: async (events) => void seen.push(...events.map((event) => event.payload.n)),
  });
  await log.start();
  await database.db.transaction((tx) =>
    publish(
      tx,
      counted,
      Array.from({ length: 2500 }, (_, n) => ({ key: `k${n}`, payload: { n, name: null } })),
    ),
  );
  await log.drained();
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 2500 }, (_, n) => n));
});
