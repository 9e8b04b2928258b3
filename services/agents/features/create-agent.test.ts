import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { changeAgent } from './change-agent.ts';
import { createAgent } from './create-agent.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

test('a new agent belongs where it was hired, from the day it was', () => {
  expect(agent).toMatchObject({ version: 1, status: 'active', branchId: world.branches.north });
  expect(agent.assignments).toEqual([
    { from: '2024-01-01', branchId: world.branches.north, teamId: world.teams.lions },
  ]);
});

test('a code is given once', async () => {
  await expect(world.hire('A1')).rejects.toMatchObject({ code: 'code_taken', faults: [{ at: '/code' }] });
  const other = await world.hire('A2');
  await expect(
    world.call(changeAgent, { params: { id: other.id }, body: { version: 1, code: 'A1' } }),
  ).rejects.toMatchObject({ code: 'code_taken' });
  expect(await world.published()).toHaveLength(2);
});

test('what is referred to must exist', async () => {
  const stranger = agent.id;
  await expect(
    world.call(createAgent, {
      body: {
        ...{ code: 'A2', firstName: 'Saman', lastName: 'Silva', branchId: stranger, teamId: stranger },
        authorisations: [{ productId: stranger, from: '2024-01-01' }],
      },
    }),
  ).rejects.toMatchObject({
    code: 'reference_unknown',
    faults: [{ at: '/branchId' }, { at: '/teamId' }, { at: '/authorisations/0/productId' }],
  });
  expect(await world.published()).toHaveLength(1);
});
