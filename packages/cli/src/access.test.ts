/**
 * Every route × every role: the table that people read (docs/reference/access.md) says what the roles say, and real
 * requests find it so. `MOON_WRITE_ACCESS=1` writes the table anew; read its diff before committing it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@moonbase/data';
import { digestOf, grantsOf, type Role, roles, scopes } from '@moonbase/identity';
import type { Service } from '@moonbase/service';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServices, repository } from './find-services.ts';

const file = join(repository, 'docs/reference/access.md');
// Keys hold permissions one by one, not a role; integration is what a core system's key is usually given.
const people = (Object.keys(roles) as Role[]).filter((role) => role !== 'integration');

let host: TestHost;
const cookies = new Map<Role, string>();

beforeAll(async () => {
  host = await startTestHost(await findServices());
  for (const role of people) {
    const person = newId();
    const token = `${newId()}${newId()}`.replaceAll('-', '');
    await host.owner.query(
      `INSERT INTO people.people (id, name, email, roles) VALUES ($1, 'Somebody', $1::uuid || '@example.com', $2)`,
      [person, [role]],
    );
    await host.owner.query(
      `INSERT INTO people.sessions (id, token, person_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
      [newId(), digestOf(token), person],
    );
    cookies.set(role, `moonbase_session=${token}`);
  }
}, 120_000);
afterAll(() => host.stop());

function routesOf(services: readonly Service[]) {
  return services.flatMap(({ name, api = {} }) =>
    Object.entries(api).map(([route, declared]) => ({ service: name, route, ...declared })),
  );
}

/** What a role reaches by a route, in a word. */
function cell(allow: string, role: Role): string {
  if (allow === 'public' || allow === 'signed-in') return 'own';
  const granted = grantsOf([role]).get(allow as never);
  return granted ? scopes.findLast((scope) => granted.has(scope))! : '–';
}

function table(services: readonly Service[]): string {
  const head = ['route', 'asks for', ...people];
  const rows = routesOf(services)
    .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1))
    .map(({ method, path, allow }) => [
      `\`${method} ${path}\``,
      allow,
      ...people.map((role) => cell(allow, role)),
    ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# Who may do what',
    '',
    'Every route below `/api`, what it asks for, and whose rows each role reaches by it: one’s `own`, those of the',
    '`team`, `branch` or `region` one leads, or `all`; – means it is refused. The roles are a table in',
    '`packages/identity/src/roles.ts`; row policies in the database hold every request to its reach. Keys reach all',
    'rows by the permissions they were given. Written and checked by `packages/cli/src/access.test.ts`.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}

test('the table of routes and roles says what is in force; a new route has its row', async () => {
  const wanted = table(host.host.services);
  if (process.env.MOON_WRITE_ACCESS) await writeFile(file, wanted);
  expect(await readFile(file, 'utf8')).toBe(wanted);
});

test('every route answers every role as the table says', async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const { method, path, allow } of routesOf(host.host.services)) {
    // Anybody may call these; signing out would end the session of the next call.
    if (allow === 'public') continue;
    const address = `${host.url}/api${path.replaceAll(/:\w+/g, () => newId())}`;
    for (const role of people) {
      const answer = await fetch(address, {
        method,
        headers: { cookie: cookies.get(role)!, origin: host.url, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{"nonsense":true}' }),
      });
      const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
      const refused = answer.status === 401 || (answer.status === 403 && code === 'forbidden');
      if (refused !== (cell(allow, role) === '–') || answer.status >= 500)
        wrong.push(`${role}: ${method} ${path} answered ${answer.status} ${code ?? ''}`);
      asked += 1;
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(1_000);
}, 240_000);

test('without credentials nothing but what is public answers', async () => {
  for (const { method, path, allow } of routesOf(host.host.services)) {
    if (allow === 'public') continue;
    const answer = await fetch(`${host.url}/api${path.replaceAll(/:\w+/g, () => newId())}`, { method });
    await answer.arrayBuffer();
    expect(answer.status, `${method} ${path}`).toBe(401);
  }
});
