import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { applyAssignments } from './apply-assignments.ts';
import { assign, withdrawAssignment } from './assign-agent.ts';
import { authorise, changeAuthorisation, withdrawAuthorisation } from './authorise-agent.ts';
import { changeAgent } from './change-agent.ts';
import { createAgent } from './create-agent.ts';
import { deactivateAgent, reactivateAgent } from './deactivate-agent.ts';
import { listChanges } from './list-changes.ts';
import { lockAgent, readAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await create('A1');
});
afterEach(() => world.drop());

async function create(code: string): Promise<Agent> {
  const answer = await world.call(createAgent, {
    body: {
      code,
      firstName: 'Nimal',
      lastName: 'Perera',
      email: null,
      contact: null,
      hireDate: '2024-01-01',
      branchId: world.branches.north,
      teamId: world.teams.lions,
      authorisations: [{ productId: world.products.life, from: '2024-01-01' }],
    },
  });
  return answer.body;
}

const params = () => ({ id: agent.id });

test('a new agent belongs where it was hired, from the day it was', () => {
  expect(agent).toMatchObject({ version: 1, status: 'active', branchId: world.branches.north });
  expect(agent.assignments).toEqual([
    { from: '2024-01-01', branchId: world.branches.north, teamId: world.teams.lions },
  ]);
});

test('a code is given once', async () => {
  await expect(create('A1')).rejects.toMatchObject({ code: 'code_taken', faults: [{ at: '/code' }] });
  const other = await create('A2');
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

test('two managers at the same time do not overwrite each other', async () => {
  const second = await world.db.transaction(async (tx) => {
    const before = await lockAgent(tx, agent.id, 1);
    const waiting = world.call(changeAgent, {
      params: params(),
      body: { version: 1, email: 'second@example.com' },
    });
    // It must stand before the lock when the first one saves.
    await expect.poll(() => locksWaitedFor(), { timeout: 5000 }).toBe(1);
    const after = { ...before, email: 'first@example.com' };
    await saveAgents(tx, [{ before, after, kind: 'changed' }], world.clock.now());
    return { waiting };
  });
  await expect(second.waiting).rejects.toMatchObject({ code: 'version_conflict', status: 409 });
  const now = (await world.call(readAgent, { params: params() })).body;
  expect(now).toMatchObject({ version: 2, email: 'first@example.com' });
  const history = await world.call(listChanges, {
    params: params(),
    query: { limit: 10, cursor: undefined },
  });
  expect(history.body.items.map((item) => item.kind)).toEqual(['changed', 'created']);
});

async function locksWaitedFor(): Promise<number> {
  const answer = await world.db.query<{ count: number }>(
    `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database OR l.database IS NULL
     WHERE NOT l.granted AND d.datname = current_database()`,
  );
  return answer.rows[0]!.count;
}

test('history says who changed what, before and after', async () => {
  world.clock.at = '2026-03-11T08:00:00Z';
  await world.call(changeAgent, {
    params: params(),
    body: { version: 1, lastName: 'Silva', contact: '077' },
  });
  const { body } = await world.call(listChanges, {
    params: params(),
    query: { limit: 1, cursor: undefined },
  });
  expect(body.items).toEqual([
    {
      id: expect.any(String),
      at: '2026-03-11T08:00:00.000Z',
      actor: 'system',
      kind: 'changed',
      reason: null,
      fields: { lastName: { before: 'Perera', after: 'Silva' }, contact: { before: null, after: '077' } },
    },
  ]);
  const rest = await world.call(listChanges, { params: params(), query: { limit: 1, cursor: body.next! } });
  expect(rest.body).toMatchObject({ items: [{ kind: 'created' }], next: null });
});

test('a change to what is there already makes no version and no event', async () => {
  const answer = await world.call(changeAgent, {
    params: params(),
    body: { version: 1, lastName: 'Perera' },
  });
  expect(answer.body.version).toBe(1);
  expect(await world.published()).toHaveLength(1);
});

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

test('a product is authorised, limited and withdrawn', async () => {
  const { body: more } = await world.call(authorise, {
    params: params(),
    body: { productId: world.products.motor, from: '2026-01-01', to: null },
  });
  expect(more.authorisations).toHaveLength(2);
  const { id } = more.authorisations[1]!;
  const { body: limited } = await world.call(changeAuthorisation, {
    params: { id: agent.id, authorisation: id },
    body: { to: '2026-06-30' },
  });
  expect(limited.authorisations[1]).toEqual({
    ...{ id, productId: world.products.motor, from: '2026-01-01', to: '2026-06-30' },
  });
  const { body: less } = await world.call(withdrawAuthorisation, {
    params: { id: agent.id, authorisation: id },
  });
  expect(less.authorisations.map((each) => each.productId)).toEqual([world.products.life]);
  const events = await world.published();
  expect(events.at(-1)!.payload.authorisations).toEqual([
    { productId: world.products.life, from: '2024-01-01', to: null },
  ]);
});

test('authorisations of a product do not overlap, not by a day', async () => {
  const [first] = agent.authorisations;
  const path = { id: agent.id, authorisation: first!.id };
  await world.call(changeAuthorisation, { params: path, body: { to: '2026-01-31' } });
  const second = (from: string) =>
    world.call(authorise, { params: params(), body: { productId: world.products.life, from, to: null } });
  await expect(second('2026-01-31')).rejects.toMatchObject({ code: 'authorisations_overlap' });
  expect((await second('2026-02-01')).body.authorisations).toHaveLength(2);
  await expect(world.call(changeAuthorisation, { params: path, body: { to: null } })).rejects.toMatchObject({
    code: 'authorisations_overlap',
  });
  await expect(
    world.call(changeAuthorisation, { params: path, body: { to: '2023-12-31' } }),
  ).rejects.toMatchObject({ code: 'range_reversed' });
});

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
