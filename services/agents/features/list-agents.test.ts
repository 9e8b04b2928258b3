import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAgents, listAgents } from './list-agents.ts';
import { landAgents } from './push-agents.ts';
import { createContext, pushed, type TestContext } from './test-context.ts';

let world: TestContext;
beforeAll(async () => {
  world = await createContext();
  const rows = [
    pushed('A1', { firstName: 'Nimal', lastName: 'De Silva', email: 'nds@example.com', team: 'Lions' }),
    pushed('A2', { firstName: 'José', lastName: 'Perera', branch: 'S', status: 'inactive' }),
    pushed('B1', {
      firstName: 'Saman',
      lastName: 'Pereira',
      authorisations: [{ product: 'LIFE', from: '2026-01-01', to: '2026-03-10' }],
    }),
    pushed('B_2', {
      firstName: 'නිමල්',
      lastName: 'පෙරේරා',
      authorisations: [{ product: 'LIFE', from: '2026-03-11' }],
    }),
  ].map((value, row) => ({ row, value }));
  await world.db.transaction((tx) => landAgents(tx, rows, '2026-03-10', world.clock.now()));
});
afterAll(() => world.drop());

async function codes(filter: Parameters<typeof findAgents>[1], today = '2026-03-10') {
  const agents = await findAgents(world.db, filter, today, 100);
  return agents.map((agent) => agent.code);
}

test.each([
  ['', ['A1', 'A2', 'B1', 'B_2']],
  ['a', ['A1', 'A2']],
  ['b1', ['B1']],
  ['silva', ['A1']],
  ['SIL', ['A1']],
  ['ilva', []],
  ['jose', ['A2']],
  ['JOSÉ', ['A2']],
  ['per sam', ['B1']],
  ['perer', ['A2']],
  ['nds@', ['A1']],
  ['නිමල්', ['B_2']],
  ['b_', ['B_2']],
  ['%', []],
  ['per nobody', []],
])('searching for "%s" finds beginnings of words, all of them', async (search, expected) => {
  expect(await codes({ search })).toEqual(expected);
});

test('filters hold together', async () => {
  expect(await codes({ branch: world.branches.south })).toEqual(['A2']);
  expect(await codes({ region: 'Down' })).toEqual(['A2']);
  expect(await codes({ team: world.teams.lions })).toEqual(['A1']);
  expect(await codes({ status: 'inactive' })).toEqual(['A2']);
  expect(await codes({ status: 'active', search: 'pere' })).toEqual(['B1']);
});

test('a product is asked for as of today', async () => {
  expect(await codes({ product: world.products.life }, '2026-03-10')).toEqual(['B1']);
  expect(await codes({ product: world.products.life }, '2026-03-11')).toEqual(['B_2']);
});

test('pages follow one another without gap or repetition', async () => {
  const first = await world.call(listAgents, { query: { limit: 3, cursor: undefined } });
  expect(first.body.items.map((agent) => agent.code)).toEqual(['A1', 'A2', 'B1']);
  const second = await world.call(listAgents, { query: { limit: 3, cursor: first.body.next! } });
  expect(second.body).toMatchObject({ items: [{ code: 'B_2' }], next: null });
});

test('a search uses the index of beginnings', async () => {
  await world.db.transaction(async (tx) => {
    await tx.query('SET LOCAL enable_seqscan = off');
    const plan = await tx.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT agent_id FROM agents.agent_words WHERE word LIKE $1`,
      ['pere%'],
    );
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/agent_words_by_beginning/);
    expect(text).toMatch(/word ~>=~ 'pere'/);
  });
});
