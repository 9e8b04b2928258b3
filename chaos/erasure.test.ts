/** Names planted everywhere, and erased: nothing of them may be left, whatever comes late. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { agentsChanged } from '@moonbase/agents/events.ts';
import { newId } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { permissions } from '@moonbase/identity';
import { peopleChanged } from '@moonbase/people/events.ts';
import { searchFiles, searchTables } from '@moonbase/service';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServices } from '../packages/cli/src/find-services.ts';
import { enterWorld, type World } from './world.ts';

/** Of a person, an agent and a policyholder: nobody else has anything like it. */
const marks = ['quillfeather', 'brambleworth', 'thistlewick'];

let host: TestHost;
let world: World;
let key: Record<string, string>;
const lines: string[] = [];
beforeAll(async () => {
  host = await startTestHost(await findServices(), { logged: (line) => lines.push(line) });
  world = await enterWorld({ key: host.key }, host.url);
  key = await host.key(...Object.keys(permissions));
  await host.settled();
}, 120_000);
afterAll(() => host.stop());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = key) {
  const answer = await fetch(`${host.url}/api${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
  return { body: text ? JSON.parse(text) : null, headers: answer.headers };
}

/** Every place where one of the names is found. */
async function places(): Promise<string[]> {
  const files = (await readdir(join(host.dataFolder, 'lake'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'))
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    ...(await searchTables(host.owner, marks)),
    ...(await searchFiles(host.dataFolder, marks)),
    ...(await searchParquet(files)),
    ...lines.flatMap((line) =>
      marks.filter((mark) => line.toLowerCase().includes(mark)).map(() => `log: ${line}`),
    ),
  ];
}

async function searchParquet(files: readonly string[]): Promise<string[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const found: string[] = [];
  for (const file of files) {
    const rows = await connection.runAndReadAll(`SELECT to_json(t)::varchar FROM read_parquet('${file}') t`);
    const text = JSON.stringify(rows.getRows()).toLowerCase();
    found.push(...marks.filter((mark) => text.includes(mark)).map((mark) => `${file}: ${mark}`));
  }
  connection.closeSync();
  instance.closeSync();
  return found;
}

/** @returns ids of the person, the agent and the policyholder's sale */
async function plant() {
  const branch = (await call('GET', '/branches')).body.items[0];
  const agent = (
    await call(
      'POST',
      '/agents',
      {
        code: 'MARKED',
        firstName: 'Bertram',
        lastName: 'Brambleworth',
        email: 'b@brambleworth.example',
        contact: 'at Brambleworth Manor',
        branchId: branch.id,
        hireDate: '2020-01-01',
        authorisations: [],
      },
      { ...key, 'idempotency-key': newId() },
    )
  ).body;
  const changed = (
    await call('PATCH', `/agents/${agent.id}`, { version: agent.version, lastName: 'Brambleworth-Lee' })
  ).body;
  const left = (
    await call('POST', `/agents/${agent.id}/deactivate`, {
      version: changed.version,
      reason: 'Brambleworth asked for it',
    })
  ).body;
  await call('POST', `/agents/${agent.id}/reactivate`, { version: left.version });
  await host.settled();
  await call('POST', '/targets', {
    subject: { kind: 'agent', id: agent.id },
    period: { kind: 'open', from: '2019-01-01' },
    measure: 'count',
    value: '1',
    thresholds: [100],
  });
  const { products } = world;
  const product = (await call('GET', '/products')).body.items.find(
    (each: { code: string }) => each.code === products[0],
  );
  const now = (await call('GET', `/agents/${agent.id}`)).body;
  await call('POST', `/agents/${agent.id}/authorisations`, {
    version: now.version,
    productId: product.id,
    from: '2020-01-01',
  });
  await host.settled();
  const sale = {
    source: 'core',
    agent: 'MARKED',
    product: products[0],
    amount: '10.00',
    soldAt: new Date().toISOString(),
    policyholder: 'Tabitha Thistlewick',
    policyNumber: 'PN-77',
  };
  const receipt = (
    await call('POST', '/sales', { ...sale, reference: 'M-1' }, { ...key, 'idempotency-key': newId() })
  ).body;
  await call('PATCH', `/sales/${receipt.saleId}`, { amount: '11.00', reason: 'Thistlewick called' });
  // Rejected, with the name in what was sent.
  await fetch(`${host.url}/api/sales`, {
    method: 'POST',
    headers: { ...key, 'content-type': 'application/json' },
    body: JSON.stringify({ ...sale, reference: 'M-2', product: 'NONE' }),
  });

  await call('POST', '/people', { name: 'Boss', email: 'boss@example.com', roles: ['administrator'] });
  const made = (
    await call('POST', '/people', {
      name: 'Zebedee Quillfeather',
      email: 'z@quillfeather.example',
      roles: ['analyst'],
    })
  ).body;
  const entered = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Quillfeather/1.0' },
    body: JSON.stringify({ email: 'z@quillfeather.example', password: made.temporaryPassword }),
  });
  const cookie = { cookie: entered.headers.get('set-cookie')!.split(';')[0]! };
  await call('PATCH', '/session', { name: 'Zebedee B. Quillfeather' }, cookie);
  await call('POST', '/queries', { title: 'Mine', sql: 'SELECT 1', shared: true }, cookie);
  await call('PUT', '/privacy/consents/notifications.mail-about-you', { given: false, version: 1 }, cookie);
  await call('POST', '/notifications', {
    to: { people: [made.person.id] },
    title: 'Hello Quillfeather',
    message: 'Dear Mr Quillfeather',
  });
  await call('POST', '/privacy/exports', undefined, cookie);
  await host.settled();
  await host.host.warehouse.load();
  return {
    person: made.person.id as string,
    agent: agent.id as string,
    sale: receipt.saleId as string,
    cookie,
  };
}

test('a person, an agent and a policyholder are exported, erased from every table, file and log, and stay erased', async () => {
  const ids = await plant();
  const before = (await places()).join('\n').toLowerCase();
  for (const mark of marks) expect(before, `${mark} was planted`).toContain(mark);
  for (const place of [
    ...[
      'people.people.email',
      'people.sessions.user_agent',
      'agents.agents.last_name',
      'agents.changes.fields',
    ],
    ...[
      'agents.agent_words.word',
      'sales.sales.policyholder',
      'sales.rejected.input',
      'sales.known_agents.name',
    ],
    ...['notifications.notifications.body', 'notifications.outbox.address', 'insights.agents.name'],
    ...['insights.queries.owner_name', 'http.idempotency.answer', 'privacy.parts.content'],
  ])
    expect(before, 'a name was planted there, and the search sees it').toContain(place);
  // Never in the lake, whatever happens.
  expect(before).not.toContain('.parquet');

  const own = (await call('GET', '/privacy/exports', undefined, ids.cookie)).body.items[0];
  expect(own).toMatchObject({ kind: 'export', state: 'ready', subjectId: ids.person });
  const archive = (await call('GET', `/privacy/exports/${own.id}/file`, undefined, ids.cookie)).body;
  const text = JSON.stringify(archive);
  expect(text).toContain('z@quillfeather.example');
  expect(text).toContain('Dear Mr Quillfeather');
  expect(text).toContain('Quillfeather/1.0');
  expect(text).not.toMatch(/brambleworth|thistlewick/i);
  expect(archive.events.map((event: { type: string }) => event.type)).toContain('people.changed');
  expect(archive.tables.map((each: { table: string }) => each.table)).toContain('consents');

  for (const [kind, id] of [
    ['agent', ids.agent],
    ['policyholder', ids.sale],
  ]) {
    const asked = (await call('POST', '/privacy/requests', { kind, id })).body;
    await host.settled();
    const got = JSON.stringify((await call('GET', `/privacy/exports/${asked.id}/file`)).body);
    expect(got).toMatch(kind === 'agent' ? /Brambleworth Manor/ : /Tabitha Thistlewick/);
    expect(got).not.toMatch(kind === 'agent' ? /thistlewick|quillfeather/i : /brambleworth|quillfeather/i);
  }

  const found = (await call('POST', '/privacy/subjects', { search: 'tabitha thistlewick' })).body.items;
  expect(found).toEqual([
    { kind: 'policyholder', title: 'Tabitha Thistlewick', detail: '1 sale', ids: [ids.sale] },
  ]);
  for (const [kind, id] of [
    ['person', ids.person],
    ['agent', ids.agent],
    ['policyholder', ids.sale],
  ] as const) {
    const asked = (await call('POST', '/privacy/erasures', { kind, ids: [id] })).body;
    expect(asked.items).toMatchObject([{ kind: 'erasure', state: 'done', subjectId: id }]);
  }
  await host.settled();
  expect(await places()).toEqual([]);
  for (const [kind, id] of [
    ['person', ids.person],
    ['agent', ids.agent],
    ['policyholder', ids.sale],
  ])
    expect((await call('GET', `/privacy/erasures/${kind}/${id}`)).body).toEqual({ erased: true, left: [] });

  // Late: events that were on their way, a correction by a core system that still has the name.
  await host.db.transaction(async (tx) => {
    await publish(tx, agentsChanged, {
      key: ids.agent,
      subjects: [ids.agent],
      payload: {
        ...{ agentId: ids.agent, code: 'MARKED', status: 'active', branchId: newId(), teamId: null },
        ...{
          hireDate: null,
          firstName: 'Bertram',
          lastName: 'Brambleworth',
          email: 'b@brambleworth.example',
        },
        ...{ contact: null, authorisations: [], assignments: [], change: 'changed' },
      },
    });
    await publish(tx, peopleChanged, {
      key: ids.person,
      subjects: [ids.person],
      payload: {
        ...{ personId: ids.person, name: 'Zebedee Quillfeather', email: 'z@quillfeather.example', roles: [] },
        ...{ agentId: null, active: true, zone: null, locale: null, change: 'changed' },
      },
    });
  });
  await call('PATCH', `/sales/${ids.sale}`, {
    amount: '12.00',
    reason: 'late',
    policyholder: 'Tabitha Thistlewick',
  });
  const pushed = await fetch(`${host.url}/api/agents/by-code/MARKED`, {
    method: 'PUT',
    headers: { ...key, 'content-type': 'application/json' },
    body: JSON.stringify({ firstName: 'Bertram', lastName: 'Brambleworth', branch: 'NORTH' }),
  });
  expect(pushed.status).toBe(422);
  await host.settled();
  await host.host.warehouse.load();
  expect(await places()).toEqual([]);
  const copies = await host.owner.query(
    `SELECT FROM notifications.people WHERE id = $1 UNION ALL SELECT FROM notifications.agents WHERE id = $2 AND active`,
    [ids.person, ids.agent],
  );
  expect(copies.rowCount).toBe(0);
}, 120_000);
