/** One administrator's morning, over real HTTP. */
import { createClient } from '@moonbase/http/client';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peopleApi } from './api.ts';
import { ensureFirstAdministrator } from './features/first-administrator.ts';
import { people } from './service.ts';

let host: TestHost;
const boss = { email: 'boss@example.com', password: 'correct horse battery' };

beforeAll(async () => {
  host = await startTestHost([people]);
  await ensureFirstAdministrator(host.db, boss);
});
afterAll(() => host.stop());

const send = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
  fetch(`${host.url}/api${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function signIn(email: string, password: string): Promise<{ cookie: string }> {
  const answer = await send('POST', '/session', {}, { email, password });
  expect(answer.status).toBe(200);
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
}

test('an administrator signs in, adds a colleague, gives a core system a key, and signs out', async () => {
  expect((await send('GET', '/session')).status).toBe(401);
  const cookie = await signIn(boss.email, boss.password);
  const session = await (await send('GET', '/session', cookie)).json();
  expect(session).toMatchObject({
    person: { email: boss.email, roles: ['administrator'] },
    organisation: { name: 'Moonbase', zone: 'UTC', currency: 'USD' },
  });
  expect(session.permissions).toContain('people:write');

  const client = createClient(peopleApi, { url: host.url, headers: cookie });
  const added = await client.createPerson({
    body: { name: 'Amal', email: 'amal@example.com', roles: ['analyst'] },
  });
  const amal = await signIn('amal@example.com', added.temporaryPassword);
  expect((await send('GET', '/people', amal)).status).toBe(403);
  await client.changePerson({ params: { id: added.person.id }, body: { roles: ['auditor'] } });
  expect((await send('GET', '/people', amal)).status).toBe(200);
  await client.changePerson({ params: { id: added.person.id }, body: { roles: ['analyst'] } });
  expect((await send('GET', '/people', amal)).status).toBe(403);
  await client.changePerson({ params: { id: added.person.id }, body: { active: false } });
  expect((await send('GET', '/session', amal)).status).toBe(401);

  const made = await client.createKey({ body: { name: 'core system', scopes: ['people:read'], days: 1 } });
  const byKey = { authorization: `Bearer ${made.secret}` };
  expect((await send('GET', '/people', byKey)).status).toBe(200);
  expect((await send('GET', '/session', byKey)).status).toBe(403);
  expect((await send('GET', '/keys', byKey)).status).toBe(403);
  await client.revokeKey({ params: { id: made.key.id } });
  expect((await send('GET', '/people', byKey)).status).toBe(401);

  const out = await send('DELETE', '/session', cookie);
  expect(out.status).toBe(204);
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  expect((await send('GET', '/session', cookie)).status).toBe(401);
});

test('a setting of the organisation is changed, and holds from the next request on', async () => {
  const client = createClient(peopleApi, { url: host.url, headers: await signIn(boss.email, boss.password) });
  const value = { name: 'Moon', zone: 'Asia/Yangon', currency: 'USD' };
  await client.changeSetting({ params: { name: 'people.organisation' }, body: { value } });
  expect((await client.readSession({})).organisation).toEqual(value);
  await expect(
    client.changeSetting({
      params: { name: 'people.organisation' },
      body: { value: { ...value, zone: 'Mars' } },
    }),
  ).rejects.toMatchObject({ status: 422, code: 'setting_invalid', faults: [{ at: '/value/zone' }] });
});

test('an administrator ends all sessions of a person, at once; nobody does so beyond their own rights', async () => {
  const cookie = await signIn(boss.email, boss.password);
  const client = createClient(peopleApi, { url: host.url, headers: cookie });
  const added = await client.createPerson({
    body: { name: 'Ruwan', email: 'ruwan@example.com', roles: ['analyst'] },
  });
  const sessions = [
    await signIn('ruwan@example.com', added.temporaryPassword),
    await signIn('ruwan@example.com', added.temporaryPassword),
  ];
  for (const own of sessions) expect((await send('GET', '/session', own)).status).toBe(200);
  const path = `/people/${added.person.id}/sessions`;
  const key = await host.key('people:write');
  expect(await (await send('DELETE', path, key)).json()).toMatchObject({ code: 'role_beyond_own' });
  expect((await send('DELETE', path, sessions[0]!)).status).toBe(403);
  for (const own of sessions) expect((await send('GET', '/session', own)).status).toBe(200);

  expect((await send('DELETE', path, cookie)).status).toBe(204);
  for (const own of sessions) expect((await send('GET', '/session', own)).status).toBe(401);
  expect((await send('GET', '/session', cookie)).status).toBe(200);
  await signIn('ruwan@example.com', added.temporaryPassword);
  const unknown = await send('DELETE', '/people/01920000-0000-7000-8000-00000000ffff/sessions', cookie);
  expect(await unknown.json()).toMatchObject({ status: 404, code: 'person_unknown' });
});

test('another site cannot act with a signed-in browser', async () => {
  const cookie = await signIn(boss.email, boss.password);
  const forged = await send(
    'POST',
    '/people',
    { ...cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { name: 'Eve', email: 'eve@example.com', roles: ['administrator'] },
  );
  expect(forged.status).toBe(403);
  const found = await host.db.query(`SELECT FROM people.people WHERE email = 'eve@example.com'`);
  expect(found.rowCount).toBe(0);
});

test('wrong passwords are refused with a problem, then slowed down with a time to wait', async () => {
  let answer: Response | undefined;
  for (let i = 0; i < 6; i++) {
    answer = await send('POST', '/session', {}, { email: 'nobody@example.com', password: 'x' });
    if (i === 0) expect(await answer.json()).toMatchObject({ status: 401, code: 'sign_in_refused' });
  }
  expect(answer?.status).toBe(429);
  expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('the nightly tidying is a job of this service', async () => {
  const schedules = await host.host.jobs.schedules();
  expect(schedules.filter(({ service }) => service === 'people')).toMatchObject([
    { name: 'nightly', job: 'tidy' },
  ]);
  await host.db.transaction((tx) => host.host.jobs.enqueue(tx, 'people', 'tidy', {}));
  await host.settled();
  expect(await host.host.jobs.runs()).toMatchObject([
    { job: 'tidy', state: 'succeeded', counts: { keys: 0 } },
  ]);
});
