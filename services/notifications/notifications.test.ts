import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { agentsApi } from '@moonbase/agents/api.ts';
import { agents } from '@moonbase/agents/service.ts';
import { newId } from '@moonbase/data';
import { permissionsOf } from '@moonbase/identity';
import { peopleApi } from '@moonbase/people/api.ts';
import { people } from '@moonbase/people/service.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notificationsApi } from './api.ts';
import { notifications } from './service.ts';

// Nobody may make somebody who may do more than they.
const rolePermissions = permissionsOf(['administrator']);

let host: TestHost;
let mailServer: SMTPServer;
let receiver: Server;
const mails: { to: string[]; content: string }[] = [];
const calls: { id: string; body: { subject: string } }[] = [];

beforeAll(async () => {
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      let content = '';
      stream.on('data', (chunk: Buffer) => {
        content += chunk.toString('utf8');
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map((each) => each.address), content });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  process.env.SMTP_URL = `smtp://127.0.0.1:${(mailServer.server.address() as AddressInfo).port}`;
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      calls.push({ id: String(request.headers['moonbase-delivery']), body: JSON.parse(body) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  host = await startTestHost([people, agents, sales, notifications]);
});

afterAll(async () => {
  delete process.env.SMTP_URL;
  await host.stop();
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
  await new Promise((resolve) => receiver.close(resolve));
});

/** Somebody with an account, signed in. */
async function signIn(person: { name: string; email: string; roles: string[]; agentId?: string }) {
  const administrator = await host.client(peopleApi, 'people:write', ...rolePermissions);
  const made = await administrator.createPerson({ body: person });
  const response = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: made.temporaryPassword }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${host.url}/api${path}`, {
      method,
      headers: {
        cookie,
        origin: host.url,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return { call };
}

interface Inbox {
  unread: number;
  items: { id: string; kind: string; subject: string; body: string; link: string | null }[];
}

test('an agent sells, the target is reached, and everybody concerned is told once, as they wish', async () => {
  const manager = await host.client(
    agentsApi,
    'agents:read',
    'agents:write',
    'reference:write',
    'privacy:write',
  );
  await manager.putBranch({ params: { code: 'GAL' }, body: { name: 'Galle', region: 'South' } });
  await manager.putProduct({ params: { code: 'LIFE' }, body: { type: 'Life', name: 'Life Term' } });
  const nimal = await manager.putAgent({
    params: { code: 'AGT001' },
    body: {
      firstName: 'Nimal',
      lastName: 'Perera',
      email: 'agent@example.com',
      branch: 'GAL',
      hireDate: '2020-01-01',
      authorisations: [{ product: 'LIFE', from: '2020-01-01' }],
    },
  });
  await host.settled();
  const lead = await signIn({ name: 'Malini', email: 'malini@example.com', roles: ['administrator'] });
  const agent = await signIn({
    name: 'Nimal',
    email: 'nimal@example.com',
    roles: ['agent'],
    agentId: nimal.id,
  });

  // Malini wants it in the console only; the organisation's own system listens too.
  await lead.call('PUT', '/notifications/preferences', {
    items: [{ kind: 'target-reached', channel: 'email', wanted: false }],
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await expect(lead.call('POST', '/notifications/endpoints', { url })).rejects.toThrow('address_refused');
  const settings = await host.client(peopleApi, 'settings:write');
  await settings.changeSetting({
    params: { name: 'notifications.webhooks' },
    body: { value: { allowPrivateAddresses: true } },
  });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await lead.call('POST', '/notifications/endpoints', { url });

  const targets = await host.client(salesApi, 'targets:write', 'sales:write');
  const today = new Date().toISOString().slice(0, 10);
  await targets.createTarget({
    body: {
      subject: { kind: 'agent', id: nimal.id },
      period: { kind: 'year', from: today },
      measure: 'amount',
      value: '1000',
      currency: 'USD',
      thresholds: [100],
    },
  });
  const sale = {
    source: 'test',
    reference: 'S1',
    agent: 'AGT001',
    product: 'LIFE',
    currency: 'USD',
    soldAt: today,
  };
  await targets.recordSale({ body: { ...sale, amount: '999.99' } });
  await host.settled();
  expect((await agent.call<Inbox>('GET', '/notifications/inbox')).items).toEqual([]);

  await targets.recordSale({ body: { ...sale, reference: 'S2', amount: '0.01' } });
  await host.settled();

  const told = await agent.call<Inbox>('GET', '/notifications/inbox');
  expect(told.unread).toBe(1);
  expect(told.items).toEqual([
    expect.objectContaining({
      kind: 'target-reached',
      subject: 'Nimal Perera reached 100 % of the target',
      body: expect.stringContaining('USD 1,000 of USD 1,000'),
    }),
  ]);
  expect((await lead.call<Inbox>('GET', '/notifications/inbox')).unread).toBe(1);
  expect(mails.map((mail) => mail.to)).toEqual([['nimal@example.com']]);
  expect(calls.map((call) => call.body.subject)).toEqual(['Nimal Perera reached 100 % of the target']);

  // Falling back and reaching it again is no news.
  await targets.recordSale({ body: { ...sale, reference: 'S3', amount: '5000' } });
  await host.settled();
  expect((await agent.call<Inbox>('GET', '/notifications/inbox')).items).toHaveLength(1);
  expect(mails).toHaveLength(1);
  expect(calls).toHaveLength(1);

  // By hand, to the branch.
  await lead.call('POST', '/notifications', {
    to: { branches: [nimal.branchId] },
    title: 'Meeting on Monday',
    message: 'At nine.',
  });
  await host.settled();
  const [newest] = (await agent.call<Inbox>('GET', '/notifications/inbox')).items;
  expect(newest).toMatchObject({ kind: 'message', subject: 'Meeting on Monday', body: 'At nine.' });
  await agent.call('POST', '/notifications/inbox/read', {});
  expect((await agent.call<Inbox>('GET', '/notifications/inbox')).unread).toBe(0);
  await expect(agent.call('GET', '/notifications')).rejects.toThrow('403');

  // Erased: nothing that names Nimal is left.
  await manager.eraseAgent({ params: { id: nimal.id } });
  await host.settled();
  const left = await host.db.query('SELECT subject, body FROM notifications.notifications');
  expect(JSON.stringify(left.rows)).not.toContain('Nimal');

  // Every step was told, and what was told adds up to what is there.
  const events = (await host.host.events.read({ after: 0, limit: 10_000 })).filter(
    (event) => event.type === 'notifications.changed',
  );
  const state = new Map<string, string>();
  for (const { key, payload } of events) {
    const { before, after } = payload as { before: string | null; after: string };
    expect(state.get(key) ?? null).toBe(before);
    state.set(key, after);
  }
  const rows = await host.db.query<{ id: string; status: string }>(
    'SELECT id, status FROM notifications.notifications',
  );
  expect(new Map(rows.rows.map((row) => [row.id, row.status]))).toEqual(state);
  expect([...state.values()].every((status) => status === 'SENT')).toBe(true);
});

test('a core system hands over what was sent before, twice', async () => {
  const client = await host.client(notificationsApi, 'notifications:write');
  const notifications = [
    { source: 'old', reference: '1', agentId: newId(), message: 'Well done', sentAt: '2024-03-10T10:00:00Z' },
    { source: 'old', reference: '2', agent: 'NOBODY', message: 'Well done', sentAt: '2024-03-10T10:00:00Z' },
  ];
  expect(await client.importNotifications({ body: { notifications } })).toMatchObject({
    created: 1,
    rejected: [{ row: 1, reference: '2', faults: [{ at: '/agent' }] }],
  });
  expect(await client.importNotifications({ body: { notifications } })).toMatchObject({
    created: 0,
    unchanged: 1,
  });
  const list = await client.listDeliveries({ query: { status: 'SENT', kind: 'message' } });
  expect(list.items.filter((row) => row.createdAt === '2024-03-10T10:00:00.000Z')).toHaveLength(1);
});
