import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localMasterKey } from '@moonbase/data';
import { TEST_MASTER_KEY } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXAMPLE_KEY, readEnvironment } from './environment.ts';
import { checkSecrets, isProduction, KNOWN_MASTER_KEYS, secretKeysOf } from './secret-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const good = () => randomBytes(32).toString('base64');

async function refusal(variables: Record<string, string>): Promise<string> {
  const environment = readEnvironment(variables);
  try {
    await checkSecrets(environment, secretKeysOf(environment, folder));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('production is what says so, and a database server with a host that others reach', () => {
  const production = (variables: Record<string, string>, host: string) =>
    isProduction(readEnvironment(variables), host);
  const url = { DATABASE_URL: 'postgres://moon@127.0.0.1/moon' };
  expect(production({}, '127.0.0.1')).toBe(false);
  expect(production({}, '0.0.0.0')).toBe(false);
  expect(production(url, '127.0.0.1')).toBe(false);
  expect(production(url, '0.0.0.0')).toBe(true);
  expect(production({ NODE_ENV: 'production' }, '127.0.0.1')).toBe(true);
  expect(production({ MOON_ENV: 'production' }, '127.0.0.1')).toBe(true);
  expect(production({ ...url, MOON_ENV: 'development' }, '0.0.0.0')).toBe(false);
});

test('in production the key that a laptop makes is refused, and none is made', async () => {
  expect(await refusal({})).toContain('a master key that it made by itself');
  expect(readdirSync(folder)).toEqual([]);
});

test('the keys of the example and of the tests are known and refused', async () => {
  const known = [Buffer.from(EXAMPLE_KEY, 'base64'), TEST_MASTER_KEY];
  expect(known.map((key) => localMasterKey(key).id)).toEqual(KNOWN_MASTER_KEYS);
  for (const key of known)
    expect(await refusal({ MOON_SECRET_KEY: key.toString('base64') })).toContain('the key of an example');
  // Also as the older one, which still reads.
  expect(await refusal({ MOON_SECRET_KEY: `${good()},${EXAMPLE_KEY}` })).toContain('the key of an example');
});

test.for([
  ['zeros', Buffer.alloc(32)],
  ['a text', Buffer.from('thirty-two letters are not enough')].map((each) =>
    Buffer.isBuffer(each) ? each.subarray(0, 32) : each,
  ),
  ['a pattern', Buffer.from('01'.repeat(32), 'hex')],
] as [string, Buffer][])('a key that is no random one is refused: %s', async ([, key]) => {
  expect(await refusal({ MOON_SECRET_KEY: key.toString('base64') })).toContain('is not random');
});

test('a short key is refused whatever the surroundings, and its value is not shown', () => {
  const short = randomBytes(16).toString('base64');
  const take = () => secretKeysOf(readEnvironment({ MOON_SECRET_KEY: short }), folder);
  expect(take).toThrow('has not the right form');
  expect(take).not.toThrow(short);
});

test('known passwords are refused by the name of their variable, wherever they stand', async () => {
  const url = 'postgres://moon:secret@db.example.org/moon';
  for (const [name, value] of [
    ['MOON_ADMIN_PASSWORD', 'a long sentence is good'],
    ['MOON_BACKUP_PASSPHRASE', 'A long sentence is good'],
    ['DATABASE_URL', url],
    ['SMTP_URL', 'smtp://user:password@mail.example.org:587'],
  ] as const) {
    const said = await refusal({ MOON_SECRET_KEY: good(), [name]: value });
    expect(said).toContain(name);
    expect(said).not.toMatch(/sentence|secret@|:password/);
  }
});

test('a random key by variable or file is taken', async () => {
  expect(await refusal({ MOON_SECRET_KEY: good() })).toBe('');
  const file = join(folder, 'key');
  writeFileSync(file, `${good()}\n${good()}\n`);
  expect(await refusal({ MOON_SECRET_KEY_FILE: file })).toBe('');
  expect(() => secretKeysOf(readEnvironment({ MOON_SECRET_KEY_FILE: join(folder, 'none') }), folder)).toThrow(
    'no master key',
  );
  expect(() =>
    secretKeysOf(readEnvironment({ MOON_SECRET_KEY: good(), MOON_SECRET_KEY_FILE: file }), folder),
  ).toThrow('both set');
});
