import { limited, type Reach } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommissionsFixture, startCommissions } from '../fixtures/commissions-world.ts';
import { listDisputes } from './list-disputes.ts';
import { listStatements, readStatement } from './list-statements.ts';
import { readOverview } from './read-overview.ts';
import { recomputeStatement } from './reconcile.ts';
import { raiseDispute, writeMessage } from './settle-disputes.ts';
import { trySales } from './try-sales.ts';

let world: CommissionsFixture;
beforeEach(async () => {
  world = await startCommissions();
  await world.plan();
  await world.record();
  await world.record({ shares: [[world.known.bob, '50.0000']], amount: '50.0000' });
  await world.settled();
});
afterEach(() => world.stop());

const nobody: Reach = { all: false, person: null, agent: null, teams: [], branches: [] };
/** As somebody who reaches only that. */
const as = (reach: Partial<Reach>) => {
  const context = { ...world.context, db: limited(world.database.db, { ...nobody, ...reach }) };
  const call: CommissionsFixture['call'] = (handler, input) =>
    world.call((request) => handler(request as never, context), input);
  return call;
};
const listed = async (reach: Partial<Reach>) =>
  (await as(reach)(listStatements, { query: { limit: 10 } })).body.items.map(({ agent }) => agent.code);

test('agents see their own statements, leaders those of their team or branch, others none', async () => {
  const { ann, bob, red, south } = world.known;
  expect(await listed({ agent: ann })).toEqual(['ANN']);
  expect(await listed({ agent: bob })).toEqual(['BOB']);
  expect(await listed({ teams: [red] })).toEqual(['ANN']);
  expect(await listed({ branches: [south] })).toEqual(['BOB']);
  expect(await listed({ all: true })).toEqual(['ANN', 'BOB']);
  expect(await listed({})).toEqual([]);
});

test('totals are of what one sees', async () => {
  const { ann } = world.known;
  const mine = (await as({ agent: ann })(readOverview, { query: {} })).body;
  expect(mine.totals).toMatchObject([{ commission: '10.0000', agents: 1 }]);
  const all = (await as({ all: true })(readOverview, { query: {} })).body;
  expect(all.totals).toMatchObject([{ commission: '15.0000', agents: 2 }]);
});

test('another agent’s statement is not there: neither to read, recompute, dispute nor try', async () => {
  const { ann, bob, life } = world.known;
  const [annes] = (await as({ agent: ann })(listStatements, { query: { limit: 10 } })).body.items;
  const params = { id: annes!.statementId };
  const call = as({ agent: bob });
  const unknown = { code: 'statement_unknown' };
  await expect(call(readStatement, { params })).rejects.toMatchObject(unknown);
  await expect(call(recomputeStatement, { params })).rejects.toMatchObject(unknown);
  const body = { statementId: params.id, line: null, reason: 'Mine', expected: null };
  await expect(call(raiseDispute, { body })).rejects.toMatchObject(unknown);
  const tried = { agentId: ann, productId: life, amount: '1', currency: 'USD', sales: 1 };
  await expect(call(trySales, { body: tried })).rejects.toMatchObject({ code: 'agent_missing' });
});

test('a dispute and its thread are seen by the agent and the branch, not by another agent', async () => {
  const { ann, bob, north } = world.known;
  const call = as({ agent: ann });
  const [mine] = (await call(listStatements, { query: { limit: 10 } })).body.items;
  const body = { statementId: mine!.statementId, line: 1, reason: 'Why?', expected: null };
  const id = (await call(raiseDispute, { body })).body.disputeId;
  await as({ branches: [north] })(writeMessage, { params: { id }, body: { body: 'Because.' } });
  const seen = async (reach: Partial<Reach>) =>
    (await as(reach)(listDisputes, { query: { limit: 10 } })).body.items.map(({ messages }) => messages);
  expect(await seen({ agent: ann })).toEqual([1]);
  expect(await seen({ branches: [north] })).toEqual([1]);
  expect(await seen({ agent: bob })).toEqual([]);
  await expect(
    as({ agent: bob })(writeMessage, { params: { id }, body: { body: 'Hm.' } }),
  ).rejects.toMatchObject({ code: 'dispute_unknown' });
});
