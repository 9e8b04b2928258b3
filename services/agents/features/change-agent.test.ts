import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { changeAgent } from './change-agent.ts';
import { listChanges } from './list-changes.ts';
import { lockAgent, readAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

const params = () => ({ id: agent.id });

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

async function locksWaitedFor(): Promise<number> {
  const answer = await world.db.query<{ count: number }>(
    `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database OR l.database IS NULL
     WHERE NOT l.granted AND d.datname = current_database()`,
  );
  return answer.rows[0]!.count;
}
