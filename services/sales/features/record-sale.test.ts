import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SalesFixture, someSale, startSales } from '../fixtures/sales-world.ts';
import { recordSale } from './record-sale.ts';

let sales: SalesFixture;
beforeEach(async () => {
  sales = await startSales();
});
afterEach(() => sales.stop());

const record = (change: Parameters<typeof someSale>[0]) =>
  sales.call(recordSale, { body: someSale(change) }) as ReturnType<typeof recordSale>;
const refused = (change: Parameters<typeof someSale>[0]) =>
  record(change).then(
    () => 'recorded',
    (error: { code: string; faults: { at: string }[] }) => `${error.code} ${error.faults[0]?.at ?? ''}`,
  );
const count = async (table: string) =>
  (await sales.database.db.query<{ n: number }>(`SELECT count(*) AS n FROM sales.${table}`)).rows[0]!.n;
const eventTypes = async () => {
  await sales.settled();
  const events = await sales.log.read({ after: 0, limit: 1000 });
  return events.map((event) => event.type).filter((type) => type.startsWith('sales.'));
};

test('a sale is recorded with branch and team as of its business day, and one event tells of it', async () => {
  const answer = await record({ soldAt: '2026-03-10T20:00:00Z', policyholder: 'Nimal' });
  expect(answer).toMatchObject({
    status: 201,
    // Eight in the evening in London is the next day in Colombo.
    body: { status: 'recorded', day: '2026-03-11', branchId: sales.known.north, amount: '100.0000' },
  });
  await sales.settled();
  const events = await sales.log.read({ after: 0, limit: 1000 });
  const told = events.filter((event) => event.type === 'sales.recorded');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    key: answer.body.saleId,
    subjects: [answer.body.saleId, sales.known.ann],
    payload: {
      policyholder: 'Nimal',
      after: {
        saleId: answer.body.saleId,
        soldAt: '2026-03-10T20:00:00.000Z',
        day: '2026-03-11',
        productId: sales.known.life,
        shares: [
          {
            agentId: sales.known.ann,
            teamId: sales.known.red,
            branchId: sales.known.north,
            percent: '100.0000',
            amount: '100.0000',
          },
        ],
      },
    },
  });
});

test('a sale sent twice counts once and is answered with the first result', async () => {
  const first = await record({ reference: 'R1', soldAt: '2026-03-10T10:00:00Z' });
  const again = await record({ reference: 'R1', soldAt: '2026-03-10T15:30:00+05:30', amount: '100' });
  expect(again.status).toBe(200);
  expect(again.body).toEqual(first.body);
  expect(await count('sales')).toBe(1);
  expect(await eventTypes()).toEqual(['sales.recorded']);
});

test('the same reference with other content is a conflict, from another source it is another sale', async () => {
  await record({ reference: 'R1' });
  expect(await refused({ reference: 'R1', amount: '100.01' })).toBe('reference_conflict /reference');
  expect(await refused({ reference: 'R1', policyholder: 'Nimal' })).toBe('reference_conflict /reference');
  expect((await record({ reference: 'R1', amount: '100.01', source: 'other' })).status).toBe(201);
  expect(await count('sales')).toBe(2);
  expect(await count('rejected')).toBe(0);
});

test('sales of one reference that arrive together: one is recorded, the others are repeats or conflicts', async () => {
  const same = someSale({ reference: 'R1' });
  const answers = await Promise.allSettled([
    ...Array.from({ length: 20 }, () => record(same)),
    record({ ...same, amount: '7' }),
  ]);
  const statuses = answers.map((answer) =>
    answer.status === 'fulfilled' ? answer.value.status : answer.reason.code,
  );
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(19);
  expect(statuses.at(-1)).toBe('reference_conflict');
  expect(await eventTypes()).toEqual(['sales.recorded']);
});

test('an unknown agent is answered with waiting, and the sale is taken in once the agent is there', async () => {
  const waiting = await record({ agent: 'EVE', reference: 'R1' });
  expect(waiting).toMatchObject({ status: 202, body: { status: 'waiting', day: null } });
  expect(await count('sales')).toBe(0);
  await sales.publishAgent({ agentId: crypto.randomUUID(), code: 'EVE' });
  await sales.settled();
  const stored = await sales.database.db.query('SELECT id, reference FROM sales.sales');
  expect(stored.rows).toEqual([{ id: waiting.body.saleId, reference: 'R1' }]);
  expect(await count('rejected')).toBe(0);
  expect(await eventTypes()).toEqual(['sales.recorded']);
});

test.each([
  ['an unknown product', { product: 'BOAT' }, 'product_unknown /product'],
  ['an unknown branch', { branch: 'WEST' }, 'branch_unknown /branch'],
  [
    'a product not authorised on the day',
    { product: 'CAR', soldAt: '2026-03-01' },
    'product_not_authorised /product',
  ],
  ['nothing', { amount: '0.0000' }, 'amount_impossible /amount'],
  ['a negative amount', { amount: '-5' }, 'amount_impossible /amount'],
  ['too large an amount', { amount: '1000000000000' }, 'amount_impossible /amount'],
  ['an unknown currency', { currency: 'XYZ' }, 'currency_unknown /currency'],
  ['the year 1970', { soldAt: '1970-01-01T00:00:00Z' }, 'date_impossible /soldAt'],
  ['the year 2100', { soldAt: '2100-01-01' }, 'date_impossible /soldAt'],
  ['the thirtieth of February', { soldAt: '2026-02-30T10:00:00Z' }, 'date_impossible /soldAt'],
  ['the 25th hour', { soldAt: '2026-02-03T25:00' }, 'date_impossible /soldAt'],
  ['an unknown zone', { soldAt: '2026-03-01', zone: 'Moon/Tranquility' }, 'zone_unknown /zone'],
  ['neither agent nor shares', { agent: undefined }, 'agent_missing /agent'],
  [
    'shares that do not add up',
    {
      agent: undefined,
      shares: [
        { agent: 'ANN', percent: '60' },
        { agent: 'BOB', percent: '39.9999' },
      ],
    },
    'shares_impossible /shares',
  ],
  [
    'one agent with two shares',
    {
      agent: undefined,
      shares: [
        { agent: 'ANN', percent: '60' },
        { agent: 'ANN', percent: '40' },
      ],
    },
    'shares_impossible /shares',
  ],
])('%s is rejected with its reason, and kept', async (_, change, reason) => {
  expect(await refused({ ...change, reference: 'R1' })).toBe(reason);
  expect(await count('sales')).toBe(0);
  const kept = await sales.database.db.query('SELECT status, code, reference, input FROM sales.rejected');
  expect(kept.rows).toMatchObject([
    { status: 'rejected', code: reason.split(' ')[0], reference: 'R1', input: { reference: 'R1' } },
  ]);
  expect(await eventTypes()).toEqual([]);
});

test('a product may be sold until the last day of its authorisation', async () => {
  expect((await record({ product: 'CAR', soldAt: '2026-02-28' })).status).toBe(201);
});

test('an agent sells until the day before being deactivated, and again from the day of return', async () => {
  sales.setNow('2026-03-05T06:00:00Z');
  await sales.publishAgent({ status: 'inactive' });
  sales.setNow('2026-03-08T06:00:00Z');
  await sales.publishAgent({ status: 'active' });
  sales.setNow('2026-03-15T12:00:00Z');
  await sales.settled();
  const days = ['2026-03-04', '2026-03-05', '2026-03-07', '2026-03-08'];
  const outcomes = await Promise.all(days.map((soldAt) => refused({ soldAt })));
  expect(outcomes).toEqual(['recorded', 'agent_inactive /agent', 'agent_inactive /agent', 'recorded']);
});

test('a rejected sale does not use its reference up, and leaves the list once it comes mended', async () => {
  expect(await refused({ reference: 'R1', product: 'BOAT' })).toMatch('product_unknown');
  expect(await refused({ reference: 'R1', product: 'SHIP' })).toMatch('product_unknown');
  expect(await count('rejected')).toBe(1);
  expect((await record({ reference: 'R1' })).status).toBe(201);
  expect(await count('rejected')).toBe(0);
});

test('a repeat of a recorded sale is a repeat, even when the agent has gone meanwhile', async () => {
  const sale = someSale({ reference: 'R1' });
  await record(sale);
  sales.setNow('2026-03-01T00:00:00Z');
  await sales.publishAgent({ status: 'inactive' });
  await sales.settled();
  sales.setNow('2026-03-15T00:00:00Z');
  expect((await record(sale)).status).toBe(200);
  expect(await refused({ ...sale, reference: 'R2' })).toBe('agent_inactive /agent');
});

test('a local date counts on that day in the zone of the branch', async () => {
  const sold = async (change: Parameters<typeof someSale>[0]) => {
    const { body } = await record(change);
    const { rows } = await sales.database.db.query<{ day: string; sold_at: Date }>(
      'SELECT day, sold_at FROM sales.sales WHERE id = $1',
      [body.saleId],
    );
    return `${rows[0]!.day} ${rows[0]!.sold_at.toISOString()}`;
  };
  expect(await sold({ soldAt: '2026-03-10' })).toBe('2026-03-10 2026-03-09T18:30:00.000Z');
  expect(await sold({ soldAt: '2026-03-10', branch: 'SOUTH' })).toBe('2026-03-10 2026-03-10T04:00:00.000Z');
  expect(await sold({ soldAt: '2026-03-10T23:30', zone: 'America/New_York' })).toBe(
    '2026-03-11 2026-03-11T03:30:00.000Z',
  );
});

test('a split sale is shared out to the last ten-thousandth, each agent with team and branch', async () => {
  await sales.publishAgent({
    agentId: sales.known.bob,
    code: 'BOB',
    branchId: sales.known.south,
    teamId: sales.known.blue,
  });
  await sales.settled();
  const shares = [
    { agent: 'ANN', percent: '33.3333' },
    { agent: 'BOB', percent: '66.6667' },
  ];
  const { body } = await record({ agent: undefined, shares, amount: '0.0100' });
  const stored = await sales.database.db.query(
    'SELECT agent_id, amount, percent FROM sales.shares WHERE sale_id = $1 ORDER BY place',
    [body.saleId],
  );
  expect(stored.rows).toEqual([
    { agent_id: sales.known.ann, amount: '0.0034', percent: '33.3333' },
    { agent_id: sales.known.bob, amount: '0.0066', percent: '66.6667' },
  ]);
  expect(
    await refused({ agent: undefined, shares: [shares[0]!, { agent: 'EVE', percent: '66.6667' }] }),
  ).toBe(
    'recorded', // It waits: 202.
  );
});

test('where an agent belonged on the day decides, not where the agent belongs now', async () => {
  await sales.publishAgent({
    branchId: sales.known.south,
    teamId: sales.known.blue,
    assignments: [
      { from: '2020-01-01', branchId: sales.known.north, teamId: sales.known.red },
      { from: '2026-03-01', branchId: sales.known.south, teamId: sales.known.blue },
    ],
  });
  await sales.settled();
  expect((await record({ soldAt: '2026-02-28T05:00:00Z' })).body.branchId).toBe(sales.known.north);
  expect((await record({ soldAt: '2026-03-02T05:00:00Z' })).body.branchId).toBe(sales.known.south);
});

test('a batch whose COMMIT answer was lost is sent again and counts once', async () => {
  const { writeSales } = await import('./write-sales.ts');
  const { prepareSale } = await import('./prepare-sale.ts');
  const { worldOf } = await import('./world.ts');
  const world = await worldOf(sales.context);
  const batch = [prepareSale(someSale(), world), prepareSale(someSale(), world)];
  const senders = batch.map(() => ({ actor: 'system', cause: null }));
  const write = () => sales.database.db.transaction((tx) => writeSales(tx, batch, senders, world));
  const first = await write();
  expect(await write()).toEqual(first);
  expect(first.map((each) => each.outcome)).toEqual(['recorded', 'recorded']);
  expect(await eventTypes()).toEqual(['sales.recorded', 'sales.recorded']);
});

test('a sale of an agent who arrives at the same moment is either taken in or tried again', async () => {
  await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      const pushed = record({ agent: `NEW${n}`, reference: `N${n}` });
      await sales.publishAgent({ agentId: crypto.randomUUID(), code: `NEW${n}` });
      await pushed;
    }),
  );
  await sales.settled();
  expect(await count('rejected')).toBe(0);
  expect(await count('sales')).toBe(12);
});
