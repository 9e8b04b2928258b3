/** Markers planted in every personal field, through routes that work and that fail: logs, metrics and traces never hold them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@moonbase/data';
import { permissions } from '@moonbase/identity';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { startTracing } from '@moonbase/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServices } from '../packages/cli/src/find-services.ts';
import { enterWorld } from './world.ts';

/** One in every personal value that is sent. */
const MARK = 'zyxmarker';

let host: TestHost;
let key: Record<string, string>;
let stopTracing: () => Promise<void>;
const lines: string[] = [];
const traces: string[] = [];
/** A collector of traces: keeps what it is sent as it is. */
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    traces.push(Buffer.concat(chunks).toString('latin1'));
    response.end('{}');
  });
});
/** A receiver of webhooks that quotes what it got, and refuses it. */
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => response.writeHead(500).end(`I do not like ${Buffer.concat(chunks)}`));
});
const listening = async (server: typeof collector) => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  stopTracing = await startTracing({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await listening(collector)}`,
  });
  host = await startTestHost(await findServices(), { logged: (line) => lines.push(line) });
  await enterWorld({ key: host.key }, host.url);
  key = await host.key(...Object.keys(permissions));
  await host.settled();
}, 120_000);
afterAll(async () => {
  await host.stop();
  collector.close();
  receiver.close();
});

async function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const raw = typeof body === 'string';
  const answer = await fetch(`${host.url}/api${path}`, {
    method,
    headers: { ...key, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const agent = {
  code: 'LEAK',
  firstName: `Ann ${MARK}`,
  lastName: `Lee ${MARK}`,
  email: `ann@${MARK}.example`,
  contact: `${MARK} street`,
  hireDate: '2020-01-01',
};
const sale = {
  source: 'core',
  agent: 'LEAK',
  product: 'LIFE',
  amount: '10.00',
  soldAt: new Date().toISOString(),
  policyholder: `Holder ${MARK}`,
};

/** What goes well, and what goes wrong in every way that quotes what was sent. */
async function act(): Promise<void> {
  const branch = JSON.parse((await send('GET', '/branches', undefined)).text).items[0];
  expect((await send('POST', '/agents', { ...agent, branchId: branch.id })).status).toBe(201);
  expect((await send('POST', '/agents', { ...agent, branchId: branch.id })).status).toBe(409);
  expect((await send('POST', '/agents', { ...agent, [MARK]: 1, branchId: branch.id })).status).toBe(422);
  expect((await send('POST', '/agents', `{"firstName": "${MARK}", `)).status).toBe(400);
  expect((await send('POST', '/agents', { ...agent, hireDate: MARK, branchId: MARK })).status).toBe(422);
  const push = [
    { ...agent, branch: MARK, code: 'OTHER' },
    { ...agent, code: `c${MARK}`, branch: 'NORTH', email: MARK },
  ];
  await send('POST', '/agents/batch', { agents: push });
  const csv = `code,firstName,lastName,email,branch\r\nX1,${MARK},${MARK},${MARK},NOWHERE\r\n"broken ${MARK}`;
  await send('POST', `/agents/import?file=${MARK}.csv`, csv, { 'content-type': 'text/csv' });
  await host.settled();

  const headers = { 'idempotency-key': newId() };
  const made = await send('POST', '/sales', { ...sale, agent: 'A0', reference: 'L-1' }, headers);
  await send('POST', '/sales', { ...sale, reference: 'L-1', policyholder: `Else ${MARK}` }, headers);
  await send('POST', '/sales', { ...sale, reference: 'L-2', product: 'NONE', agent: 'NOBODY' });
  await send('POST', '/sales', { ...sale, reference: 'L-3', soldAt: MARK });
  await send('POST', '/sales/batch', { sales: [{ ...sale, reference: 'L-4', amount: MARK }] });
  await send('POST', '/sales/upload', `${JSON.stringify(sale)}\n{"policyholder":"${MARK}`, {
    'content-type': 'application/x-ndjson',
  });
  expect(made.status).toBeLessThan(300);

  const person = { name: `Zed ${MARK}`, email: `zed@${MARK}.example`, roles: ['administrator'] };
  const added = JSON.parse((await send('POST', '/people', person)).text);
  expect((await send('POST', '/people', person)).status).toBe(409);
  await send('POST', '/session', { email: person.email, password: `${MARK} wrong` });
  await send('POST', '/session', { email: `nobody@${MARK}.example`, password: MARK });
  const entered = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': MARK, referer: `http://${MARK}/` },
    body: JSON.stringify({ email: person.email, password: added.temporaryPassword }),
  });
  const cookie = { cookie: entered.headers.get('set-cookie')!.split(';')[0]! };
  await fetch(`${host.url}/api/people?search=${MARK}`, { headers: cookie });
  await fetch(`${host.url}/api/${MARK}/none`, { headers: cookie });
  await fetch(`${host.url}/api/agents?search=${MARK}&none=${MARK}`, { headers: cookie });
  const query = { sql: `SELECT '${MARK}' FROM nowhere_${MARK}` };
  await fetch(`${host.url}/api/queries/run`, {
    method: 'POST',
    headers: { ...cookie, 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
  // Deliveries that fail: a webhook that quotes what it got, a mail server that is not there.
  const port = await listening(receiver);
  // By its route, so that this host believes it at once.
  const set = await send('PUT', '/settings/notifications.webhooks', {
    value: { allowPrivateAddresses: true },
  });
  expect(set.status).toBe(200);
  await host.owner.query(
    `INSERT INTO notifications.endpoints (id, url, secret, person_id, kinds, created_at)
     VALUES ($1, $2, 'secret', $3, '{}', now())`,
    [newId(), `http://127.0.0.1:${port}/${MARK}`, added.person.id],
  );
  const told = await send('POST', '/notifications', {
    to: { people: [added.person.id] },
    title: `Hello ${MARK}`,
    message: `Dear ${MARK}`,
  });
  expect(told.status).toBe(201);
  // Reactions and jobs that fail on the value itself: PostgreSQL quotes it.
  await host.owner.query(`
    ALTER TABLE notifications.agents ADD CONSTRAINT refuses CHECK (name IS NULL OR name NOT LIKE '%Again%');
    ALTER TABLE insights.agents ALTER COLUMN name TYPE varchar(40)`);
  const found = JSON.parse((await send('GET', '/agents?search=LEAK', undefined)).text).items[0];
  await send('PATCH', `/agents/${found.id}`, {
    version: found.version,
    firstName: `Again ${MARK} ${'x'.repeat(50)}`,
  });
}

test('nothing personal is in logs, errors, jobs, metrics or traces, whatever goes well or wrong', {
  timeout: 180_000,
}, async () => {
  await act();
  await host.settled();
  const runs = await host.owner.query<{ text: string }>(
    `SELECT to_json(r)::text AS text FROM jobs.runs r UNION ALL SELECT to_json(j)::text FROM jobs_boss.job j
     UNION ALL SELECT to_json(p)::text FROM events.parked p`,
  );
  const failed = await host.owner.query(`SELECT FROM events.parked WHERE error IS NOT NULL`);
  expect(failed.rowCount, 'a reaction failed').toBeGreaterThan(0);
  const tried = await host.owner.query(`SELECT FROM jobs.runs WHERE state = 'failed'`);
  expect(tried.rowCount, 'a delivery failed').toBeGreaterThan(0);
  const metrics = await (await fetch(`${host.url}/metrics`)).text();
  const errors = await (await fetch(`${host.url}/api/system/errors`, { headers: key })).text();
  await stopTracing();
  expect(lines.length).toBeGreaterThan(10);
  expect(traces.join('').length, 'spans were sent').toBeGreaterThan(1_000);
  const found = [
    ...lines.map((line) => `log: ${line}`),
    ...runs.rows.map(({ text }) => `job or parked event: ${text}`),
    ...metrics.split('\n').map((line) => `metrics: ${line}`),
    `errors: ${errors}`,
    ...traces.map((text) => `trace: ${around(text)}`),
  ].filter((text) => text.toLowerCase().includes(MARK));
  expect(found).toEqual([]);
});

/** The text around the marker, for the message of a test that fails. */
function around(text: string): string {
  const at = text.toLowerCase().indexOf(MARK);
  return at < 0 ? '' : text.slice(Math.max(0, at - 100), at + 50);
}
