import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { migrate } from './migrate.ts';

const fixtures = new URL('../fixtures/migrations/', import.meta.url);
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

test('a migration runs once, also when two processes migrate at the same time', async () => {
  const sets = [{ schema: 'notes', folder: fixtures }];
  const [one, two] = await Promise.all([migrate(database.owner, sets), migrate(database.owner, sets)]);
  expect(one.length + two.length).toBe(1);
  expect(await migrate(database.owner, sets)).toEqual([]);
});

test('a changed old file is refused and nothing runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(fixtures, folder, { recursive: true });
  const sets = [{ schema: 'notes', folder: pathToFileURL(`${folder}/`) }];
  await migrate(database.owner, sets);
  await writeFile(join(folder, '0001-notes.sql'), 'SELECT 1;');
  await writeFile(join(folder, '0002-more.sql'), 'CREATE TABLE more ();');
  await expect(migrate(database.owner, sets)).rejects.toMatchObject({ code: 'migration_changed' });
  const more = await database.owner.query(`SELECT to_regclass('notes.more') AS name`);
  expect(more.rows[0]).toEqual({ name: null });
});

test('a failing migration is named and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(folder, '0001-half.sql'), 'CREATE TABLE half (); SELECT broken;');
  const sets = [{ schema: 'half', folder: pathToFileURL(`${folder}/`) }];
  await expect(migrate(database.owner, sets)).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('half/0001-half.sql'),
  });
  const half = await database.owner.query(`SELECT to_regclass('half.half') AS name`);
  expect(half.rows[0]).toEqual({ name: null });
});

test('a host reads and writes rows but owns nothing', async () => {
  await migrate(database.owner, [{ schema: 'notes', folder: fixtures }]);
  await database.db.query('SELECT * FROM notes.notes');
  await expect(database.db.query('DROP TABLE notes.notes')).rejects.toThrow(/must be owner/);
});
