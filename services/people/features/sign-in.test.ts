import { credentialsOf, digestOf, Identity } from '@moonbase/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeRow } from './change-person.ts';
import { listSessions } from './list-sessions.ts';
import { type PeopleUnderTest, peopleUnderTest } from './people-under-test.ts';
import { readSession } from './read-session.ts';
import { signIn, signOut } from './sign-in.ts';

let people: PeopleUnderTest;
beforeEach(async () => {
  people = await peopleUnderTest();
  people.now = new Date();
});
afterEach(() => people.drop());

const password = 'correct horse battery';
const attempt = (email: string, word: string, more = {}) =>
  people.call(signIn, { body: { email, password: word }, ...more });

test('whoever knows the password gets a session in a cookie, and is told who they are', async () => {
  await people.add('Amal@Example.com', ['analyst'], password);
  const answer = await attempt(' amal@example.COM ', password, { headers: { 'user-agent': 'Firefox' } });
  expect(answer).toMatchObject({
    status: 200,
    body: {
      person: { name: 'Amal', email: 'amal@example.com', roles: ['analyst'], agentId: null },
      organisation: { name: 'Moonbase', zone: 'UTC', currency: 'USD' },
    },
  });
  expect(answer.body.permissions).toContain('insights:query');
  expect(answer.headers['set-cookie']).toMatch(
    /^moonbase_session=\w{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
  );
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] });
  const identity = new Identity({ db: people.db, clock: { now: () => people.now } });
  const principal = await identity.ofSession(session!);
  expect(principal).toMatchObject({ kind: 'person', name: 'Amal' });
  expect((await people.call(readSession, { principal })).body.person.email).toBe('amal@example.com');
  const listed = await people.call(listSessions, {
    principal,
    headers: { cookie: `moonbase_session=${session}` },
  });
  expect(listed.body.items).toMatchObject([{ current: true, browser: 'Firefox', address: '10.0.0.1' }]);
});

test('the database holds no token and no password that could be used', async () => {
  await people.add('amal@example.com', [], password);
  const answer = await attempt('amal@example.com', password);
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] });
  const stored = await people.db.query<{ token: string; password: string }>(
    'SELECT s.token, a.password FROM people.sessions s JOIN people.accounts a USING (person_id)',
  );
  expect(stored.rows).toHaveLength(1);
  expect(stored.rows[0]!.token).toBe(digestOf(session!));
  expect(stored.rows[0]!.password).not.toContain(password);
});

test('a wrong password, an unknown address and a deactivated person get the same answer', async () => {
  const amal = await people.add('amal@example.com', [], password);
  const refusals = [];
  refusals.push(await attempt('amal@example.com', 'wrong').catch((error) => error));
  refusals.push(await attempt('nobody@example.com', password).catch((error) => error));
  refusals.push(await attempt('not an address', password).catch((error) => error));
  await people.db.transaction((tx) => changeRow(tx, amal.id, { active: false }, people.now));
  refusals.push(await attempt('amal@example.com', password).catch((error) => error));
  for (const refusal of refusals) {
    expect([refusal.code, refusal.message]).toEqual(['sign_in_refused', refusals[0].message]);
  }
  const sessions = await people.db.query('SELECT FROM people.sessions');
  expect(sessions.rowCount).toBe(0);
});

test('over https the cookie is secure', async () => {
  await people.add('amal@example.com', [], password);
  const answer = await attempt('amal@example.com', password, { headers: { 'x-forwarded-proto': 'https' } });
  expect(answer.headers['set-cookie']).toMatch(/; Secure$/);
});

test('signing out ends the session at once, and again does no harm', async () => {
  await people.add('amal@example.com', [], password);
  const answer = await attempt('amal@example.com', password);
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] });
  const identity = new Identity({ db: people.db, clock: { now: () => people.now } });
  expect(await identity.ofSession(session!)).toBeDefined();
  for (const _ of [1, 2]) {
    const out = await people.call(signOut, { headers: { cookie: `moonbase_session=${session}` } });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toContain('Max-Age=0');
  }
  expect(await identity.ofSession(session!)).toBeUndefined();
});

test('guessing is slowed down, for known and unknown addresses alike, and the wait ends', async () => {
  await people.add('amal@example.com', [], password);
  for (const email of ['amal@example.com', 'nobody@example.com']) {
    for (let i = 0; i < 5; i++) {
      await expect(attempt(email, 'wrong', { ip: `10.1.0.${i}` })).rejects.toMatchObject({
        code: 'sign_in_refused',
      });
    }
    await expect(attempt(email, password, { ip: '10.2.0.1' })).rejects.toMatchObject({
      code: 'sign_in_slowed',
      retryAfter: 1,
    });
  }
  people.now = new Date(people.now.getTime() + 1000);
  expect((await attempt('amal@example.com', password)).status).toBe(200);
  expect((await attempt('amal@example.com', password)).status).toBe(200);
});

test('a hundred guesses at once are no better than one after the other', async () => {
  await people.add('amal@example.com', [], password);
  const guesses = Array.from({ length: 40 }, (_, i) =>
    attempt('amal@example.com', `guess ${i}`, { ip: `10.1.0.${i}` }).catch((error) => error.code),
  );
  const codes = await Promise.all(guesses);
  expect(codes.filter((code) => code === 'sign_in_refused')).toHaveLength(5);
  expect(codes.filter((code) => code === 'sign_in_slowed')).toHaveLength(35);
});

test('one place trying many addresses is slowed down too', async () => {
  const codes = [];
  for (let i = 0; i < 32; i++)
    codes.push(await attempt(`p${i}@example.com`, 'x').catch((error) => error.code));
  expect(codes.slice(0, 30)).toEqual(Array(30).fill('sign_in_refused'));
  expect(codes.at(-1)).toBe('sign_in_slowed');
});
