import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase, useTestMasterKey } from '../testing.ts';
import { checkDataKeys, dataKeyStates, retireMasterKeys, rewrapNext } from './data-keys.ts';
import { EVERYTHING, limited } from './limited-database.ts';
import { localMasterKey, masterKeyFile, readKeyFile, readMasterKeys, useMasterKeys } from './master-keys.ts';
import { decryptSecret, encryptSecret, isSealed, opener, sealColumn, sealer } from './secrets.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
afterEach(useTestMasterKey);

const place = { purpose: 'tests.hooks', row: 'one' };

test('a secret comes back, its ciphertext shows nothing of it and differs each time', async () => {
  const first = await encryptSecret(database.db, place, 'whsec_hunter2');
  const second = await encryptSecret(database.db, place, 'whsec_hunter2');
  expect(isSealed(first)).toBe(true);
  expect(first).not.toContain('hunter2');
  expect(second).not.toBe(first);
  expect(await decryptSecret(database.db, place, first)).toBe('whsec_hunter2');
});

test('moved to another row or purpose, changed or cut, a ciphertext cannot be read', async () => {
  const sealed = await encryptSecret(database.db, place, 'whsec_hunter2');
  await encryptSecret(database.db, { purpose: 'tests.other', row: 'one' }, 'x');
  const unreadable = { code: 'secret_unreadable' };
  const read = (where: typeof place, text: string) => decryptSecret(database.db, where, text);
  await expect(read({ ...place, row: 'two' }, sealed)).rejects.toMatchObject(unreadable);
  await expect(read({ ...place, purpose: 'tests.other' }, sealed)).rejects.toMatchObject(unreadable);
  await expect(read(place, `${sealed.slice(0, -4)}AAAA`)).rejects.toMatchObject(unreadable);
  await expect(read(place, sealed.slice(0, 40))).rejects.toMatchObject(unreadable);
  await expect(read(place, 'whsec_hunter2')).rejects.toMatchObject(unreadable);
});

test('within a request the same holds, and requests change no data key', async () => {
  const request = limited(database.db, EVERYTHING);
  const sealed = await encryptSecret(request, { purpose: 'tests.request', row: '1' }, 'inside');
  expect(await decryptSecret(request, { purpose: 'tests.request', row: '1' }, sealed)).toBe('inside');
  await expect(request.query('UPDATE moonbase.data_keys SET wrapped = wrapped')).rejects.toThrow(
    'permission',
  );
});

test('two that need the first key of a purpose at once agree on one', async () => {
  const places = Array.from({ length: 8 }, (_, index) => ({ purpose: 'tests.race', row: String(index) }));
  const sealed = await Promise.all(places.map((each) => encryptSecret(database.db, each, each.row)));
  const read = await Promise.all(
    places.map((each, index) => decryptSecret(database.db, each, sealed[index]!)),
  );
  expect(read).toEqual(places.map(({ row }) => row));
  const states = await dataKeyStates(database.db);
  expect(states.filter(({ purpose }) => purpose === 'tests.race')).toHaveLength(1);
});

test('bytes are sealed in numbers', async () => {
  const seal = await sealer(database.db, 'tests.bytes');
  const sealed = ['a', 'b'].map((row) => seal(row, Buffer.from(`key of ${row}`)));
  const open = await opener(database.db, 'tests.bytes', sealed);
  expect(open('b', sealed[1]!).toString()).toBe('key of b');
  expect(() => open('a', sealed[1]!)).toThrow('cannot be decrypted');
  expect(() => open('a', randomBytes(32))).toThrow('cannot be decrypted');
});

test('what a column holds in the clear is encrypted once, and what is encrypted stays', async () => {
  await database.owner.query(
    `CREATE TABLE moonbase.hooks (id int, secret text); INSERT INTO moonbase.hooks VALUES (1, 'plain'), (2, 'bare')`,
  );
  const column = { purpose: 'tests.column', table: 'moonbase.hooks', id: 'id', column: 'secret' };
  expect(await sealColumn(database.owner, column)).toBe(2);
  expect(await sealColumn(database.owner, column)).toBe(0);
  const rows = await database.owner.query<{ id: number; secret: string }>(
    'SELECT * FROM moonbase.hooks ORDER BY id',
  );
  expect(JSON.stringify(rows.rows)).not.toMatch(/plain|bare/);
  const read = (index: number) =>
    decryptSecret(database.db, { purpose: 'tests.column', row: String(index + 1) }, rows.rows[index]!.secret);
  expect([await read(0), await read(1)]).toEqual(['plain', 'bare']);
});

test('a rotation can be killed after any data key: both master keys are accepted until it is done, then the old one is not', async () => {
  const own = await createTestDatabase();
  const [old, next] = [localMasterKey(randomBytes(32)), localMasterKey(randomBytes(32))];
  try {
    useMasterKeys(() => [old]);
    const places = ['a', 'b', 'c'].map((purpose) => ({ purpose: `tests.${purpose}`, row: '1' }));
    const sealed = await Promise.all(places.map((each) => encryptSecret(own.db, each, each.purpose)));

    useMasterKeys(() => [next]);
    await expect(checkDataKeys(own.db)).rejects.toMatchObject({ code: 'secret_key_wrong' });

    useMasterKeys(() => [next, old]);
    expect(await own.db.transaction(rewrapNext)).toBe('tests.a');
    expect(await own.db.transaction(retireMasterKeys)).toBeUndefined();
    // Killed here, and started again: a process that has never seen the data keys reads them all.
    await checkDataKeys(own.db);
    while (await own.db.transaction(rewrapNext));
    expect(await own.db.transaction(retireMasterKeys)).toEqual([old.id]);

    useMasterKeys(() => [next]);
    await checkDataKeys(own.db);
    const read = await Promise.all(places.map((each, index) => decryptSecret(own.db, each, sealed[index]!)));
    expect(read).toEqual(places.map(({ purpose }) => purpose));

    // A host that has only the old one neither starts nor makes further keys with it.
    useMasterKeys(() => [old]);
    await expect(checkDataKeys(own.db)).rejects.toMatchObject({ code: 'secret_key_retired' });
    await expect(encryptSecret(own.db, { purpose: 'tests.late', row: '1' }, 'x')).rejects.toMatchObject({
      code: 'secret_key_retired',
    });
  } finally {
    await own.drop();
  }
});

test('without a master key, or with text that is none, nothing is encrypted', async () => {
  useMasterKeys(() => []);
  await expect(encryptSecret(database.db, { purpose: 'tests.none', row: '1' }, 'x')).rejects.toMatchObject({
    code: 'secret_key_missing',
  });
  const key = randomBytes(32).toString('base64');
  for (const text of ['hunter2', key.slice(0, 20), `${key}AAAA`, `${key.slice(0, 40)}!!!=`])
    expect(() => readMasterKeys(text)).toThrow('has not the right form');
  expect(readMasterKeys(`${key}, ${randomBytes(32).toString('base64')}\n`)).toHaveLength(2);
});

test('the key file is made once, for its owner only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonbase-key-'));
  try {
    const file = join(folder, 'secret.key');
    expect(() => readKeyFile(file)).toThrow('no master key');
    const [made] = await masterKeyFile(file, { create: true })();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await masterKeyFile(file, { create: true })()).map(({ id }) => id)).toEqual([made!.id]);
    expect(made!.id).not.toContain(readFileSync(file, 'utf8').slice(0, 8));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
