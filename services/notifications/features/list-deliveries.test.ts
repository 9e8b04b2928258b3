import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countDeliveries, listDeliveries } from './list-deliveries.ts';
import { sendMessage } from './send-message.ts';
import { agentEvent, createContext, personEvent, type TestContext } from './test-context.ts';

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
