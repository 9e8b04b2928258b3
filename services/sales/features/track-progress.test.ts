import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SalesFixture, someSale, startSales } from '../fixtures/sales-world.ts';
import { type TargetInput, targetInput } from '../schema.ts';
import { correctSale } from './correct-sale.ts';
import { cancelSale, deleteSale } from './end-sale.ts';
import { getTarget, listTargets } from './read-targets.ts';
import { recordSale } from './record-sale.ts';
import { changeTarget, createTarget, deleteTarget } from './set-target.ts';

let sales: SalesFixture;
beforeEach(async () => {
  sales = await startSales();
});
afterEach(() => sales.stop());

const record = async (change: Parameters<typeof someSale>[0] = {}) => {
  const { body } = await sales.call(recordSale, { body: someSale(change) });
  return body.saleId;
};
const march = (change: Partial<TargetInput> = {}): TargetInput =>
  targetInput.parse({
    subject: { kind: 'agent', id: sales.known.ann },
    period: { kind: 'month', from: '2026-03-10' },
    measure: 'amount',
    value: '1000',
    currency: 'USD',
    ...change,
  });
const set = async (change: Partial<TargetInput> = {}) =>
  (await sales.call(createTarget, { body: march(change) })).body.targetId;
const progress = async (id: string) => {
  await sales.settled();
  return (await sales.call(getTarget, { params: { id } })).body;
};
const announced = async () => {
  await sales.settled();
  const events = await sales.log.read({ after: 0, limit: 1000 });
  return events
    .filter((event) => event.type === 'targets.reached')
    .map(({ payload }) => {
      const reached = payload as { threshold: number; revision: number; day: string };
      return `${reached.revision}: ${reached.threshold} % on ${reached.day}`;
    });
};

test('sales of the period move a target; another month, currency or agent does not', async () => {
  const id = await set();
  await record({ amount: '100.5' });
  await record({ amount: '7', soldAt: '2026-02-27' });
  await record({ amount: '7', currency: 'EUR' });
  await record({ amount: '7', agent: 'BOB', product: 'LIFE' });
  expect((await progress(id)).current).toMatchObject({
    ...{ progress: '100.5000', count: 1, percent: 10.05, periodFrom: '2026-03-01', periodTo: '2026-03-31' },
    // Fifteen of thirty-one days have begun.
    ...{ expected: '483.8709', pace: 20.77 },
  });
});

test('sales that were there before a target was set count, and what they reached is announced', async () => {
  await record({ amount: '300', soldAt: '2026-03-02' });
  await record({ amount: '300', soldAt: '2026-03-05' });
  await record({ amount: '900', soldAt: '2026-02-05' });
  const id = await set();
  expect((await progress(id)).current).toMatchObject({ progress: '600.0000', count: 2 });
  expect(await announced()).toEqual(['1: 50 % on 2026-03-05']);
});

test('a threshold is announced once, also after falling back and rising again', async () => {
  const id = await set();
  const sale = await record({ amount: '850' });
  expect(await announced()).toEqual(['1: 50 % on 2026-03-10', '1: 80 % on 2026-03-10']);
  await sales.call(cancelSale, { params: { id: sale }, body: { reason: 'typed twice' } });
  expect((await progress(id)).current).toMatchObject({ progress: '0.0000', count: 0 });
  await record({ amount: '999.9999', soldAt: '2026-03-11' });
  expect(await announced()).toHaveLength(2);
  await record({ amount: '0.0001', soldAt: '2026-03-12' });
  expect((await announced()).slice(2)).toEqual(['1: 100 % on 2026-03-12']);
  expect((await progress(id)).current.reached.map((each) => each.threshold)).toEqual([50, 80, 100]);
});

test('a new revision of a target is announced anew, a deleted target no more', async () => {
  const id = await set({ thresholds: [100] });
  await record({ amount: '1000' });
  await sales.settled();
  const body = march({ value: '2000', thresholds: [100, 50] });
  await sales.call(changeTarget, { params: { id }, body });
  expect(await announced()).toEqual(['1: 100 % on 2026-03-10', '2: 50 % on 2026-03-10']);
  // The same content again is no change.
  await sales.call(changeTarget, { params: { id }, body });
  expect((await progress(id)).revision).toBe(2);
  await sales.call(deleteTarget, { params: { id } });
  await record({ amount: '5000' });
  expect(await announced()).toHaveLength(2);
  await expect(sales.call(getTarget, { params: { id } })).rejects.toMatchObject({ code: 'target_unknown' });
});

test('correcting a sale moves it from one period, agent and amount to another', async () => {
  const id = await set({ period: { kind: 'month', from: '2026-01-01', repeats: true } });
  const sale = await record({ amount: '100', soldAt: '2026-03-01' });
  await sales.call(correctSale, {
    params: { id: sale },
    body: { soldAt: '2026-02-28', amount: '250', reason: 'wrong month' },
  });
  const periods = (await progress(id)).periods.map((each) => [each.periodFrom, each.progress, each.count]);
  expect(periods).toEqual([
    ['2026-03-01', '0.0000', 0],
    ['2026-02-01', '250.0000', 1],
  ]);
});

test('every kind of subject counts what is its own of a split sale', async () => {
  const { ann, bob, red, blue, north, south, life } = sales.known;
  await sales.publishAgent({ agentId: bob, code: 'BOB', branchId: south, teamId: red });
  await sales.settled();
  const subjects = [
    ...[
      { kind: 'agent', id: ann },
      { kind: 'agent', id: bob },
      { kind: 'team', id: red },
      { kind: 'team', id: blue },
    ],
    ...[
      { kind: 'branch', id: north },
      { kind: 'branch', id: south },
      { kind: 'product', id: life },
    ],
    { kind: 'company', id: null },
  ] as TargetInput['subject'][];
  const ids: string[] = [];
  for (const subject of subjects) ids.push(await set({ subject }));
  const shares = [
    { agent: 'ANN', percent: '75' },
    { agent: 'BOB', percent: '25' },
  ];
  await record({ agent: undefined, shares, amount: '400' });
  const found = await Promise.all(ids.map(progress));
  expect(found.map(({ current }) => `${current.progress} ${current.count}`)).toEqual([
    ...['300.0000 1', '100.0000 1'],
    // Both agents were of the red team on the day: one sale of it.
    ...['400.0000 1', '0.0000 0'],
    ...['400.0000 1', '0.0000 0', '400.0000 1', '400.0000 1'],
  ]);
});

test('a target on a number of sales counts all currencies', async () => {
  const id = await set({ measure: 'count', value: '4', currency: null });
  await record({ currency: 'EUR' });
  await record();
  expect((await progress(id)).current).toMatchObject({ progress: '2.0000', percent: 50 });
  expect(await announced()).toEqual(['1: 50 % on 2026-03-10']);
});

test('a repeating target has a period per month, an open-ended one a single one', async () => {
  const monthly = await set({ period: { kind: 'month', from: '2026-01-15', repeats: true } });
  const open = await set({ period: { kind: 'open', from: '2026-02-01', repeats: false } });
  for (const soldAt of ['2026-01-31', '2026-02-01', '2026-03-01']) await record({ soldAt, amount: '500' });
  expect((await progress(monthly)).periods.map((each) => [each.periodFrom, each.periodTo])).toEqual([
    ['2026-03-01', '2026-03-31'],
    ['2026-02-01', '2026-02-28'],
    ['2026-01-01', '2026-01-31'],
  ]);
  expect((await progress(open)).current).toMatchObject({ progress: '1000.0000', periodTo: null, pace: null });
  // Each month reaches the half anew.
  expect((await announced()).sort()).toEqual([
    '1: 100 % on 2026-03-01',
    '1: 50 % on 2026-01-31',
    '1: 50 % on 2026-02-01',
    '1: 50 % on 2026-02-01',
    '1: 50 % on 2026-03-01',
    '1: 80 % on 2026-03-01',
  ]);
});

test('quarters and years begin on their first day', async () => {
  await set({ period: { kind: 'quarter', from: '2026-02-10', repeats: false } });
  await set({ period: { kind: 'year', from: '2026-02-10', repeats: false } });
  await sales.settled();
  const { items } = (await sales.call(listTargets, { query: { limit: 10 } })).body;
  expect(items.map((each) => each.period)).toEqual([
    { kind: 'year', from: '2026-01-01', to: '2026-12-31', repeats: false },
    { kind: 'quarter', from: '2026-01-01', to: '2026-03-31', repeats: false },
  ]);
});

test('one target per reference: setting it again changes it', async () => {
  const first = await sales.call(createTarget, { body: march({ reference: 'T1' }) });
  const again = await sales.call(createTarget, { body: march({ reference: 'T1' }) });
  const other = await sales.call(createTarget, { body: march({ reference: 'T1', value: '5' }) });
  expect([first.status, again.status, other.status]).toEqual([201, 200, 200]);
  expect([again.body.revision, other.body.revision]).toEqual([1, 2]);
  expect(other.body.targetId).toBe(first.body.targetId);
});

test.each([
  ['an amount without a currency', { currency: null }, '/currency'],
  ['a count with a currency', { measure: 'count' as const }, '/currency'],
  ['nothing', { value: '0' }, '/value'],
  ['half a sale', { measure: 'count' as const, value: '0.5', currency: null }, '/value'],
  ['an unknown agent', { subject: { kind: 'agent' as const, id: crypto.randomUUID() } }, '/subject/id'],
  ['a branch without an id', { subject: { kind: 'branch' as const, id: null } }, '/subject/id'],
  [
    'an open-ended one that repeats',
    { period: { kind: 'open' as const, from: '2026-01-01', repeats: true } },
    '/period/repeats',
  ],
])('a target of %s is refused', async (_, change, at) => {
  await expect(set(change)).rejects.toMatchObject({ status: 422, faults: [{ at }] });
});

test('targets that are set while sales arrive count each sale once', async () => {
  const ids: string[] = [];
  await Promise.all([
    ...Array.from({ length: 60 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n * 3));
      const sale = await record({ amount: '10' });
      if (n % 5 === 0)
        await sales.call(correctSale, { params: { id: sale }, body: { amount: '30', reason: 'late' } });
      if (n % 7 === 0) await sales.call(deleteSale, { params: { id: sale }, body: { reason: 'wrong' } });
    }),
    ...Array.from({ length: 6 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n * 25));
      ids.push(await set());
    }),
  ]);
  const truth = await sales.database.db.query<{ amount: string; sales: number }>(
    'SELECT sum(amount)::text AS amount, count(*) AS sales FROM sales.sales',
  );
  const { amount, sales: count } = truth.rows[0]!;
  for (const id of ids) expect((await progress(id)).current).toMatchObject({ progress: amount, count });
});
