import { Identity, type Principal } from '@moonbase/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKey, createKeyHandler, listKeys, revokeKey } from './keep-keys.ts';
import { type PeopleUnderTest, peopleUnderTest } from './people-under-test.ts';

let people: PeopleUnderTest;
let administrator: Principal;
beforeEach(async () => {
  people = await peopleUnderTest();
  administrator = await people.add('admin@example.com', ['administrator']);
});
afterEach(() => people.drop());

const identity = () => new Identity({ db: people.db, clock: { now: () => people.now } });

test('a key is shown once, works until it is revoked, and its secret is nowhere', async () => {
  const created = await people.call(createKeyHandler, {
    principal: administrator,
    body: { name: 'core system', scopes: ['sales:write', 'sales:write'], days: 30 },
  });
  const { secret, key } = created.body;
  expect(secret).toMatch(/^mb_[0-9a-z]{8}_[0-9A-Za-z]{32}$/);
  expect(key).toMatchObject({
    status: 'active',
    scopes: ['sales:write'],
    expiresAt: '2026-04-01T08:00:00.000Z',
  });
  const on = identity();
  expect(await on.ofKey(secret)).toMatchObject({ kind: 'key', permissions: ['sales:write'] });
  await on.flush();
  const listed = await people.call(listKeys);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect(listed.body.items).toMatchObject([
    {
      prefix: secret.slice(0, 11),
      createdBy: `person:${administrator.id}`,
      lastUsedAt: people.now.toISOString(),
    },
  ]);
  await people.call(revokeKey, { principal: administrator, params: { id: key.id } });
  expect(await on.ofKey(secret)).toBeUndefined();
  expect((await people.call(listKeys)).body.items).toMatchObject([{ status: 'revoked' }]);
  await expect(
    people.call(revokeKey, { principal: administrator, params: { id: key.id } }),
  ).rejects.toMatchObject({
    code: 'key_unknown',
  });
});

test('a key expires', async () => {
  const { secret } = await createKey(people.db, {
    name: 'short',
    scopes: ['sales:read'],
    expiresAt: new Date(people.now.getTime() + 1000),
  });
  expect(await identity().ofKey(secret)).toBeDefined();
  people.now = new Date(people.now.getTime() + 1000);
  expect(await identity().ofKey(secret)).toBeUndefined();
  expect((await people.call(listKeys)).body.items).toMatchObject([
    { status: 'expired', createdBy: 'system' },
  ]);
});

test('a key has only permissions that exist and that its creator has', async () => {
  const make = (scopes: string[], permissions: string[]) =>
    people.call(createKeyHandler, {
      principal: { ...administrator, permissions },
      body: { name: 'k', scopes },
    });
  await expect(make(['sales:burn'], ['keys:write'])).rejects.toMatchObject({
    code: 'scope_unknown',
    faults: [{ at: '/scopes/0' }],
  });
  await expect(make(['sales:write'], ['keys:write'])).rejects.toMatchObject({ code: 'scope_beyond_own' });
  expect((await people.db.query('SELECT FROM people.keys')).rowCount).toBe(0);
});
