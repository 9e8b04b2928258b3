import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendMessage } from './send-message.ts';
import { agentEvent, createContext, personEvent, type TestContext } from './test-context.ts';

const team = newId();
const nimal = { id: newId(), name: 'Nimal Perera' };
const saman = { id: newId(), name: 'Saman Silva', email: 'saman@example.com' };
const malini = { id: newId(), name: 'Malini' };

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
  await world.react(
    agentEvent(nimal, { teamId: team }),
    agentEvent(saman, { teamId: team }),
    personEvent(malini),
  );
});
afterEach(() => world.drop());

function send(to: { agents?: string[]; teams?: string[]; people?: string[]; everyone?: boolean }) {
  const nobody = { agents: [], teams: [], branches: [], people: [], everyone: false };
  return world.call(sendMessage, { body: { to: { ...nobody, ...to }, title: 'News', message: 'Text' } });
}

test('whoever is named more than once is told once', async () => {
  const { body } = await send({ teams: [team], agents: [nimal.id, saman.id] });
  expect(body).toEqual({ recipients: 2, notifications: 3 });
  expect((await world.rows()).map((row) => [row.agent_id, row.channel]).toSorted()).toEqual(
    [
      [nimal.id, 'in-app'],
      [saman.id, 'in-app'],
      [saman.id, 'email'],
    ].toSorted(),
  );
});

test('everyone is every active agent and person', async () => {
  await world.react(
    agentEvent({ id: newId(), name: 'Gone Agent' }, { status: 'inactive', change: 'created' }),
  );
  expect((await send({ everyone: true })).body.recipients).toBe(3);
});

test('telling nobody is refused, and nothing is made', async () => {
  await expect(send({ people: [newId()] })).rejects.toMatchObject({ code: 'nobody_told' });
  expect(await world.rows()).toEqual([]);
});
