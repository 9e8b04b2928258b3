import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { eventMigrations, publish } from '@moonbase/events';
import { startTestLog, type TestLog } from '@moonbase/events/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { thingCounted } from '../fixtures/thing-counted.ts';
import { Warehouse, warehouseMigrations } from './warehouse.ts';

const loader = fileURLToPath(new URL('../fixtures/killed-loader.ts', import.meta.url));
const EVENTS = 300;

let database: TestDatabase;
let folder: string;
let events: TestLog;
beforeEach(async () => {
  database = await createTestDatabase([eventMigrations, warehouseMigrations]);
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  events = await startTestLog(database, { declarations: [thingCounted] });
  await database.db.transaction((tx) =>
    publish(
      tx,
      thingCounted,
      Array.from({ length: EVENTS }, (_, n) => ({ key: String(n), payload: { n } })),
    ),
  );
  await events.drained();
});
afterEach(async () => {
  await events.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

for (const step of ['files written', 'catalogue written'])
  test(`a loader killed when the ${step} leaves every event to the next one, once`, async () => {
    const child = spawn(process.execPath, [loader, database.url, folder, step], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.parquet'));
    expect(files).toHaveLength(1);
    expect((await database.db.query('SELECT FROM warehouse.files')).rowCount).toBe(0);

    const next = new Warehouse({
      db: database.db,
      folder,
      declarations: [thingCounted],
      eventLog: events.log,
    });
    try {
      const question = 'SELECT count(*), count(DISTINCT n), min(position), max(position) FROM things_counted';
      const all = [[EVENTS, EVENTS, 1, EVENTS]];
      expect((await next.query(question)).rows).toEqual(all);
      expect(await next.load()).toBe(EVENTS);
      expect((await next.query(question)).rows).toEqual(all);
      expect((await next.reconcile()).differences).toEqual([]);
    } finally {
      await next.stop();
    }
  });
