import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPreferences, setPreferences } from './keep-preferences.ts';
import { agentEvent, createContext, personEvent, principal, type TestContext } from './test-context.ts';

const nimal = { id: newId(), name: 'Nimal Perera' };
const malini = { id: newId(), name: 'Malini', email: 'malini@example.com' };

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal), personEvent(malini));
});
afterEach(() => world.drop());

test('preferences begin with what the kind says, and are kept', async () => {
  const me = principal(malini.id);
  const { body } = await world.call(readPreferences, { principal: me });
  expect(body.items).toHaveLength(24);
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
