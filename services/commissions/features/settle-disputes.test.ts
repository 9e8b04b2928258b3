import type { Principal } from '@moonbase/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommissionsFixture, startCommissions } from '../fixtures/commissions-world.ts';
import { listDisputes, readDispute } from './list-disputes.ts';
import { listStatements } from './list-statements.ts';
import { decideDispute, raiseDispute, withdrawDispute, writeMessage } from './settle-disputes.ts';

let world: CommissionsFixture;
let agent: Partial<Principal>;
const manager: Partial<Principal> = { kind: 'person', id: 'm', name: 'Asha' };
let statementId: string;

beforeEach(async () => {
  world = await startCommissions();
  agent = { kind: 'person', id: 'a', name: 'Ann', agentId: world.known.ann };
  await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.close('2026-02');
  const { items } = (await world.call(listStatements, { query: { limit: 10 } })).body;
  statementId = items[0]!.statementId;
});
afterEach(() => world.stop());

const raise = async (change: object = {}) => {
  const body = { statementId, line: 1, reason: 'It was 12', expected: '12', ...change };
  return (await world.call(raiseDispute, { principal: agent, body })).body.disputeId;
};
const decide = (id: string, body: object, principal = manager) =>
  world.call(decideDispute, { principal, params: { id }, body });
const published = async () =>
  (await world.log.read({ after: 0, limit: 1000 }))
    .filter(({ type }) => type.startsWith('commissions.dispute'))
    .map(({ type, payload }) => `${type} ${(payload as { status?: string }).status ?? ''}`.trim());

test('an accepted dispute adds a line to the open statement and leaves the closed one as it is', async () => {
  const id = await raise();
  await world.call(writeMessage, { principal: manager, params: { id }, body: { body: 'We look at it.' } });
  await world.call(writeMessage, { principal: agent, params: { id }, body: { body: 'Thank you.' } });
  await decide(id, { status: 'accepted', adjustment: '2', reason: 'Right' });
  expect(await world.lines('2026-02')).toEqual(['sale 100 10']);
  expect(await world.lines('2026-03')).toEqual(['adjustment 0 2']);
  const dispute = (await world.call(readDispute, { principal: agent, params: { id } })).body;
  expect(dispute).toMatchObject({ status: 'accepted', adjustment: '2.0000', decision: 'Right', line: 1 });
  expect(dispute.statementLine).toMatchObject({ commission: '10.0000' });
  expect(dispute.thread.map(({ author, mine, body }) => [author, mine, body])).toEqual([
    ['Asha', false, 'We look at it.'],
    ['Ann', true, 'Thank you.'],
  ]);
  await world.settled();
  expect(await published()).toEqual(['commissions.dispute-raised', 'commissions.dispute-decided accepted']);
  // It is paid once: the next statement does not have it again.
  world.setNow('2026-04-05T06:00:00Z');
  await world.close('2026-03');
  await world.record({ day: '2026-04-01' });
  expect(await world.lines('2026-04')).toEqual(['sale 100 10']);
});

test('a refused dispute pays nothing; what has ended takes no message and no other decision', async () => {
  const id = await raise();
  await decide(id, { status: 'refused', reason: 'The share was half' });
  expect(await world.lines('2026-03')).toEqual([]);
  const ended = { code: 'dispute_ended' };
  await expect(decide(id, { status: 'accepted', adjustment: '1', reason: 'x' })).rejects.toMatchObject(ended);
  await expect(
    world.call(writeMessage, { principal: agent, params: { id }, body: { body: 'But' } }),
  ).rejects.toMatchObject(ended);
  await expect(world.call(withdrawDispute, { principal: agent, params: { id } })).rejects.toMatchObject(
    ended,
  );
});

test('nobody decides about their own pay, nor what they raised', async () => {
  const id = await raise();
  const own = { ...manager, agentId: world.known.ann };
  for (const principal of [agent, own])
    await expect(
      decide(id, { status: 'accepted', adjustment: '9', reason: 'Mine' }, principal),
    ).rejects.toMatchObject({ code: 'dispute_own' });
  expect((await world.call(listDisputes, { query: { status: 'open', limit: 10 } })).body.items).toHaveLength(
    1,
  );
});

test('whoever raised it can withdraw it, others cannot', async () => {
  const id = await raise();
  await expect(world.call(withdrawDispute, { principal: manager, params: { id } })).rejects.toMatchObject({
    code: 'dispute_unknown',
  });
  await world.call(withdrawDispute, { principal: agent, params: { id } });
  await world.settled();
  expect((await published()).at(-1)).toBe('commissions.dispute-decided withdrawn');
});

test.each([
  ['a line that is not there', { line: 7 }, 'dispute_line_unknown'],
  ['a statement that is not there', { statementId: crypto.randomUUID(), line: null }, 'statement_unknown'],
])('a dispute about %s is refused', async (_, change, code) => {
  await expect(raise(change)).rejects.toMatchObject({ code });
});

test.each(['0', '0.001', '-0.0000'])('an adjustment of %s cannot be paid', async (adjustment) => {
  const id = await raise();
  await expect(decide(id, { status: 'accepted', adjustment, reason: 'x' })).rejects.toMatchObject({
    code: 'adjustment_impossible',
  });
});
