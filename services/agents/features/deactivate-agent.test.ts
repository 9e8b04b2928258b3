import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { deactivateAgent, reactivateAgent } from './deactivate-agent.ts';
import { listChanges } from './list-changes.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

const params = () => ({ id: agent.id });

test('deactivating twice is once, and keeps the reason', async () => {
  const body = { reason: 'Left the company' };
  await world.call(deactivateAgent, { params: params(), body });
  const again = await world.call(deactivateAgent, { params: params(), body });
  expect(again.body).toMatchObject({ status: 'inactive', version: 2 });
  const back = await world.call(reactivateAgent, { params: params(), body: {} });
  expect(back.body.status).toBe('active');
  expect((await world.published()).map((event) => event.payload.change)).toEqual([
    'created',
    'deactivated',
    'reactivated',
  ]);
  const history = await world.call(listChanges, {
    params: params(),
    query: { limit: 10, cursor: undefined },
  });
  expect(history.body.items.map((item) => item.reason)).toEqual([null, 'Left the company', null]);
});
