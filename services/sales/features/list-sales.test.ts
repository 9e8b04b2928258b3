import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SalesFixture, someSale, startSales } from '../fixtures/sales-world.ts';
import { cancelSale } from './end-sale.ts';
import type { SaleFilter } from './find-sales.ts';
import { listSales } from './list-sales.ts';
import { recordSale } from './record-sale.ts';
import { totalSales } from './total-sales.ts';

let sales: SalesFixture;
beforeEach(async () => {
  sales = await startSales();
});
afterEach(() => sales.stop());

const record = async (reference: string, change: Parameters<typeof someSale>[0] = {}) =>
  (await sales.call(recordSale, { body: someSale({ reference, ...change }) })).body.saleId;
const list = async (filter: SaleFilter = {}) =>
  (await sales.call(listSales, { query: { limit: 50, ...filter } })).body.items.map((sale) => sale.reference);
const total = async (filter: SaleFilter = {}) => {
  await sales.settled();
  return (await sales.call(totalSales, { query: filter })).body.totals.map(
    ({ currency, count, amount }) => `${count} ${amount} ${currency}`,
  );
};

test('pages follow each other without gap or overlap, also where sales were made at the same moment', async () => {
  for (let n = 0; n < 25; n += 1)
    await record(`R${n}`, { soldAt: n % 3 ? '2026-03-10T10:00:00Z' : `2026-03-${10 + (n % 5)}` });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await sales.call(listSales, { query: { limit: 4, cursor } });
    seen.push(...body.items.map((sale) => `${sale.soldAt} ${sale.saleId}`));
    cursor = body.next ?? undefined;
  } while (cursor);
  expect(seen).toHaveLength(25);
  expect(seen).toEqual([...seen].sort().reverse());
  await expect(sales.call(listSales, { query: { limit: 4, cursor: 'x' } })).rejects.toMatchObject({
    code: 'cursor_invalid',
  });
});

test('filters find what they name, and totals add up what they find', async () => {
  const { north, south, ann, bob, red, blue, life, car } = sales.known;
  await record('P-1', { amount: '10', soldAt: '2026-02-28', product: 'CAR' });
  await record('P-2', { amount: '20.0001', branch: 'SOUTH', policyNumber: 'POL-7' });
  await record('P-3', { amount: '40', currency: 'EUR', source: 'other' });
  const shares = [
    { agent: 'BOB', percent: '25' },
    { agent: 'ANN', percent: '75' },
  ];
  await record('P_4', { agent: undefined, shares, amount: '80', soldAt: '2026-03-12' });
  const cancelled = await record('P-5', { amount: '160', soldAt: '2026-03-01' });
  await sales.call(cancelSale, { params: { id: cancelled }, body: { reason: 'no' } });

  expect(await list()).toEqual(['P_4', 'P-3', 'P-2', 'P-5', 'P-1']);
  const cases: [SaleFilter, string[], string[]][] = [
    [{ from: '2026-03-10', to: '2026-03-10' }, ['P-3', 'P-2'], ['1 40.0000 EUR', '1 20.0001 USD']],
    [{ branchId: south }, ['P_4', 'P-2'], ['2 100.0001 USD']],
    [{ branchId: north, productId: car }, ['P-1'], ['1 10.0000 USD']],
    [{ productId: life, currency: 'USD' }, ['P_4', 'P-2', 'P-5'], ['2 100.0001 USD']],
    // Of the split sale, only Bob's quarter is Bob's and the blue team's.
    [{ agentId: bob }, ['P_4'], ['1 20.0000 USD']],
    [{ agentId: bob, productId: life }, ['P_4'], ['1 20.0000 USD']],
    [{ teamId: blue }, ['P_4'], ['1 20.0000 USD']],
    [{ teamId: red, agentId: ann, from: '2026-03-11' }, ['P_4'], ['1 60.0000 USD']],
    [{ status: 'cancelled' }, ['P-5'], ['1 160.0000 USD']],
    [{ source: 'other' }, ['P-3'], ['1 40.0000 EUR']],
    [{ text: 'P_' }, ['P_4'], ['1 80.0000 USD']],
    [{ text: 'POL' }, ['P-2'], ['1 20.0001 USD']],
    [{ text: 'P%' }, [], []],
  ];
  for (const [filter, references, totals] of cases) {
    expect([filter, await list(filter)]).toEqual([filter, references]);
    expect([filter, await total(filter)]).toEqual([filter, totals]);
  }
});
