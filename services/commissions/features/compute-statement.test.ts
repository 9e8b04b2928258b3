import { expect, test } from 'vitest';
import { flatPlan } from '../fixtures/commissions-world.ts';
import type { PlanDefinition } from '../schema.ts';
import { choosePlan, type PlanInput } from './choose-plan.ts';
import { computeStatement, sumUp } from './compute-statement.ts';
import { clawbackPercent } from './settle-changes.ts';
import type { ShareInput, StatementInputs } from './statement-inputs.ts';

const plan = (change: Partial<PlanDefinition> = {}, planId = 'p1', from = '2026-01-01'): PlanInput => ({
  ...{ planId, from, to: null },
  versions: [{ version: 1, from, definition: { ...flatPlan, ...change } }],
});
const numbers = Array.from({ length: 999 }, (_, n) => n).values();
const share = (change: Partial<ShareInput> = {}): ShareInput => ({
  saleId: `s${String(numbers.next().value).padStart(4, '0')}`,
  ...{ reference: 'P', day: '2026-03-10', soldAt: '2026-03-10T06:00:00.000Z', productId: 'life' },
  ...{ productType: 'Life', teamId: 'red', branchId: 'north', currency: 'USD', percent: '100.0000' },
  ...{ amount: '100.0000', state: 'counted', knownOn: '2026-03-10', settled: null },
  ...change,
});
const compute = (change: Partial<StatementInputs>) =>
  computeStatement({
    ...{ agentId: 'ann', teamId: 'red', branchId: 'north', month: '2026-03', digits: { USD: 2, JPY: 0 } },
    ...{ shares: [], plans: [plan()], reached: [], carried: [], earlier: [], adjustments: [] },
    ...change,
  });
const told = (change: Partial<StatementInputs>) =>
  compute(change).map(({ kind, applied, rate, tier, commission }) =>
    [kind, applied, rate ?? '-', tier ?? '-', commission].join(' '),
  );
const amounts = (...all: string[]) => all.map((amount) => share({ amount: `${amount}.0000` }));
const tiers = [
  { from: '0', rate: '5' },
  { from: '150', rate: '8' },
  { from: '300', rate: '10' },
];

test('a marginal plan parts a sale where it crosses tiers, and each part earns its own rate', () => {
  expect(told({ shares: amounts('100', '250'), plans: [plan({ tiers })] })).toEqual([
    'sale 100.0000 5.0000 1 5.0000',
    'sale 50.0000 5.0000 1 2.5000',
    'sale 150.0000 8.0000 2 12.0000',
    'sale 50.0000 10.0000 3 5.0000',
  ]);
});

test('a whole-amount plan pays everything at the tier that is reached by the end of the month', () => {
  const plans = [plan({ tiers, mode: 'whole' })];
  expect(told({ shares: amounts('100', '250'), plans })).toEqual([
    'sale 100.0000 10.0000 3 10.0000',
    'sale 250.0000 10.0000 3 25.0000',
  ]);
});

test('tiers by number count each share once; a quarter goes on from its earlier months, a month does not', () => {
  const counted = { measure: 'count' as const, currency: null };
  const byNumber = [
    { from: '0', rate: '1' },
    { from: '2', rate: '2' },
  ];
  const carried = [{ planId: 'p1', month: '2026-02', amount: '1.0000', count: 1 }];
  const monthly = [plan({ ...counted, tiers: byNumber })];
  const quarterly = [plan({ ...counted, tiers: byNumber, window: 'quarter' })];
  const tier = (plans: PlanInput[]) =>
    compute({ shares: amounts('100', '100', '100'), plans, carried }).map((line) => line.tier);
  expect(tier(monthly)).toEqual([1, 1, 2]);
  expect(tier(quarterly)).toEqual([1, 2, 2]);
});

test('a tier reached later in the quarter is paid for its earlier months too, once', () => {
  const plans = [plan({ tiers, mode: 'whole', window: 'quarter' })];
  const earlier = [
    {
      ...{ saleId: 'e1', reference: 'P', day: '2026-02-01', month: '2026-02', productId: 'life' },
      ...{ percent: '100.0000', currency: 'USD', basis: '140.0000', planId: 'p1', version: 1 },
      ...{ rate: '5.0000', multiplier: '1.0000' },
    },
  ];
  const carried = [{ planId: 'p1', month: '2026-02', amount: '140.0000', count: 1 }];
  expect(told({ shares: amounts('20'), plans, earlier, carried })).toEqual([
    'sale 20.0000 8.0000 2 1.6000',
    'tier 140.0000 3.0000 2 4.2000',
  ]);
  // Neither in the next quarter, nor at the rate that it was paid at.
  expect(told({ month: '2026-04', shares: amounts('20'), plans, earlier, carried })).toHaveLength(1);
  const paid = [{ ...earlier[0]!, rate: '8.0000' }];
  expect(told({ shares: amounts('20'), plans, earlier: paid, carried })).toHaveLength(1);
});

test('accelerators: a target reached by the end of the month, and a volume; points first, then the factor', () => {
  const accelerators: PlanDefinition['accelerators'] = [
    { when: 'target', at: '100', of: 'agent', points: '0', multiplier: '1.5' },
    { when: 'volume', at: '200', of: 'agent', points: '2', multiplier: '1' },
  ];
  const plans = [plan({ accelerators })];
  const reached = (change: object) => [
    {
      ...{ kind: 'agent', subjectId: 'ann', threshold: '100.0000', day: '2026-03-20' },
      ...{ from: '2026-03-01', to: '2026-03-31', ...change },
    },
  ];
  const total = (change: Partial<StatementInputs>) => sumUp(compute({ plans, ...change }))[0]!.commission;
  expect(total({ shares: amounts('100') })).toBe('10.0000');
  expect(total({ shares: amounts('100'), reached: reached({}) })).toBe('15.0000');
  expect(total({ shares: amounts('200') })).toBe('24.0000');
  expect(total({ shares: amounts('200'), reached: reached({}) })).toBe('36.0000');
  // Not somebody else's, not a lower threshold, not one that is reached after the month.
  expect(total({ shares: amounts('100'), reached: reached({ subjectId: 'bob' }) })).toBe('10.0000');
  expect(total({ shares: amounts('100'), reached: reached({ threshold: '80.0000' }) })).toBe('10.0000');
  expect(total({ shares: amounts('100'), reached: reached({ day: '2026-04-01' }) })).toBe('10.0000');
});

test('a share that no plan covers has a line of nothing; other currencies are rounded to their own unit', () => {
  const lines = compute({
    shares: [share({ currency: 'JPY', amount: '1005.0000' })],
    plans: [plan()],
  });
  expect(lines[0]).toMatchObject({ basis: '1005.0000', commission: '0.0000', planId: null });
  const yen = compute({
    shares: [share({ currency: 'JPY', amount: '1005.0000' })],
    plans: [plan({ currency: 'JPY' })],
  });
  expect(yen[0]!.commission).toBe('100.0000');
});

const settled = {
  ...{
    basis: '100.0000',
    commission: '7.5000',
    productId: 'life',
    currency: 'USD',
    planId: 'p1',
    version: 1,
  },
};

test('what changed after its statement was closed is a line of the difference, in the proportion it was paid', () => {
  const shares = [
    share({ amount: '80.0000', settled }),
    share({ state: 'deleted', settled }),
    share({ state: 'moved', settled }),
    share({ amount: '100.0000', settled }),
  ];
  expect(told({ shares })).toEqual([
    'correction -20.0000 - - -1.5000',
    'clawback -100.0000 - - -7.5000',
    'clawback -100.0000 - - -7.5000',
  ]);
});

test('a share whose product was corrected goes back and is earned anew', () => {
  expect(told({ shares: [share({ productId: 'car', settled })] })).toEqual([
    'correction -100.0000 - - -7.5000',
    'late 100.0000 10.0000 1 10.0000',
  ]);
});

test('of a cancelled sale goes back what the schedule of its plan says, by its age', () => {
  const schedule = [
    { months: 12, percent: '100' },
    { months: 24, percent: '50' },
  ];
  const plans = [plan({ clawback: schedule })];
  const back = (knownOn: string) =>
    compute({ plans, shares: [share({ day: '2024-02-29', state: 'cancelled', knownOn, settled })] }).map(
      ({ basis, commission }) => `${basis} ${commission}`,
    );
  expect(back('2025-02-27')).toEqual(['-100.0000 -7.5000']);
  expect(back('2025-02-28')).toEqual(['-100.0000 -3.7500']);
  expect(back('2026-02-28')).toEqual(['-100.0000 0.0000']);
  expect(clawbackPercent(undefined, '2024-01-01', '2026-01-01')).toBe('100');
});

test('the most specific plan wins: by agent, team, branch, everyone; then by product, type, everything', () => {
  const assigned = (kind: 'all' | 'branch' | 'team' | 'agent', id: string | null) => [{ kind, id }];
  const all = plan({}, 'all');
  const branch = plan({ assigned: assigned('branch', 'north') }, 'branch');
  const team = plan({ assigned: assigned('team', 'red') }, 'team');
  const agent = plan({ assigned: assigned('agent', 'ann') }, 'agent');
  const other = plan({ assigned: assigned('agent', 'bob') }, 'other');
  const product = plan({ everything: false, products: ['life'] }, 'product');
  const type = plan({ everything: false, types: ['Life'] }, 'type');
  const newer = plan({}, 'newer', '2026-02-01');
  const chosen = (...plans: PlanInput[]) =>
    choosePlan(plans, { ...share(), agentId: 'ann', day: '2026-03-10' })?.planId;
  expect(chosen(other, all, branch, team, agent, product)).toBe('agent');
  expect(chosen(other, all, branch, team, product)).toBe('team');
  expect(chosen(other, all, branch, product)).toBe('branch');
  expect(chosen(other, all, type, product)).toBe('product');
  expect(chosen(all, type)).toBe('type');
  expect(chosen(all, newer)).toBe('newer');
  expect(chosen(other, plan({ currency: 'JPY' }), plan({}, 'later', '2026-03-11'))).toBeUndefined();
});

test('the version of the sale’s day counts; a newer one from an earlier day stands in its place', () => {
  const versioned: PlanInput = {
    ...{ planId: 'p1', from: '2026-01-01', to: '2026-03-31' },
    versions: [
      { version: 1, from: '2026-01-01', definition: flatPlan },
      { version: 2, from: '2026-03-05', definition: flatPlan },
      { version: 3, from: '2026-02-01', definition: flatPlan },
    ],
  };
  const on = (day: string) => choosePlan([versioned], { ...share(), agentId: 'ann', day })?.version;
  expect(['2026-01-31', '2026-02-01', '2026-03-10', '2026-04-01'].map(on)).toEqual([1, 3, 3, undefined]);
});
