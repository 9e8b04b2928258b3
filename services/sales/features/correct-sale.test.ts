import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SalesFixture, someSale, startSales } from '../fixtures/sales-world.ts';
import type { SaleCorrection } from '../schema.ts';
import { correctSale } from './correct-sale.ts';
import { cancelSale, deleteSale } from './end-sale.ts';
import { recordSale } from './record-sale.ts';
import { getSale, getSaleHistory } from './show-sale.ts';

let sales: SalesFixture;
beforeEach(async () => {
  sales = await startSales();
});
afterEach(() => sales.stop());

const record = async (change: Parameters<typeof someSale>[0] = {}) =>
  (await sales.call(recordSale, { body: someSale(change) })).body.saleId;
const correct = async (id: string, correction: Partial<SaleCorrection>) =>
  (await sales.call(correctSale, { params: { id }, body: { reason: 'why', ...correction } })).body;
const history = async (id: string) =>
  (await sales.call(getSaleHistory, { params: { id } })).body.items.map(
    (each) =>
      `${each.revision} ${each.change} ${each.before?.amount ?? '-'} ${each.after?.amount ?? '-'} ${each.reason}`,
  );
const told = async (id: string) => {
  await sales.settled();
  const events = await sales.log.read({ after: 0, limit: 1000 });
  return events.filter((event) => event.key === id);
};

test('a correction changes what it names, keeps the rest, and tells before and after', async () => {
  const id = await record({ policyNumber: 'P-1', policyholder: 'Nimal' });
  const corrected = await correct(id, { amount: '80.5', policyNumber: null });
  expect(corrected).toMatchObject({
    amount: '80.5000',
    policyNumber: null,
    policyholder: 'Nimal',
    revision: 2,
  });
  expect(corrected.shares[0]!.amount).toBe('80.5000');
  const [, event] = await told(id);
  expect(event).toMatchObject({
    type: 'sales.corrected',
    payload: {
      before: { amount: '100.0000', policyNumber: 'P-1' },
      after: { amount: '80.5000' },
      policyholder: 'Nimal',
    },
  });
  expect(await history(id)).toEqual(['2 corrected 100.0000 80.5000 why', '1 recorded - 100.0000 null']);
});

test('team and branch stay frozen when agent and day stay, and are looked up anew when they change', async () => {
  const id = await record({ soldAt: '2026-03-10' });
  const { south, north, blue, red, life } = sales.known;
  await sales.publishAgent({ assignments: [{ from: '2020-01-01', branchId: south, teamId: blue }] });
  await sales.publishAgent({
    ...{ agentId: sales.known.bob, code: 'BOB' },
    authorisations: [{ productId: life, from: '2020-01-01', to: null }],
  });
  await sales.settled();
  const amount = await correct(id, { amount: '5' });
  expect([amount.branchId, amount.shares[0]!.teamId]).toEqual([north, red]);
  const branch = await correct(id, { branch: 'SOUTH' });
  expect([branch.branchId, branch.shares[0]!.teamId]).toEqual([south, red]);
  const day = await correct(id, { soldAt: '2026-03-11' });
  expect([day.branchId, day.shares[0]!.teamId, day.day]).toEqual([south, blue, '2026-03-11']);
});

test('a sale can be split between agents, and be one agent’s again', async () => {
  const id = await record();
  const shares = [
    { agent: 'ANN', percent: '50' },
    { agent: 'BOB', percent: '50' },
  ];
  const split = await correct(id, { shares, amount: '0.0101' });
  expect(split.shares.map((share) => share.amount)).toEqual(['0.0051', '0.0050']);
  expect(split.agents.map((agent) => agent.code)).toEqual(['ANN', 'BOB']);
  const dearer = await correct(id, { amount: '10' });
  expect(dearer.shares.map((share) => share.amount)).toEqual(['5.0000', '5.0000']);
  const single = await correct(id, { agent: 'BOB' });
  expect(single.shares).toMatchObject([{ agentId: sales.known.bob, amount: '10.0000', percent: '100.0000' }]);
});

test.each([
  ['an unknown agent', { agent: 'EVE' }, 'agent_unknown'],
  ['a product that is not authorised on the day', { product: 'CAR' }, 'product_not_authorised'],
  ['a day far ahead', { soldAt: '2027-01-01' }, 'date_impossible'],
  ['a negative amount', { amount: '-1' }, 'amount_impossible'],
])('a correction to %s is refused and changes nothing', async (_, correction, code) => {
  const id = await record();
  await expect(correct(id, correction)).rejects.toMatchObject({ status: 422, code });
  expect((await sales.call(getSale, { params: { id } })).body.revision).toBe(1);
  expect(await told(id)).toHaveLength(1);
});

test('a correction of an older revision is refused, one that changes nothing leaves no trace', async () => {
  const id = await record();
  await correct(id, { amount: '5', revision: 1 });
  await expect(correct(id, { amount: '6', revision: 1 })).rejects.toMatchObject({
    code: 'revision_conflict',
  });
  expect((await correct(id, { amount: '5.00' })).revision).toBe(2);
  expect(await told(id)).toHaveLength(2);
});

test('a cancelled sale stays, counts no more, and cannot be corrected or cancelled again', async () => {
  const id = await record();
  const cancel = () => sales.call(cancelSale, { params: { id }, body: { reason: 'typed twice' } });
  expect((await cancel()).body.status).toBe('cancelled');
  await expect(cancel()).rejects.toMatchObject({ code: 'sale_cancelled' });
  await expect(correct(id, { amount: '5' })).rejects.toMatchObject({ code: 'sale_cancelled' });
  expect((await sales.call(getSale, { params: { id } })).body.status).toBe('cancelled');
  expect((await told(id)).map((event) => event.type)).toEqual(['sales.recorded', 'sales.cancelled']);
});

test('a deleted sale is gone but for its history, and its reference is free', async () => {
  const sale = someSale({ reference: 'R1', policyholder: 'Nimal' });
  const id = (await sales.call(recordSale, { body: sale })).body.saleId;
  await sales.call(deleteSale, { params: { id }, body: { reason: 'a test' } });
  await expect(sales.call(getSale, { params: { id } })).rejects.toMatchObject({ code: 'sale_unknown' });
  expect(await history(id)).toEqual(['2 deleted 100.0000 - a test', '1 recorded - 100.0000 null']);
  expect((await sales.call(recordSale, { body: { ...sale, amount: '7' } })).status).toBe(201);
  const events = await told(id);
  expect(events.map((event) => event.type)).toEqual(['sales.recorded', 'sales.deleted']);
  // The name in the log can be read no more.
  expect(events[0]!.payload).toMatchObject({ policyholder: null });
});

test('deleting a cancelled sale takes nothing out of the figures a second time', async () => {
  const id = await record();
  await sales.call(cancelSale, { params: { id }, body: { reason: 'no' } });
  await sales.call(deleteSale, { params: { id }, body: { reason: 'no' } });
  expect((await told(id)).at(-1)!.payload).toMatchObject({ before: null });
});

test('two corrections at once follow each other', async () => {
  const id = await record();
  await Promise.all([correct(id, { amount: '5' }), correct(id, { policyNumber: 'P-2' })]);
  expect((await sales.call(getSale, { params: { id } })).body).toMatchObject({
    ...{ amount: '5.0000', policyNumber: 'P-2', revision: 3 },
  });
});
