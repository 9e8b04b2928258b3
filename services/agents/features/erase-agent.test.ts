import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeAgent } from './change-agent.ts';
import { deactivateAgent } from './deactivate-agent.ts';
import { eraseAgent } from './erase-agent.ts';
import { landAgents } from './push-agents.ts';
import { selectAgents } from './read-agents.ts';
import { createContext, pushed, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

function land(value: unknown) {
  return world.db.transaction((tx) => landAgents(tx, [{ row: 0, value }], '2026-03-10', world.clock.now()));
}

async function createAndChange(): Promise<string> {
  await land(pushed('A1', { firstName: 'Zebulon', email: 'zebulon@example.com', contact: '0771' }));
  const [agent] = await selectAgents(world.db, 'WHERE a.code = $1', ['A1']);
  const { id } = agent!;
  await world.call(changeAgent, { params: { id }, body: { version: 1, firstName: 'Zebulun' } });
  await world.call(deactivateAgent, { params: { id }, body: { reason: 'Zebulun left' } });
  return id;
}

/** Everything that the service keeps, as text. */
async function everything(): Promise<string> {
  const tables = await world.db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'agents'`,
  );
  expect(tables.rowCount).toBeGreaterThan(5);
  const contents = [];
  for (const { name } of tables.rows)
    contents.push((await world.db.query(`SELECT * FROM agents.${name}`)).rows);
  return JSON.stringify(contents);
}

test('nothing personal is left: not in the row, not in the search, not in the history', async () => {
  const id = await createAndChange();
  expect(await everything()).toMatch(/Zebul/i);
  const { body } = await world.call(eraseAgent, { params: { id } });
  expect(body).toMatchObject({
    ...{ code: 'A1', erased: true, status: 'inactive' },
    ...{ firstName: null, lastName: null, email: null, contact: null },
  });
  expect(await everything()).not.toMatch(/zebul|perera|0771/i);
  const key = await world.db.query<{ key: Buffer | null }>('SELECT key FROM events.subjects WHERE id = $1', [
    id,
  ]);
  expect(key.rows).toEqual([{ key: null }]);
});

test('that it happened stays in the history, and is told once', async () => {
  const id = await createAndChange();
  await world.call(eraseAgent, { params: { id } });
  await world.call(eraseAgent, { params: { id } });
  const told = (await world.published()).filter((event) => event.type === 'agents.erased');
  expect(told).toEqual([{ type: 'agents.erased', payload: { agentId: id } }]);
  const history = await world.db.query<{ kind: string; fields: object }>(
    'SELECT kind, fields FROM agents.changes ORDER BY id',
  );
  expect(history.rows.map((row) => row.kind)).toEqual(['created', 'changed', 'deactivated', 'erased']);
  expect(history.rows[1]!.fields).toEqual({ firstName: { before: null, after: null } });
});

test('an erased agent does not come back by a change or a push', async () => {
  const id = await createAndChange();
  await world.call(eraseAgent, { params: { id } });
  await expect(
    world.call(changeAgent, { params: { id }, body: { version: 4, firstName: 'Zebulon' } }),
  ).rejects.toMatchObject({ code: 'agent_erased' });
  const result = await land(pushed('A1'));
  expect(result).toMatchObject({ changed: 0, rejected: [{ faults: [{ at: '/code' }] }] });
});

test('an agent that is not there cannot be erased', async () => {
  await expect(world.call(eraseAgent, { params: { id: world.branches.north } })).rejects.toMatchObject({
    code: 'agent_unknown',
    status: 404,
  });
});
