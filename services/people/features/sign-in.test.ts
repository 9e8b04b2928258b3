import { EventLog } from '@moonbase/events';
import { credentialsOf, digestOf, Identity } from '@moonbase/identity';
import { createLogger } from '@moonbase/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { peopleSignedIn } from '../events.ts';
import { openSession } from './authentication.ts';
import { changeRow } from './change-person.ts';
import { completeSignIn } from './complete-sign-in.ts';
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
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] }, false);
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
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] }, false);
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
  const answer = await attempt('amal@example.com', password, { secure: true });
  expect(answer.headers['set-cookie']).toMatch(/^__Host-moonbase_session=.*; Secure$/);
});

test('signing out ends the session at once, and again does no harm', async () => {
  await people.add('amal@example.com', [], password);
  const answer = await attempt('amal@example.com', password);
  const { session } = credentialsOf({ cookie: answer.headers['set-cookie'] }, false);
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

const published = () =>
  people.db
    .query<{ count: number }>(`SELECT count(*) FROM events.inbox WHERE type = 'people.signed-in'`)
    .then(({ rows }) => rows[0]!.count);

test('a session whose sign-in is not complete cannot be used; completing it twice is refused', async () => {
  const amal = await people.add('amal@example.com', [], password);
  const opened = await openSession(people.db, {
    email: 'amal@example.com',
    password,
    ip: '10.0.0.1',
    browser: 'Firefox',
  });
  const identity = new Identity({ db: people.db, clock: { now: () => people.now } });
  expect(await identity.ofSession(opened!.token)).toBeUndefined();
  expect((await people.call(listSessions, { principal: amal })).body.items).toEqual([]);
  expect(await published()).toBe(0);
  await completeSignIn(people.db, opened!, { secondFactor: false });
  identity.forget();
  expect(await identity.ofSession(opened!.token)).toMatchObject({ id: amal.id });
  await expect(completeSignIn(people.db, opened!, { secondFactor: false })).rejects.toMatchObject({
    code: 'sign_in_refused',
  });
  expect(await published()).toBe(1);
});

test('whoever is deactivated between password and session gets none, and nothing is told', async () => {
  const amal = await people.add('amal@example.com', [], password);
  const right = await openSession(people.db, {
    email: 'amal@example.com',
    password,
    ip: '10.0.0.1',
    browser: '',
  });
  await people.db.query('UPDATE people.people SET active = false WHERE id = $1', [amal.id]);
  await expect(completeSignIn(people.db, right!, { secondFactor: false })).rejects.toMatchObject({
    code: 'sign_in_refused',
  });
  expect(await published()).toBe(0);
  const left = await people.db.query<{ pending: boolean }>('SELECT pending FROM people.sessions');
  expect(left.rows.every(({ pending }) => pending)).toBe(true);
});

test('a sign-in is told once, with place and browser; wrong passwords are not', async () => {
  const amal = await people.add('amal@example.com', [], password);
  await attempt('amal@example.com', 'wrong').catch(() => {});
  await attempt('amal@example.com', password, { headers: { 'user-agent': 'Firefox' } });
  const log = new EventLog({
    db: people.db,
    declarations: [peopleSignedIn],
    log: createLogger({ service: 'test', level: 'fatal' }),
  });
  await log.start();
  try {
    await expect.poll(() => log.read({ after: 0, limit: 10, types: ['people.signed-in'] })).toHaveLength(1);
    const [told] = await log.read({ after: 0, limit: 10, types: ['people.signed-in'] });
    expect(told).toMatchObject({
      key: amal.id,
      payload: { personId: amal.id, place: '10.0.0.1', browser: 'Firefox', secondFactor: false },
    });
  } finally {
    await log.stop();
  }
});
