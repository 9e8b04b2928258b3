import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listInbox, markAllRead, markRead } from './list-inbox.ts';
import { sendMessage } from './send-message.ts';
import { agentEvent, createContext, personEvent, principal, type TestContext } from './test-context.ts';

const nimal = { id: newId(), name: 'Nimal Perera' };
const malini = { id: newId(), name: 'Malini', email: 'malini@example.com' };

let world: TestContext;
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
