import { afterEach, beforeEach, expect, test } from 'vitest';
import { landAgents } from './push-agents.ts';
import { selectAgents } from './read-agents.ts';
import { createContext, pushed, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

function land(...values: unknown[]) {
  const rows = values.map((value, row) => ({ row, value }));
  return world.db.transaction((tx) => landAgents(tx, rows, '2026-03-10', world.clock.now()));
}

async function read(code: string) {
  const [agent] = await selectAgents(world.db, 'WHERE a.code = $1', [code]);
  return agent!;
}

test('an unknown code is a new agent, told of once', async () => {
  const result = await land(pushed('A1', { team: 'Lions', hireDate: '2024-05-01' }));
  expect(result).toEqual({ created: 1, changed: 0, unchanged: 0, rejected: [] });
  const agent = await read('A1');
  expect(agent).toMatchObject({
    status: 'active',
    firstName: 'Nimal',
    version: 1,
    teamId: world.teams.lions,
  });
  expect(agent.assignments).toEqual([
    { from: '2024-05-01', branchId: world.branches.north, teamId: world.teams.lions },
  ]);
  const events = await world.published();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ type: 'agents.changed', payload: { code: 'A1', change: 'created' } });
});

test('personal fields are not in the log in clear', async () => {
  await land(pushed('A1', { email: 'nimal@example.com', contact: '077' }));
  const [event] = await world.published();
  expect(event!.payload).toMatchObject({ firstName: null, lastName: null, email: null, contact: null });
});

test('the same content again changes nothing: no version, no history, no event', async () => {
  const row = pushed('A1', {
    email: 'nimal@example.com',
    authorisations: [{ product: 'LIFE', from: '2024-01-01' }],
  });
  await land(row);
  const before = await read('A1');
  world.clock.at = '2026-03-11T06:30:00Z';
  expect(await land(row)).toEqual({ created: 0, changed: 0, unchanged: 1, rejected: [] });
  expect(await read('A1')).toEqual(before);
  expect(await world.published()).toHaveLength(1);
  const history = await world.db.query('SELECT FROM agents.changes');
  expect(history.rowCount).toBe(1);
});

test('good rows land and bad ones are listed with place, field and remedy', async () => {
  const result = await land(
    pushed('A1'),
    { code: 'A2' },
    pushed('A3', { branch: 'X', team: 'Nobody' }),
    { ...pushed('A4'), nickname: 'Nim' },
    'not even an object',
    pushed('A5'),
  );
  expect(result).toMatchObject({ created: 2, changed: 0, unchanged: 0 });
  expect(result.rejected.map(({ row, code }) => [row, code])).toEqual([
    [1, 'A2'],
    [2, 'A3'],
    [3, 'A4'],
    [4, null],
  ]);
  expect(result.rejected[0]!.faults.map((fault) => fault.at)).toEqual(['/firstName', '/lastName', '/branch']);
  expect(result.rejected[1]!.faults).toEqual([
    { at: '/branch', message: 'There is no branch with the code "X".' },
    { at: '/team', message: 'There is no team named "Nobody".' },
  ]);
  expect(result.rejected[2]!.faults).toEqual([{ at: '/nickname', message: 'Is not a known field.' }]);
  for (const row of result.rejected) expect(row.remedy).not.toBe('');
  expect((await world.published()).map((event) => event.payload.code)).toEqual(['A1', 'A5']);
});

test('fields that are absent stay, null empties them', async () => {
  await land(pushed('A1', { email: 'a@example.com', contact: '077', hireDate: '2024-01-01' }));
  await land(pushed('A1', { contact: null }));
  expect(await read('A1')).toMatchObject({ email: 'a@example.com', contact: null, hireDate: '2024-01-01' });
});

test('a moved agent keeps where they belonged before', async () => {
  await land(pushed('A1', { team: 'Lions', hireDate: '2024-01-01' }));
  await land(pushed('A1', { branch: 'S' }));
  const agent = await read('A1');
  expect(agent).toMatchObject({ branchId: world.branches.south, teamId: world.teams.lions });
  expect(agent.assignments).toEqual([
    { from: '2024-01-01', branchId: world.branches.north, teamId: world.teams.lions },
    { from: '2026-03-10', branchId: world.branches.south, teamId: world.teams.lions },
  ]);
});

test('a move of a later day is not in force yet', async () => {
  await land(pushed('A1'));
  await land(pushed('A1', { branch: 'S', assignedFrom: '2026-04-01' }));
  const agent = await read('A1');
  expect(agent.branchId).toBe(world.branches.north);
  expect(agent.assignments).toHaveLength(2);
});

test('authorisations become exactly those that are pushed; the ones that stay keep their ids', async () => {
  await land(pushed('A1', { authorisations: [{ product: 'LIFE', from: '2024-01-01' }] }));
  const [first] = (await read('A1')).authorisations;
  await land(
    pushed('A1', {
      authorisations: [
        { product: 'MOTOR', from: '2025-01-01', to: '2025-12-31' },
        { product: 'LIFE', from: '2024-01-01', to: '2026-12-31' },
      ],
    }),
  );
  expect((await read('A1')).authorisations).toEqual([
    { ...first, to: '2026-12-31' },
    { id: expect.any(String), productId: world.products.motor, from: '2025-01-01', to: '2025-12-31' },
  ]);
  await land(pushed('A1', { authorisations: [] }));
  expect((await read('A1')).authorisations).toEqual([]);
});

test('overlapping authorisations and reversed days are refused', async () => {
  const result = await land(
    pushed('A1', {
      authorisations: [
        { product: 'LIFE', from: '2024-01-01' },
        { product: 'LIFE', from: '2025-01-01' },
      ],
    }),
    pushed('A2', { authorisations: [{ product: 'LIFE', from: '2025-01-01', to: '2024-01-01' }] }),
  );
  expect(result.created).toBe(0);
  expect(result.rejected.map((row) => row.faults[0]!.at)).toEqual([
    '/authorisations/1',
    '/authorisations/0/to',
  ]);
  expect(await world.published()).toEqual([]);
});

test('the same code twice in one push: the later row wins, told of once', async () => {
  const result = await land(pushed('A1'), pushed('A1', { firstName: 'Saman' }));
  expect(result).toMatchObject({ created: 1, changed: 1 });
  expect((await read('A1')).firstName).toBe('Saman');
  expect(await world.published()).toHaveLength(1);
});

test('pushes at once, in opposite order, do not deadlock and do not double', async () => {
  const codes = Array.from({ length: 50 }, (_, index) => `A${index}`);
  const results = await Promise.all([
    land(...codes.map((code) => pushed(code))),
    land(...codes.toReversed().map((code) => pushed(code))),
    land(...codes.map((code) => pushed(code))),
  ]);
  expect(results.map((result) => result.created).toSorted((a, b) => a - b)).toEqual([0, 0, 50]);
  expect(await world.published()).toHaveLength(50);
});

test('a status that is pushed is told as what it is', async () => {
  await land(pushed('A1'));
  await land(pushed('A1', { status: 'inactive' }));
  await land(pushed('A1', { status: 'active' }));
  const events = await world.published();
  expect(events.map((event) => event.payload.change)).toEqual(['created', 'deactivated', 'reactivated']);
});
