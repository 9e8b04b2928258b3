import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommissionsFixture, flatPlan, startCommissions } from '../fixtures/commissions-world.ts';
import { changePlan, createPlan, endPlan, listPlans } from './keep-plans.ts';
import { tryPlan } from './try-plan.ts';
import { trySales } from './try-sales.ts';

let world: CommissionsFixture;
beforeEach(async () => {
  world = await startCommissions();
});
afterEach(() => world.stop());

test('a draft shows what a closed and an open month would have cost, and keeps nothing', async () => {
  const planId = await world.plan();
  await world.record({ day: '2026-02-10' });
  await world.record({ day: '2026-02-11', shares: [[world.known.bob, '100.0000']] });
  await world.close('2026-02');
  await world.record();
  await world.settled();
  const before = [await world.lines('2026-02'), await world.lines('2026-03')];
  const definition = { ...flatPlan, tiers: [{ from: '0', rate: '12.5' }] };
  const cost = async (month: string, id: string | null = planId, of = definition) =>
    (await world.call(tryPlan, { body: { month, planId: id, definition: of } })).body;
  const february = await cost('2026-02');
  expect(february.company).toEqual([{ currency: 'USD', actual: '20.0000', draft: '25.0000' }]);
  expect(february.agents.map(({ code, draft }) => `${code} ${draft}`)).toEqual([
    'ANN 12.5000',
    'BOB 12.5000',
  ]);
  expect(february.branches.map(({ name }) => name).sort()).toEqual(['North', 'South']);
  expect((await cost('2026-03')).company[0]).toMatchObject({ actual: '10.0000', draft: '12.5000' });
  // Another plan beside them, for Bob alone.
  const forBob = { ...definition, assigned: [{ kind: 'agent' as const, id: world.known.bob }] };
  expect((await cost('2026-02', null, forBob)).company[0]).toMatchObject({ draft: '22.5000' });
  expect([await world.lines('2026-02'), await world.lines('2026-03')]).toEqual(before);
  expect((await world.call(listPlans)).body.items).toHaveLength(1);
});

test('an agent sees what more sales of this month would bring, tiers and all', async () => {
  await world.plan({
    tiers: [
      { from: '0', rate: '10' },
      { from: '150', rate: '20' },
    ],
  });
  await world.record();
  await world.settled();
  const body = { productId: world.known.life, amount: '100', currency: 'USD', sales: 2 };
  const principal = { agentId: world.known.ann };
  const { more, before, after, lines } = (await world.call(trySales, { principal, body })).body;
  expect([more, before[0]!.commission, after[0]!.commission]).toEqual(['35.0000', '10.0000', '45.0000']);
  expect(lines).toHaveLength(3);
  expect(await world.lines('2026-03')).toEqual(['sale 100 10']);
  await expect(world.call(trySales, { body })).rejects.toMatchObject({ code: 'agent_missing' });
  await expect(
    world.call(trySales, { principal, body: { ...body, productId: crypto.randomUUID() } }),
  ).rejects.toMatchObject({ code: 'product_unknown' });
});

test('a new version holds from its day on, and open statements are computed by it', async () => {
  const planId = await world.plan();
  await world.record({ day: '2026-03-05' });
  await world.record({ day: '2026-03-12' });
  const definition = { ...flatPlan, tiers: [{ from: '0', rate: '20' }] };
  const change = (body: object) =>
    world.call(changePlan, { params: { id: planId }, body: { note: null, definition, ...body } });
  await change({ from: '2026-03-10' });
  expect(await world.lines('2026-03')).toEqual(['sale 100 10', 'sale 100 20']);
  await expect(change({ from: '2025-12-31' })).rejects.toMatchObject({ faults: [{ at: '/from' }] });
  await world.call(endPlan, { params: { id: planId }, body: { to: '2026-03-11' } });
  expect(await world.lines('2026-03')).toEqual(['sale 100 10', 'sale 100 0']);
});

test('a plan cannot begin before the first closed month', async () => {
  await world.plan({}, '2026-02-01');
  await world.record({ day: '2026-02-10' });
  await world.close('2026-02');
  await expect(world.plan({}, '2026-01-31')).rejects.toMatchObject({ code: 'plan_before_beginning' });
});

test.each([
  ['nothing', { everything: false }, '/definition/products'],
  ['a first tier above 0', { tiers: [{ from: '5', rate: '1' }] }, '/definition/tiers/0/from'],
  [
    'tiers that do not rise',
    {
      tiers: [
        { from: '0', rate: '1' },
        { from: '0.0', rate: '2' },
      ],
    },
    '/definition/tiers/1/from',
  ],
  ['more than everything', { tiers: [{ from: '0', rate: '100.0001' }] }, '/definition/tiers/0/rate'],
  [
    'amounts without a currency',
    {
      currency: null,
      tiers: [
        { from: '0', rate: '1' },
        { from: '9', rate: '2' },
      ],
    },
    '/definition/currency',
  ],
  [
    'half a sale',
    {
      measure: 'count' as const,
      tiers: [
        { from: '0', rate: '1' },
        { from: '1.5', rate: '2' },
      ],
    },
    '/definition/tiers/1/from',
  ],
  [
    'an agent without an id',
    { assigned: [{ kind: 'agent' as const, id: null }] },
    '/definition/assigned/0/id',
  ],
  [
    'an accelerator that does nothing',
    {
      accelerators: [
        { when: 'volume' as const, at: '5', of: 'agent' as const, points: '0', multiplier: '1.0' },
      ],
    },
    '/definition/accelerators/0/multiplier',
  ],
])('a plan of %s is refused with its place', async (_, change, at) => {
  const body = { name: 'Bad', from: '2026-01-01', to: null, definition: { ...flatPlan, ...change } };
  await expect(world.call(createPlan, { body })).rejects.toMatchObject({
    code: 'plan_impossible',
    faults: [{ at }],
  });
});
