import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addEndpoint, changeEndpoint, listEndpoints, removeEndpoint, renewSecret } from './keep-endpoints.ts';
import { readPreferences, setPreferences } from './keep-preferences.ts';
import { listTemplates, previewTemplate, putTemplate, resetTemplate } from './keep-templates.ts';
import { countDeliveries, listDeliveries } from './list-deliveries.ts';
import { listInbox, markAllRead, markRead } from './list-inbox.ts';
import { sendMessage } from './send-message.ts';
import { agentEvent, createContext, personEvent, principal, type TestContext } from './test-context.ts';

let world: TestContext;
const nimal = { id: newId(), name: 'Nimal Perera' };
const malini = { id: newId(), name: 'Malini', email: 'malini@example.com' };

beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal), personEvent(malini));
});
afterEach(() => world.drop());

const nobody = { agents: [], teams: [], branches: [], people: [], everyone: false };

async function send(to: Partial<typeof nobody> | { agents?: string[]; people?: string[] }, title: string) {
  world.clock.at = new Date(Date.parse(world.clock.at) + 1000).toISOString();
  return world.call(sendMessage, { body: { to: { ...nobody, ...to }, title, message: 'Text' } });
}

function inbox(of: ReturnType<typeof principal>, query = {}) {
  return world.call(listInbox, { principal: of, query: { limit: 50, cursor: undefined, ...query } });
}

test('everybody sees their own and nobody else’s', async () => {
  await send({ people: [malini.id] }, 'For Malini');
  await send({ agents: [nimal.id] }, 'For Nimal');
  await send({ everyone: true }, 'For all');
  const titles = async (of: ReturnType<typeof principal>) =>
    (await inbox(of)).body.items.map((item) => item.subject);
  expect(await titles(principal(malini.id))).toEqual(['For all', 'For Malini']);
  expect(await titles(principal(newId()))).toEqual([]);
  // The account came later: what the agent was told before is there.
  expect(await titles(principal(newId(), { agentId: nimal.id }))).toEqual(['For all', 'For Nimal']);
  expect(await titles(principal(malini.id, { kind: 'key' }))).toEqual([]);
});

test('what one account of an agent was told is not for another account of the same agent', async () => {
  await world.react(personEvent(malini, { agentId: nimal.id }));
  await send({ agents: [nimal.id] }, 'For Malini’s account');
  const read = async (id: string) =>
    (await inbox(principal(id, { agentId: nimal.id }))).body.items.map((item) => item.subject);
  expect(await read(malini.id)).toEqual(['For Malini’s account']);
  expect(await read(newId())).toEqual([]);
});

test('read and unread', async () => {
  await send({ people: [malini.id] }, 'One');
  await send({ people: [malini.id] }, 'Two');
  const me = principal(malini.id);
  const { body } = await inbox(me);
  expect(body.unread).toBe(2);
  const id = body.items[1]!.id;
  const read = await world.call(markRead, { principal: me, params: { id }, body: { read: true } });
  expect(read.body.readAt).toBe(new Date(world.clock.at).toISOString());
  expect((await inbox(me, { unread: true })).body).toMatchObject({ unread: 1, items: [{ subject: 'Two' }] });
  await world.call(markRead, { principal: me, params: { id }, body: { read: false } });
  expect((await inbox(me)).body.unread).toBe(2);
  await expect(
    world.call(markRead, { principal: principal(newId()), params: { id }, body: { read: true } }),
  ).rejects.toMatchObject({ code: 'notification_unknown' });
  expect((await world.call(markAllRead, { principal: principal(newId()) })).body).toEqual({ marked: 0 });
  expect((await world.call(markAllRead, { principal: me })).body).toEqual({ marked: 2 });
  expect((await inbox(me)).body.unread).toBe(0);
});

test('pages follow one another', async () => {
  for (const title of ['One', 'Two', 'Three']) await send({ people: [malini.id] }, title);
  const me = principal(malini.id);
  const first = await inbox(me, { limit: 2 });
  const second = await inbox(me, { limit: 2, cursor: first.body.next });
  expect([...first.body.items, ...second.body.items].map((item) => item.subject)).toEqual([
    'Three',
    'Two',
    'One',
  ]);
  expect(second.body.next).toBeNull();
});

test('telling nobody is refused', async () => {
  await expect(send({ people: [newId()] }, 'Nobody')).rejects.toMatchObject({ code: 'nobody_told' });
});

test('deliveries are listed with recipient and filtered', async () => {
  await send({ people: [malini.id], agents: [nimal.id] }, 'Both');
  const list = async (query: object) =>
    (await world.call(listDeliveries, { query: { limit: 50, cursor: undefined, ...query } })).body.items;
  expect((await list({})).map((row) => [row.recipient, row.channel]).toSorted()).toEqual([
    ['Malini', 'email'],
    ['Malini', 'in-app'],
    ['Nimal Perera', 'in-app'],
  ]);
  expect(await list({ status: 'PENDING' })).toHaveLength(1);
  expect(await list({ agent: nimal.id })).toHaveLength(1);
  expect(await list({ kind: 'target-reached' })).toHaveLength(0);
  expect((await world.call(countDeliveries, {})).body).toEqual({ PENDING: 1, SENT: 2, FAILED: 0 });
});

test('preferences begin with what the kind says, and are kept', async () => {
  const me = principal(malini.id);
  const { body } = await world.call(readPreferences, { principal: me });
  expect(body.items).toHaveLength(9);
  expect(body.items).toContainEqual({ kind: 'agent-deactivated', channel: 'email', wanted: false });
  const set = await world.call(setPreferences, {
    principal: me,
    body: { items: [{ kind: 'agent-deactivated', channel: 'email', wanted: true }] },
  });
  expect(set.body.items).toContainEqual({ kind: 'agent-deactivated', channel: 'email', wanted: true });
  await expect(
    world.call(setPreferences, { principal: principal(malini.id, { kind: 'key' }), body: { items: [] } }),
  ).rejects.toMatchObject({ code: 'not_a_person' });
});

test('a template is checked, previewed, kept and reset', async () => {
  const params = { kind: 'message' as const };
  await expect(
    world.call(putTemplate, { params, body: { subject: '{{titel}}', body: '{{message}}' } }),
  ).rejects.toMatchObject({ code: 'placeholder_unknown', faults: [{ at: '/subject' }] });
  const preview = await world.call(previewTemplate, {
    params,
    body: { subject: 'To {{name}}', body: '{{titel}} from {{organisation}}' },
  });
  expect(preview.body).toEqual({ subject: 'To Nimal Perera', body: ' from Serendib', unknown: ['titel'] });
  const { body } = await world.call(putTemplate, {
    params,
    body: { subject: '{{title}}!', body: '{{message}}' },
  });
  expect(body).toMatchObject({ subject: '{{title}}!', changed: true });
  expect((await world.call(resetTemplate, { params })).body).toMatchObject({
    subject: '{{title}}',
    changed: false,
  });
  expect((await world.call(listTemplates, {})).body.items).toHaveLength(3);
});

test('webhooks: one’s own are one’s own, the organisation’s ask for the permission', async () => {
  const me = principal(malini.id);
  const writer = principal(newId(), { permissions: ['notifications:read', 'notifications:write'] });
  const body = { url: 'https://hooks.example/a', kinds: [], own: true };
  const { body: own } = await world.call(addEndpoint, { principal: me, body });
  expect(own.secret).toMatch(/^whsec_.{43}$/);
  await expect(
    world.call(addEndpoint, { principal: me, body: { ...body, own: false } }),
  ).rejects.toMatchObject({
    code: 'endpoint_forbidden',
  });
  const { body: shared } = await world.call(addEndpoint, {
    principal: writer,
    body: { ...body, own: false },
  });
  const ids = async (of: ReturnType<typeof principal>) =>
    (await world.call(listEndpoints, { principal: of })).body.items.map((each) => each.id);
  expect(await ids(me)).toEqual([own.id]);
  expect(await ids(writer)).toEqual([shared.id]);
  const listed = await world.call(listEndpoints, { principal: me });
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  const path = { params: { id: own.id } };
  await expect(
    world.call(changeEndpoint, { ...path, principal: writer, body: { active: false } }),
  ).rejects.toMatchObject({ code: 'endpoint_unknown' });
  expect(
    (await world.call(changeEndpoint, { ...path, principal: me, body: { active: false } })).body.active,
  ).toBe(false);
  const renewed = await world.call(renewSecret, { ...path, principal: me });
  expect(renewed.body.secret).not.toBe(own.secret);
  await expect(world.call(removeEndpoint, { ...path, principal: writer })).rejects.toMatchObject({
    code: 'endpoint_unknown',
  });
  await world.call(removeEndpoint, { ...path, principal: me });
  expect(await ids(me)).toEqual([]);
});

test('a webhook to an address of the own network is refused with the field', async () => {
  const adding = (url: string) =>
    world.call(addEndpoint, { principal: principal(malini.id), body: { url, kinds: [], own: true } });
  for (const url of [
    'http://127.0.0.1:8000/api',
    'http://localhost/',
    'http://[::1]/',
    'http://169.254.169.254/',
  ])
    await expect(adding(url)).rejects.toMatchObject({ code: 'address_refused', faults: [{ at: '/url' }] });
  world.webhooks.allowPrivateAddresses = true;
  expect((await adding('http://127.0.0.1:8000/')).status).toBe(201);
});
