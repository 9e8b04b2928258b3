import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { assign, withdrawAssignment } from './assign-agent.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

const params = () => ({ id: agent.id });

test('an assignment is withdrawn, but not the last one', async () => {
  await world.call(assign, {
    params: params(),
    body: { from: '2026-01-01', branchId: world.branches.south, teamId: null },
  });
  const path = (from: string) => ({ params: { id: agent.id, from } });
  const { body } = await world.call(withdrawAssignment, path('2026-01-01'));
  expect(body).toMatchObject({ branchId: world.branches.north, teamId: world.teams.lions });
  await expect(world.call(withdrawAssignment, path('2024-01-01'))).rejects.toMatchObject({
    code: 'assignment_last',
  });
  await expect(world.call(withdrawAssignment, path('2026-01-01'))).rejects.toMatchObject({
    code: 'assignment_unknown',
  });
});
