/** Requests that another site has a signed-in browser send. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttackedHost, type SignedIn, startAttackedHost } from './attacked-host.ts';

let host: AttackedHost;
let ann: SignedIn;
beforeAll(async () => {
  host = await startAttackedHost();
  ann = await host.person('Ann', 'administrator');
}, 120_000);
afterAll(() => host.stop());

async function refused(method: string, path: string, more: Record<string, string>): Promise<string> {
  const answer = await fetch(host.url + path, {
    method,
    headers: { ...ann.headers, 'content-type': 'application/json', ...more },
    body: method === 'GET' ? undefined : '{}',
  });
  const text = await answer.text();
  return answer.status === 403 ? (JSON.parse(text).code as string) : `${answer.status}`;
}

test('every route that changes something refuses a browser that comes from elsewhere', async () => {
  const changing = host.routes.filter(({ route }) => route.method !== 'GET');
  expect(changing.length).toBeGreaterThan(60);
  for (const { name, route, path } of changing) {
    for (const from of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${host.url}.evil.example` },
    ] as Record<string, string>[])
      expect([name, from, await refused(route.method, path(), from)]).toEqual([name, from, 'cross_site']);
  }
}, 120_000);

test('signing in is refused from elsewhere too, so that nobody is signed in as somebody else', async () => {
  const answer = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    body: JSON.stringify({ email: 'a@example.com', password: 'whatever it is' }),
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('no route reads a change from a form, which a page elsewhere can send without asking', async () => {
  for (const { name, route, path } of host.routes) {
    if (route.method === 'GET' || !route.body) continue;
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
    ]) {
      if (route.streams?.includes(type)) continue;
      const answer = await fetch(host.url + path(), {
        method: route.method,
        headers: { ...host.all, 'content-type': type },
        body: '{"a":1}',
      });
      expect([name, type, answer.status < 400]).toEqual([name, type, false]);
      expect([name, answer.status]).not.toEqual([name, 500]);
    }
  }
}, 120_000);

test('our own pages may, and programs with a key from anywhere', async () => {
  const own = await refused('POST', '/api/session', { 'sec-fetch-site': 'same-origin' });
  expect(own).not.toBe('cross_site');
  const key = await fetch(`${host.url}/api/agents`, {
    method: 'POST',
    headers: { ...host.all, origin: 'https://elsewhere.example', 'content-type': 'application/json' },
    body: '{}',
  });
  expect(await key.text()).not.toContain('cross_site');
});

test('no answer lets another site read it, not even when it asks beforehand', async () => {
  const answer = await fetch(`${host.url}/api/people`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect(answer.status).toBe(404);
  expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
});
