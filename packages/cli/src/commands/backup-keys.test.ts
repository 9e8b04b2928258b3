import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, localMasterKey, useMasterKeys } from '@moonbase/data';
import { createTestDatabase, type TestDatabase, useTestMasterKey } from '@moonbase/data/testing';
import { type EventDeclaration, eraseSubject, openKeys, publish, readPersonal } from '@moonbase/events';
import { allMigrations } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readKeys, writeKeys } from './backup-keys.ts';
import { findLeft } from './check-erased.ts';

const named = {
  type: 'bench.named',
  version: 1,
  payload: z.object({ name: z.string().nullable() }),
  personal: ['name'],
} as const satisfies EventDeclaration;

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase(allMigrations([]));
  folder = await mkdtemp(join(tmpdir(), 'moonbase-keys-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const names = async (id: string) => {
  const found: unknown[] = [];
  for await (const page of readPersonal(database.db, id))
    found.push(...page.map(({ fields }) => fields.name));
  return found;
};

test('keys come back from their backup, but not of people who were erased since', async () => {
  const { db, owner } = database;
  for (const id of ['ann', 'ben'])
    await db.transaction((tx) =>
      publish(tx, named, { key: id, subjects: [id], payload: { name: `Name of ${id}` } }),
    );
  await owner.query(`SELECT events.sequence_events(100, 0)`);
  const { file, subjects } = await writeKeys(db, folder, 'a long enough passphrase', new Date());
  expect(subjects).toBe(2);
  expect(await readFile(file, 'utf8')).not.toMatch(/ann|ben/);

  const erased = { ...named, type: 'bench.erased', personal: [] } as const;
  await db.transaction(async (tx) => {
    await publish(tx, erased, { key: 'ben', subjects: ['ben'], payload: { name: null } });
    await eraseSubject(tx, 'ben');
  });
  await owner.query(`SELECT events.sequence_events(100, 0)`);
  // As after a restore of the database without this table.
  await owner.query('TRUNCATE events.subjects');
  expect(await names('ann')).toEqual([]);
  await expect(readKeys(db, file, 'another long passphrase')).rejects.toThrow('passphrase is another');
  expect(await readKeys(db, file, 'a long enough passphrase')).toEqual({ restored: 2, erased: 1 });
  expect(await names('ann')).toEqual(['Name of ann']);
  expect(await names('ben')).toEqual([]);
  expect(await findLeft(db, [], 'person', 'ben')).toEqual([]);
  expect(await findLeft(db, [], 'person', 'ann')).toEqual([
    'The key of person ann was not deleted: nobody erased it.',
    'events.subjects: 1 row',
  ]);
});

test('a backup that was cut off or changed is refused, and brings nothing', async () => {
  const { file } = await writeKeys(database.db, folder, 'a long enough passphrase', new Date());
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  for (const broken of [lines.slice(0, -1), [lines[0], lines.at(-1)], ['nothing']]) {
    const copy = join(folder, 'broken');
    await writeFile(copy, `${broken.join('\n')}\n`);
    await expect(readKeys(database.db, copy, 'a long enough passphrase')).rejects.toThrow();
  }
});

test('files past their period are removed, others stay', async () => {
  const now = new Date();
  const { file } = await writeKeys(
    database.db,
    folder,
    'a long enough passphrase',
    new Date(now.getTime() - 5_000),
  );
  const old = new Date(now.getTime() - 31 * 86_400_000);
  await utimes(file, old, old);
  await writeFile(join(folder, 'mine.txt'), 'stays');
  await utimes(join(folder, 'mine.txt'), old, old);
  expect((await writeKeys(database.db, folder, 'a long enough passphrase', now)).removed).toBe(1);
  await expect(readFile(file)).rejects.toThrow();
  expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('stays');
});

test('keys come back into an installation with another master key', async () => {
  const { file } = await writeKeys(database.db, folder, 'a long enough passphrase', new Date());
  const other = await createTestDatabase(allMigrations([]));
  try {
    const key = localMasterKey(randomBytes(32));
    useMasterKeys(() => [key]);
    expect((await readKeys(other.db, file, 'a long enough passphrase')).restored).toBe(2);
    const stored = (db: Database) =>
      db.query<{ id: string; key: Buffer; pseudonym: string }>(
        'SELECT id, key, pseudonym FROM events.subjects WHERE key IS NOT NULL ORDER BY id',
      );
    const [here, there] = [await stored(database.db), await stored(other.db)];
    expect(there.rows[0]!.key).not.toEqual(here.rows[0]!.key);
    const opened = await openKeys(other.db, there.rows);
    useTestMasterKey();
    expect(opened).toEqual(await openKeys(database.db, here.rows));
  } finally {
    useTestMasterKey();
    await other.drop();
  }
});
