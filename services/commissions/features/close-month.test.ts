import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommissionsFixture, startCommissions } from '../fixtures/commissions-world.ts';
import { closeMonth, payMonth } from './close-month.ts';
import { listStatements, readStatement } from './list-statements.ts';
import { recomputeStatement, reconcileStatements } from './reconcile.ts';

let world: CommissionsFixture;
beforeEach(async () => {
  world = await startCommissions();
});
afterEach(() => world.stop());

const agree = async () => {
  await world.settled();
  expect((await reconcileStatements(world.database.db, '2026-12-31')).mismatches).toEqual([]);
};

test('an open statement moves with its sales; a cancelled sale simply leaves it', async () => {
  await world.plan();
  const sale = await world.record({ amount: '100.0000' });
  await world.record({ amount: '50.0000', day: '2026-03-11' });
  expect(await world.lines('2026-03')).toEqual(['sale 100 10', 'sale 50 5']);
  await world.cancel(sale);
  expect(await world.lines('2026-03')).toEqual(['sale 50 5']);
  await agree();
});

test('sales of before the first plan are on no statement', async () => {
  await world.plan({}, '2026-02-10');
  await world.record({ day: '2026-01-20' });
  await world.record({ day: '2026-02-03' });
  expect(await world.lines('2026-01')).toEqual([]);
  // Of the plan's first month, but of a day before it: a line of nothing.
  expect(await world.lines('2026-02')).toEqual(['sale 100 0']);
  await agree();
});

test('each agent of a shared sale earns on the own amount', async () => {
  await world.plan({
    tiers: [
      { from: '0', rate: '10' },
      { from: '70', rate: '20' },
    ],
  });
  const { ann, bob } = world.known;
  await world.record({
    amount: '100.0000',
    shares: [
      [ann, '60.0000'],
      [bob, '40.0000'],
    ],
  });
  await world.record({ amount: '20.0000', day: '2026-03-12' });
  expect(await world.lines('2026-03', ann)).toEqual(['sale 60 6', 'sale 10 1', 'sale 10 2']);
  expect(await world.lines('2026-03', bob)).toEqual(['sale 40 4']);
  await agree();
});

test('a month is closed for everybody, once; a closed statement never changes', async () => {
  await world.plan();
  const sale = await world.record({ day: '2026-02-10' });
  await world.record({ day: '2026-02-11', shares: [[world.known.bob, '100.0000']] });
  await world.close('2026-02');
  const before = await world.call(listStatements, { query: { month: '2026-02', limit: 10 } });
  expect(before.body.items.map(({ status, number }) => [status, number]).sort()).toEqual([
    ['closed', '2026-000001'],
    ['closed', '2026-000002'],
  ]);
  await world.correct(sale, { amount: '300.0000' });
  await world.plan({ tiers: [{ from: '0', rate: '50' }] }, '2026-02-01');
  await world.close('2026-02');
  const after = await world.call(listStatements, { query: { month: '2026-02', limit: 10 } });
  expect(after.body).toEqual(before.body);
  expect(await world.lines('2026-02')).toEqual(['sale 100 10']);
  expect(await world.lines('2026-03')).toEqual(['correction 200 20']);
  const events = (await world.log.read({ after: 0, limit: 1000 })).filter(
    ({ type }) => type === 'commissions.statement-closed',
  );
  expect(events).toHaveLength(2);
  await agree();
});

test('closing a month closes what is open of the months before it', async () => {
  await world.plan();
  await world.record({ day: '2026-01-10' });
  await world.record({ day: '2026-02-10' });
  await world.close('2026-02');
  const { items } = (await world.call(listStatements, { query: { limit: 10 } })).body;
  expect(items.map(({ month, status }) => `${month} ${status}`)).toEqual([
    '2026-02 closed',
    '2026-01 closed',
  ]);
});

test('a month that is not over, or that no plan is for, cannot be closed', async () => {
  await expect(world.close('2026-02')).rejects.toMatchObject({ code: 'no_plan_yet' });
  await world.plan();
  await world.record();
  await expect(world.close('2026-03')).rejects.toMatchObject({ code: 'month_not_over' });
  expect(await world.lines('2026-03')).toEqual(['sale 100 10']);
});

test('a sale cancelled after its statement was closed goes back in the month in which that is known', async () => {
  await world.plan({
    clawback: [
      { months: 1, percent: '100' },
      { months: 3, percent: '50' },
    ],
  });
  const sale = await world.record({ day: '2026-01-10' });
  await world.close('2026-01');
  await world.cancel(sale);
  expect(await world.lines('2026-02')).toEqual([]);
  expect(await world.lines('2026-03')).toEqual(['clawback -100 -5']);
  world.setNow('2026-05-02T06:00:00Z');
  await world.close('2026-04');
  await agree();
  expect(await world.lines('2026-05')).toEqual([]);
});

test('a sale that arrives after its month was closed is a late line of the next statement', async () => {
  await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.close('2026-02');
  await world.record({ day: '2026-02-12', amount: '30.0000' });
  expect(await world.lines('2026-02')).toEqual(['sale 100 10']);
  expect(await world.lines('2026-03')).toEqual(['late 30 3']);
  await agree();
});

test('a sale that goes to another agent after closing is taken back from the one and late for the other', async () => {
  await world.plan();
  const sale = await world.record({ day: '2026-02-10' });
  await world.close('2026-02');
  await world.correct(sale, { shares: [[world.known.bob, '100.0000']] });
  expect(await world.lines('2026-03')).toEqual(['clawback -100 -10']);
  expect(await world.lines('2026-03', world.known.bob)).toEqual(['late 100 10']);
  await agree();
});

test('a whole-amount tier of a quarter is paid for closed months too, and goes back with a cancelled sale', async () => {
  await world.plan({
    ...{ mode: 'whole', window: 'quarter' },
    tiers: [
      { from: '0', rate: '5' },
      { from: '150', rate: '10' },
    ],
  });
  const sale = await world.record({ day: '2026-01-10' });
  await world.close('2026-01');
  await world.record({ day: '2026-02-10' });
  expect(await world.lines('2026-02')).toEqual(['sale 100 10', 'tier 0 5']);
  await world.record({ day: '2026-03-05' });
  // February is open still: what it brings to January is not brought again by March.
  expect(await world.lines('2026-03')).toEqual(['sale 100 10']);
  await world.close('2026-02');
  expect(await world.lines('2026-03')).toEqual(['sale 100 10']);
  await world.cancel(sale);
  expect(await world.lines('2026-03')).toEqual(['clawback -100 -10', 'sale 100 10']);
  await agree();
});

test('a target that is reached speeds up the statement of its month', async () => {
  await world.plan({
    accelerators: [{ when: 'target', at: '100', of: 'agent', points: '0', multiplier: '2' }],
  });
  await world.record();
  await world.reach(80, '2026-03-10');
  expect(await world.lines('2026-03')).toEqual(['sale 100 10']);
  await world.reach(100, '2026-03-10');
  expect(await world.lines('2026-03')).toEqual(['sale 100 20']);
  await agree();
});

test('closed statements are marked as paid, open ones are not', async () => {
  await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.record();
  await world.close('2026-02');
  expect((await world.call(payMonth, { params: { month: '2026-02' } })).body.paid).toBe(1);
  expect((await world.call(payMonth, { params: { month: '2026-02' } })).body.paid).toBe(0);
  expect((await world.call(payMonth, { params: { month: '2026-03' } })).body.paid).toBe(0);
});

test('a closing that is asked for while one runs is the same one', async () => {
  await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.settled();
  const [one, other] = await Promise.all([
    world.call(closeMonth, { params: { month: '2026-02' } }),
    world.call(closeMonth, { params: { month: '2026-02' } }),
  ]);
  expect(one.body.closingId).toBe(other.body.closingId);
});

test('a statement is recomputed from what it was closed with, and a changed line is found', async () => {
  await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.record({ day: '2026-02-11', amount: '33.3300' });
  await world.close('2026-02');
  const { items } = (await world.call(listStatements, { query: { limit: 10 } })).body;
  const params = { id: items[0]!.statementId };
  expect((await world.call(recomputeStatement, { params })).body).toEqual({
    ...{ same: true, lines: 2, differing: [] },
    totals: [{ currency: 'USD', lines: '133.3300', shares: '133.3300' }],
  });
  const { lines } = (await world.call(readStatement, { params })).body;
  const forged = JSON.stringify({ ...lines[1], commission: '99.0000' });
  await world.database.owner.query('UPDATE commissions.lines SET line = $1 WHERE n = 2', [forged]);
  expect((await world.call(recomputeStatement, { params })).body).toMatchObject({
    same: false,
    differing: [2],
  });
});
