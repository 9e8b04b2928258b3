import type { TestDatabase } from '@moonbase/data/testing';
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { count, counted, createCountingDatabase, openTransaction } from '../fixtures/counting.ts';
import { publish } from './events.ts';
import { InboxFloor, inboxWriters } from './inbox-floor.ts';

let database: TestDatabase;
let client: pg.Client;
let floor: InboxFloor;
beforeEach(async () => {
  database = await createCountingDatabase();
  client = await database.db.connect();
  floor = new InboxFloor(0);
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function round(): Promise<number> {
  const answer = await client.query<{ taken: number; newest: number | null }>(
    'SELECT taken, newest FROM events.sequence_events(4000, $1)',
    [floor.begin()],
  );
  const { taken, newest } = answer.rows[0]!;
  floor.took(newest, true);
  return taken;
}

async function look(): Promise<void> {
  const newest = floor.due();
  if (newest !== undefined) floor.saw(newest, await inboxWriters(client));
}

test('the floor rises above rows that are done', async () => {
  await count(database.db, 'a', 1, 2, 3);
  expect(await round()).toBe(3);
  await look();
  expect(floor.begin()).toBe(0);
  await round();
  expect(floor.begin()).toBe(4);
});

test('the floor does not pass a row whose transaction is open, however long', async () => {
  const slow = await openTransaction(database);
  await count(database.db, 'a', 1, 2, 3);
  for (let i = 0; i < 5; i += 1) {
    await round();
    await look();
  }
  expect(floor.begin()).toBeLessThanOrEqual(1);
  await slow.commit();
  expect(await round()).toBe(1);
  await look();
  await round();
  expect(floor.begin()).toBeGreaterThan(1);
});

test('transactions that read, or write elsewhere, do not hold the floor', async () => {
  const reader = await database.db.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT count(*) FROM events.inbox');
  await count(database.db, 'a', 1, 2);
  await round();
  await look();
  await round();
  expect(floor.begin()).toBe(3);
  await reader.query('ROLLBACK');
  await reader.end();
});

test('a row that was rolled back does not hold the floor', async () => {
  const failing = database.db.transaction(async (tx) => {
    await publish(tx, counted, { key: 'a', payload: { n: 1 } });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await count(database.db, 'a', 2);
  await round();
  await look();
  await round();
  expect(floor.begin()).toBe(3);
});

test('a row that is drawn while the writers are looked at is not passed', async () => {
  await count(database.db, 'a', 1);
  await round();
  const newest = floor.due()!;
  const writers = await inboxWriters(client);
  const slow = await openTransaction(database);
  await count(database.db, 'a', 2);
  await round();
  floor.saw(newest, writers);
  await round();
  await slow.commit();
  expect(await round()).toBe(1);
});

test('a round that was under way when the last writer ended does not lift the floor', async () => {
  const slow = await openTransaction(database);
  await count(database.db, 'a', 1);
  await round();
  await look();
  // It has begun, and looked at the inbox, when the slow one commits and this is noticed.
  floor.begin();
  await slow.commit();
  await look();
  floor.took(null, true);
  expect(floor.begin()).toBeLessThanOrEqual(1);
  expect(await round()).toBe(1);
});

test('a round that could not take everything does not lift the floor', async () => {
  await count(database.db, 'a', 1, 2);
  await round();
  await look();
  floor.begin();
  floor.took(null, false);
  expect(floor.begin()).toBe(0);
});
