import { newId } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { digestOf, forgetRights, Identity, type NewKey, newKey } from './identity.ts';

const sets = [{ schema: 'people', folder: new URL('../../../services/people/migrations/', import.meta.url) }];
let database: TestDatabase;
let now = new Date('2026-03-01T08:00:00Z');
const clock = { now: () => now };

beforeEach(async () => {
  now = new Date('2026-03-01T08:00:00Z');
  database = await createTestDatabase(sets);
});
afterEach(() => database.drop());

async function insertKey(key: NewKey, scopes: string[], expiresAt: Date | null = null): Promise<string> {
  const id = newId();
  await database.db.query(
    `INSERT INTO people.keys (id, name, prefix, digest, scopes, created_by, expires_at)
     VALUES ($1, 'core system', $2, $3, $4, 'system', $5)`,
    [id, key.prefix, key.digest, scopes, expiresAt],
  );
  return id;
}

async function insertSession(token: string, roles: string[], active = true): Promise<string> {
  const person = newId();
  await database.db.query(
    'INSERT INTO people.people (id, name, email, roles, active) VALUES ($1, $2, $3, $4, $5)',
    [person, 'Amal', `${person}@example.com`, roles, active],
  );
  await database.db.query(
    `INSERT INTO people.sessions (id, token, person_id, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)`,
    [newId(), digestOf(token), person, new Date(now.getTime() + 3_600_000), now],
  );
  return person;
}

const token = 'a-token-of-thirty-two-characters';

test('a key is known by its secret and may what its scopes say', async () => {
  const key = newKey();
  const id = await insertKey(key, ['sales:write']);
  const identity = new Identity({ db: database.db, clock });
  expect(await identity.ofKey(key.secret)).toEqual({
    kind: 'key',
    id,
    name: 'core system',
    roles: [],
    permissions: ['sales:write'],
    agentId: null,
    reaches: {},
  });
  expect(await identity.ofKey(newKey().secret)).toBeUndefined();
  expect(await identity.ofKey('mb_short')).toBeUndefined();
});

test('a busy key asks the database once, and then answers without a promise', async () => {
  const key = newKey();
  await insertKey(key, ['sales:write']);
  const identity = new Identity({ db: database.db, clock });
  const query = vi.spyOn(database.db, 'query');
  const found = await Promise.all(Array.from({ length: 200 }, () => identity.ofKey(key.secret)));
  expect(new Set(found).size).toBe(1);
  for (let i = 0; i < 1000; i++) expect(identity.ofKey(key.secret)).not.toBeInstanceOf(Promise);
  expect(query).toHaveBeenCalledTimes(1);
});

test('a key in steady use is read again before it is old, without a caller waiting', async () => {
  const key = newKey();
  const id = await insertKey(key, ['sales:write']);
  const identity = new Identity({ db: database.db, clock, freshFor: 300 });
  await identity.ofKey(key.secret);
  await database.db.query(`UPDATE people.keys SET scopes = '{sales:read}' WHERE id = $1`, [id]);
  const until = performance.now() + 700;
  let last: unknown;
  while (performance.now() < until) {
    last = identity.ofKey(key.secret);
    expect(last).not.toBeInstanceOf(Promise);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(last).toMatchObject({ permissions: ['sales:read'] });
});

test('a revoked key stops at once where it was revoked, and elsewhere once its entry is old', async () => {
  const key = newKey();
  const id = await insertKey(key, ['sales:write']);
  const identity = new Identity({ db: database.db, clock, freshFor: 200 });
  await identity.ofKey(key.secret);
  await database.db.query('UPDATE people.keys SET revoked_at = now() WHERE id = $1', [id]);
  expect(await identity.ofKey(key.secret)).toBeDefined();
  await new Promise((resolve) => setTimeout(resolve, 220));
  expect(await identity.ofKey(key.secret)).toBeUndefined();
  await database.db.query('UPDATE people.keys SET revoked_at = NULL WHERE id = $1', [id]);
  forgetRights();
  expect(await identity.ofKey(key.secret)).toBeDefined();
});

test('a read that began before rights changed does not outlive the change', async () => {
  const key = newKey();
  const id = await insertKey(key, ['sales:write']);
  const identity = new Identity({ db: database.db, clock });
  const early = identity.ofKey(key.secret);
  await database.db.query('UPDATE people.keys SET revoked_at = now() WHERE id = $1', [id]);
  forgetRights();
  await early;
  expect(await identity.ofKey(key.secret)).toBeUndefined();
});

test('a key expires on its hour even while it is remembered', async () => {
  const key = newKey();
  await insertKey(key, ['sales:write'], new Date('2026-03-01T09:00:00Z'));
  const identity = new Identity({ db: database.db, clock, freshFor: 60_000 });
  expect(await identity.ofKey(key.secret)).toBeDefined();
  now = new Date('2026-03-01T09:00:00Z');
  expect(identity.ofKey(key.secret)).toBeUndefined();
});

test('a session belongs to its person and carries the permissions of the roles', async () => {
  const person = await insertSession(token, ['analyst', 'a role of the past']);
  const identity = new Identity({ db: database.db, clock });
  const principal = await identity.ofSession(token);
  expect(principal).toMatchObject({ kind: 'person', id: person, name: 'Amal' });
  expect(principal?.permissions).toContain('insights:query');
  expect(principal?.permissions).not.toContain('sales:write');
  expect(await identity.ofSession(digestOf(token))).toBeUndefined();
});

test('the session of someone deactivated is nobody’s', async () => {
  await insertSession(token, ['administrator'], false);
  expect(await new Identity({ db: database.db, clock }).ofSession(token)).toBeUndefined();
});

test('use is written down once for many requests, and keeps a session alive for thirty days at most', async () => {
  const key = newKey();
  await insertKey(key, ['sales:write']);
  await insertSession(token, ['agent']);
  const identity = new Identity({ db: database.db, clock });
  for (let i = 0; i < 50; i++) {
    await identity.ofKey(key.secret);
    await identity.ofSession(token);
  }
  const query = vi.spyOn(database.db, 'query');
  await identity.flush();
  await identity.flush();
  expect(query).toHaveBeenCalledTimes(2);
  const keys = await database.db.query<{ last_used_at: Date }>('SELECT last_used_at FROM people.keys');
  expect(keys.rows[0]?.last_used_at).toEqual(now);
  const read = () => database.db.query<{ expires_at: Date }>('SELECT expires_at FROM people.sessions');
  expect((await read()).rows[0]?.expires_at).toEqual(new Date('2026-03-08T08:00:00Z'));
  await database.db.query(`UPDATE people.sessions SET expires_at = '2026-03-29T00:00:00Z'`);
  forgetRights();
  now = new Date('2026-03-28T08:00:00Z');
  await identity.ofSession(token);
  await identity.flush();
  expect((await read()).rows[0]?.expires_at).toEqual(new Date('2026-03-31T08:00:00Z'));
});

test('a lost database is an error, not a refusal', async () => {
  const identity = new Identity({ db: database.db, clock });
  vi.spyOn(database.db, 'query').mockRejectedValue(new Error('gone'));
  await expect(identity.ofKey(newKey().secret)).rejects.toThrow('gone');
});
