import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { applyAssignments } from './apply-assignments.ts';
import { assign } from './assign-agent.ts';
import { readAgent } from './read-agents.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

const params = () => ({ id: agent.id });

test('a move for a later day takes effect on that day, once', async () => {
  const { body: planned } = await world.call(assign, {
    params: params(),
    body: { from: '2026-04-01', branchId: world.branches.south, teamId: null },
  });
  expect(planned.branchId).toBe(world.branches.north);
  expect(await applyAssignments(world.context)).toEqual({ counts: { moved: 0 } });
  // 1 April in Colombo, still 31 March in UTC.
  world.clock.at = '2026-03-31T18:35:00Z';
  expect(await applyAssignments(world.context)).toEqual({ counts: { moved: 1 } });
  expect(await applyAssignments(world.context)).toEqual({ counts: { moved: 0 } });
  const now = (await world.call(readAgent, { params: params() })).body;
  expect(now).toMatchObject({ branchId: world.branches.south, teamId: null });
  const events = await world.published();
  expect(events.at(-1)!.payload).toMatchObject({ branchId: world.branches.south, change: 'changed' });
});
