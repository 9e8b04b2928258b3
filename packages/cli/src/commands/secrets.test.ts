import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptSecret, encryptSecret, localMasterKey, readKeyFile, writeKeyFile } from '@moonbase/data';
import { createTestDatabase, type TestDatabase, useTestMasterKey } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '../environment.ts';
import { takeSecretKeys } from '../secret-key.ts';
import { describeSecrets, rotate } from './secrets.ts';

let database: TestDatabase;
let folder: string;
let printed: string[];
const place = { purpose: 'tests.hooks', row: '1' };
beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'moonbase-rotate-'));
  printed = [];
});
afterEach(async () => {
  useTestMasterKey();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
const print = (line: string) => void printed.push(line);

test('on a laptop a new key is made, everything is brought under it, and the old one is gone', async () => {
  const keys = takeSecretKeys(readEnvironment({}), folder);
  const file = join(folder, 'secret.key');
  const sealed = await encryptSecret(database.db, place, 'hunter2');
  const [old] = readKeyFile(file);
  await rotate(database.db, keys, print);
  const after = readKeyFile(file);
  expect(after).toHaveLength(1);
  expect(after[0]).not.toEqual(old);
  expect(await decryptSecret(database.db, place, sealed)).toBe('hunter2');
  const lines = await describeSecrets(database.db, keys);
  expect(lines[0]).toContain(`Master key ${localMasterKey(after[0]!).id} from`);
  expect(lines.at(-1)).toBe('1 of 1 data keys are under it.');
  // Ids, never keys.
  expect([...lines, ...printed].join('\n')).not.toContain(readFileSync(file, 'utf8').trim());
});

test('a rotation that was killed after making the key goes on with that key', async () => {
  const keys = takeSecretKeys(readEnvironment({}), folder);
  const file = join(folder, 'secret.key');
  await encryptSecret(database.db, place, 'hunter2');
  const made = randomBytes(32);
  writeKeyFile(file, [made, ...readKeyFile(file)]);
  expect((await describeSecrets(database.db, keys)).at(-1)).toMatch(/^0 of 1 .*moon secrets rotate/);
  await rotate(database.db, keys, print);
  expect(readKeyFile(file)).toEqual([made]);
});

test('with keys of the environment the new one stands in front; with one alone there is nothing to do', async () => {
  const [old, next] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
  const take = (text: string) => takeSecretKeys(readEnvironment({ MOON_SECRET_KEY: text }), folder);
  const alone = take(old!);
  const sealed = await encryptSecret(database.db, place, 'hunter2');
  await expect(rotate(database.db, alone, print)).rejects.toThrow('nothing to rotate to');
  await expect(rotate(database.db, take(next!), print)).rejects.toMatchObject({ code: 'secret_key_wrong' });
  await rotate(database.db, take(`${next},${old}`), print);
  expect(printed.at(-1)).toContain('out of MOON_SECRET_KEY now');
  take(next!);
  expect(await decryptSecret(database.db, place, sealed)).toBe('hunter2');
});
