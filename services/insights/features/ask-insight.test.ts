import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { questions } from '../insights.ts';
import { answerInsight } from './ask-insight.ts';
import { FiguresWorld } from './figures-world.ts';
import { fold } from './fold-figures.ts';
import { backfillTables, keepTables } from './keep-tables.ts';

// It is Saturday the 21st of November, 17:30 in the business's zone.
let world: FiguresWorld;
beforeEach(async () => {
  world = await FiguresWorld.open();
});
afterEach(() => world.close());

async function ask(name: string, narrowed: Parameters<typeof answerInsight>[1] = {}) {
  await world.settled();
  return (await answerInsight(name, narrowed, world.asker, world.context)).rows;
}

const sell = (amount: string, day: string, more: object = {}) =>
  world.record(world.sale({ amount: `${amount}.0000`, day, ...more }));

test('every question answers, with nothing there, with something, and with every filter', async () => {
  const narrowed = { from: '2026-01-01', to: '2026-11-21', branch: newId(), team: newId(), product: newId() };
  for (const name of Object.keys(questions)) {
    await expect(ask(name), name).resolves.toBeInstanceOf(Array);
    await expect(ask(name, narrowed), name).resolves.toBeInstanceOf(Array);
  }
  const branch = await world.branch('Kandy');
  await sell('10', '2026-11-21', { branch });
  await world.notify(await world.agent('Nimal Perera', branch), ['PENDING', 'SENT']);
  for (const name of Object.keys(questions)) {
    const answer = await answerInsight(name, {}, world.asker, world.context);
    for (const row of answer.rows)
      for (const column of answer.columns) expect(row, `${name}.${column.key}`).toHaveProperty(column.key);
  }
});

test('an unknown question and a reversed period are refused', async () => {
  await expect(ask('toString')).rejects.toMatchObject({ code: 'insight_unknown' });
  await expect(ask('daily-sales', { from: '2026-11-02', to: '2026-11-01' })).rejects.toMatchObject({
    code: 'period_reversed',
  });
});

test('daily sales show seven days, those without sales too', async () => {
  await sell('10', '2026-11-15');
  await sell('20', '2026-11-21');
  await sell('40', '2026-11-14');
  const rows = await ask('daily-sales');
  expect(rows.map((row) => [row.day, row.total])).toEqual([
    ['2026-11-15', '10.0000'],
    ['2026-11-16', '0.0000'],
    ['2026-11-17', '0.0000'],
    ['2026-11-18', '0.0000'],
    ['2026-11-19', '0.0000'],
    ['2026-11-20', '0.0000'],
    ['2026-11-21', '20.0000'],
  ]);
});

test('the bottom five branches of last month include those without a sale', async () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'];
  const ids: string[] = [];
  for (const name of names) ids.push(await world.branch(name));
  for (const [index, branch] of ids.entries())
    if (index > 0) await sell(String(index * 10), '2026-10-31', { branch });
  await sell('1000', '2026-11-01', { branch: ids[0]! });
  const rows = await ask('bottom-branches');
  expect(rows.map((row) => [row.branch, row.total])).toEqual([
    ['A', '0.0000'],
    ['B', '10.0000'],
    ['C', '20.0000'],
    ['D', '30.0000'],
    ['E', '40.0000'],
  ]);
});

test('growth per team compares each of the last three whole months with the one before', async () => {
  const team = await world.team('Alpha');
  const share = (amount: string) => ({ shares: [{ agent: newId(), team, amount: `${amount}.0000` }] });
  for (const [amount, day] of [
    ['100', '2026-07-10'],
    ['150', '2026-08-31'],
    ['75', '2026-09-01'],
    ['999', '2026-11-02'],
  ] as const)
    await sell(amount, day, share(amount));
  const rows = await ask('team-growth');
  expect(rows.map((row) => [row.month, row.team, row.total, row.growth])).toEqual([
    ['2026-08-01', 'Alpha', '150.0000', 0.5],
    ['2026-09-01', 'Alpha', '75.0000', -0.5],
    ['2026-10-01', 'Alpha', '0.0000', -1],
  ]);
});

test('the fastest-growing products need a month before to grow from', async () => {
  const ids: Record<string, string> = {};
  for (const name of ['New', 'Fast', 'Slow', 'Shrinking', 'Steady']) ids[name] = await world.product(name);
  const sales = [
    ['New', '500', '2026-10-10'],
    ['Fast', '10', '2026-09-10'],
    ['Fast', '40', '2026-10-10'],
    ['Slow', '100', '2026-09-10'],
    ['Slow', '110', '2026-10-10'],
    ['Steady', '50', '2026-09-10'],
    ['Steady', '50', '2026-10-10'],
    ['Shrinking', '50', '2026-09-10'],
  ] as const;
  for (const [name, amount, day] of sales) await sell(amount, day, { product: ids[name]! });
  const rows = await ask('fastest-products');
  expect(rows.map((row) => [row.product, row.growth])).toEqual([
    ['Fast', 3],
    ['Slow', 0.1],
    ['Steady', 0],
  ]);
});

test('a product is measured against its target amount, and against a running target before that', async () => {
  const life = await world.product('Life', '100.0000');
  const motor = await world.product('Motor', '100.0000');
  await sell('60', '2024-01-01', { product: life });
  await sell('60', '2026-11-01', { product: life });
  await sell('60', '2026-10-31', { product: motor });
  await sell('30', '2026-11-01', { product: motor });
  await world.target('product', motor, '50.0000');
  const rows = await ask('product-targets');
  expect(rows.map((row) => [row.product, row.target, row.total, row.achieved, row.status])).toEqual([
    ['Life', '100.0000', '120.0000', 1.2, 'Achieved'],
    ['Motor', '50.0000', '30.0000', 0.6, 'Not achieved'],
  ]);
});

test('a repeating target counts the period that today is in, the shortest one first', async () => {
  const [alpha, beta] = [await world.team('Alpha'), await world.team('Beta')];
  const share = (team: string) => ({ shares: [{ agent: newId(), team, amount: '10.0000' }] });
  for (const day of ['2026-09-30', '2026-10-01', '2026-11-21'])
    for (const team of [alpha, beta]) await sell('10', day, share(team));
  await world.target('team', alpha, '100.0000', 'year');
  await world.target('team', alpha, '40.0000', 'quarter');
  await world.target('team', beta, '100.0000', 'year');
  expect(await ask('team-targets')).toMatchObject([
    { team: 'Alpha', target: '40.0000', total: '20.0000', from_day: '2026-10-01', to_day: '2026-12-31' },
    { team: 'Beta', target: '100.0000', total: '30.0000', from_day: '2026-01-01', to_day: '2026-12-31' },
  ]);
});

test('the last 24 hours of a branch end where they should', async () => {
  const branch = await world.branch('Kandy');
  await sell('1', '2026-11-20', { branch, soldAt: '2026-11-20T11:59:00.000Z' });
  await sell('2', '2026-11-20', { branch, soldAt: '2026-11-20T13:00:00.000Z' });
  await sell('4', '2026-11-21', { branch, soldAt: '2026-11-21T11:00:00.000Z' });
  expect(await ask('top-branches')).toMatchObject([{ branch: 'Kandy', total: '6.0000', sales: 2 }]);
  const hours = await ask('hourly-sales');
  expect(hours).toHaveLength(24);
  expect(hours.filter((row) => row.sales !== 0).map((row) => row.hour)).toEqual([
    '2026-11-20T13:00:00.000Z',
    '2026-11-21T11:00:00.000Z',
  ]);
});

test('shares of branches add up to one', async () => {
  const [kandy, galle] = [await world.branch('Kandy'), await world.branch('Galle')];
  await sell('75', '2026-11-20', { branch: kandy });
  await sell('25', '2020-01-01', { branch: galle });
  expect(await ask('branch-shares')).toMatchObject([
    { branch: 'Kandy', share: 0.75 },
    { branch: 'Galle', share: 0.25 },
  ]);
});

test('a notification counts in the status it has, on the day it was made', async () => {
  const agent = await world.agent('Nimal Perera');
  await world.notify(agent, ['PENDING', 'SENT']);
  await world.notify(agent, ['PENDING', 'FAILED', 'PENDING', 'SENT']);
  await world.notify(agent, ['PENDING']);
  await world.notify(null, ['PENDING', 'FAILED'], new Date('2026-11-19T20:00:00Z'));
  await world.notify(agent, ['PENDING', 'SENT'], new Date('2026-10-19T20:00:00Z'));
  expect(await ask('status-shares')).toEqual([
    { status: 'SENT', notifications: 3, share: 0.6 },
    { status: expect.any(String), notifications: 1, share: 0.2 },
    { status: expect.any(String), notifications: 1, share: 0.2 },
  ]);
  const daily = (await ask('daily-delivery')).filter((row) => row.notifications !== 0);
  expect(daily).toEqual([
    { day: '2026-11-20', status: 'FAILED', notifications: 1 },
    { day: '2026-11-21', status: 'SENT', notifications: 2 },
    { day: '2026-11-21', status: 'PENDING', notifications: 1 },
  ]);
  expect(await ask('sent-pending')).toEqual([
    { status: 'SENT', notifications: 1 },
    { status: 'PENDING', notifications: 0 },
  ]);
  expect(await ask('most-notified')).toMatchObject([{ agent: 'Nimal Perera', notifications: 3 }]);
  expect(await ask('monthly-notifications')).toMatchObject([
    { month: '2026-10-01', agent: 'Nimal Perera', notifications: 1 },
    { month: '2026-11-01', agent: 'Nimal Perera', notifications: 3 },
  ]);
});

test('an erased agent keeps the figures and loses the name', async () => {
  const agent = await world.agent('Nimal Perera');
  const shares = [{ agent, team: null, amount: '10.0000' }];
  await sell('10', '2026-11-21', { shares });
  expect(await ask('top-agents')).toMatchObject([{ agent: 'Nimal Perera', total: '10.0000' }]);
  await world.eraseAgent(agent);
  expect(await ask('top-agents')).toMatchObject([{ agent: 'Erased agent', total: '10.0000' }]);
  const left = await world.database.db.query(
    `SELECT FROM insights.agents a WHERE a::text LIKE '%Nimal Perera%'`,
  );
  expect(left.rowCount).toBe(0);
});

test('the insight tables hold what the lake says, run by run, and questions read their history', async () => {
  const [life, motor] = [await world.product('Life', '100.0000'), await world.product('Motor')];
  const team = await world.team('Alpha');
  const branch = await world.branch('Kandy');
  const agent = await world.agent('Nimal Perera', branch);
  const shares = [{ agent, team, amount: '60.0000' }];
  await sell('60', '2026-11-19', { product: life, branch, shares });
  await world.notify(agent, ['PENDING', 'SENT'], new Date('2026-11-19T06:00:00Z'));
  await world.settled();
  await world.warehouse.load();
  await keepTables('schedule', world.context);
  await sell('60', '2026-11-21', { product: life, branch, shares });
  await world.notify(agent, ['PENDING']);
  await world.settled();
  world.now = new Date('2026-11-22T12:00:00Z');
  const { counts } = (await keepTables('schedule', world.context))!;
  expect(counts).toEqual({
    team_performance: 1,
    product_performance: 2,
    branch_performance: 1,
    most_notified_agents: 1,
    notification_status: 3,
  });
  const history = await world.database.db.query(
    `SELECT name, total, count, target, status FROM insights.product_performance ORDER BY aggregation_date, name`,
  );
  expect(history.rows).toEqual([
    { name: 'Life', total: '60.0000', count: 1, target: '100.0000', status: 'Not achieved' },
    { name: 'Motor', total: '0.0000', count: 0, target: null, status: 'No target' },
    { name: 'Life', total: '120.0000', count: 2, target: '100.0000', status: 'Achieved' },
    { name: 'Motor', total: '0.0000', count: 0, target: null, status: 'No target' },
  ]);
  expect(await ask('product-consistency')).toEqual([
    { product: 'Life', records: 2, achieved: 1, consistency: 0.5, product_id: life },
  ]);
  expect(await ask('average-notifications')).toMatchObject([
    { agent: 'Nimal Perera', records: 2, average: 1.5 },
  ]);
  expect(motor).toBeTruthy();
  expect((await world.warehouse.reconcile()).differences).toEqual([]);
  await backfillTables(['2026-11-18', '2026-11-19', '2026-11-20'], world.context);
  expect(await ask('product-consistency', { from: '2026-11-18', to: '2026-11-20' })).toMatchObject([
    { product: 'Life', records: 3, achieved: 0 },
  ]);
  expect((await world.warehouse.reconcile()).differences).toEqual([]);
});

test('folding while questions are asked never shows a sale twice or not at all', async () => {
  await sell('1', '2026-11-21');
  await world.settled();
  for (let round = 0; round < 10; round += 1) {
    await world.record(world.sale({ amount: '1.0000' }));
    await world.settled();
    const [rows] = await Promise.all([
      ask('daily-sales'),
      world.database.db.transaction((tx) => fold(tx, world.context.clock)),
    ]);
    expect(rows.at(-1)!.sales).toBe(round + 2);
  }
});
