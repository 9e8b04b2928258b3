/**
 * Random histories of sales, corrections, cancellations, deletions, plans, targets, closings and decided disputes:
 * whatever happens, statements agree with sales and are reproducible. A failure prints its seed; run it again
 * with MOON_SEED.
 */

import type { Queryable } from '@moonbase/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CommissionsFixture, startCommissions } from '../fixtures/commissions-world.ts';
import type { PlanDefinition, StatementLine } from '../schema.ts';
import { toUnits } from './decimals.ts';
import { changePlan } from './keep-plans.ts';
import { listStatements } from './list-statements.ts';
import { addMonths } from './months.ts';
import { reconcileStatements } from './reconcile.ts';
import { decideDispute, raiseDispute } from './settle-disputes.ts';

const amount = fc
  .bigInt({ min: 1n, max: 5_000_000n })
  .map((units) => `${units / 10_000n}.${String(units % 10_000n).padStart(4, '0')}`);
const pick = fc.nat({ max: 1_000 });
const day = fc.integer({ min: 1, max: 28 }).map((number) => String(number).padStart(2, '0'));

const definition: fc.Arbitrary<PlanDefinition> = fc.record({
  currency: fc.constant('USD'),
  everything: fc.boolean(),
  products: fc.constant([]),
  types: fc.constant(['Life']),
  assigned: fc.constant([{ kind: 'all' as const, id: null }]),
  measure: fc.constantFrom('amount' as const, 'count' as const),
  window: fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
  mode: fc.constantFrom('marginal' as const, 'whole' as const),
  tiers: fc.constantFrom(
    [{ from: '0', rate: '3.3333' }],
    [
      { from: '0', rate: '5' },
      { from: '2', rate: '7.125' },
      { from: '300', rate: '0.0001' },
    ],
  ),
  accelerators: fc.constantFrom(
    [],
    [{ when: 'target' as const, at: '100', of: 'agent' as const, points: '1.5', multiplier: '1.3333' }],
    [{ when: 'volume' as const, at: '3', of: 'agent' as const, points: '0', multiplier: '0.5' }],
  ),
  clawback: fc.constantFrom([], [{ months: 1, percent: '100' }], [{ months: 12, percent: '33.3333' }]),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('record' as const), amount, day, ago: fc.nat({ max: 2 }), pick }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('correct' as const), amount, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('product' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reach' as const), day }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('plan' as const), definition }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dispute' as const), amount, pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('month' as const) }) },
);

const seed = Number(process.env.MOON_SEED ?? Date.now() % 1_000_000_000);

test(`whatever happens, statements agree with sales and are reproducible (MOON_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(definition, fc.array(step, { minLength: 8, maxLength: 40 }), async (plan, steps) => {
      const world = await startCommissions();
      try {
        await live(world, plan, steps);
      } finally {
        await world.stop();
      }
    }),
    { seed, numRuns: 12, endOnFailure: true },
  );
});

async function live(
  world: CommissionsFixture,
  definition: PlanDefinition,
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
): Promise<void> {
  const { ann, bob, life, car } = world.known;
  let month = '2026-03';
  let sales: Awaited<ReturnType<typeof world.record>>[] = [];
  const planId = await world.plan(definition);
  const frozen = new Map<string, string>();
  const take = (at: number) => sales[at % Math.max(1, sales.length)];
  for (const each of steps) {
    switch (each.do) {
      case 'record': {
        const shared = each.pick % 3 === 0;
        const units = toUnits(each.amount);
        const parts = [units / 3n, units - units / 3n].map(
          (part) => `${part / 10_000n}.${String(part % 10_000n).padStart(4, '0')}`,
        );
        const sale = await world.record({
          ...{ amount: each.amount, day: `${addMonths(month, -each.ago)}-${each.day}` },
          productId: each.pick % 4 === 0 ? car : life,
          shares:
            shared && units > 3n
              ? [
                  [ann, parts[0]!],
                  [bob, parts[1]!],
                ]
              : [[each.pick % 2 ? ann : bob, each.amount]],
        });
        sales.push(sale);
        break;
      }
      case 'correct':
      case 'product':
      case 'move': {
        const sale = take(each.pick);
        if (!sale) break;
        const now =
          each.do === 'correct'
            ? { amount: each.amount }
            : each.do === 'product'
              ? { productId: sale.productId === life ? car : life }
              : { shares: [[sale.shares[0]!.agentId === ann ? bob : ann, sale.amount]] as const };
        const after = await world.correct(sale, now);
        sales = sales.map((one) => (one === sale ? after : one));
        break;
      }
      case 'cancel':
      case 'remove': {
        const sale = take(each.pick);
        if (!sale) break;
        await world[each.do](sale);
        sales = sales.filter((one) => one !== sale);
        break;
      }
      case 'reach':
        await world.reach(100, `${month}-${each.day}`);
        break;
      case 'plan':
        await world.call(changePlan, {
          params: { id: planId },
          body: { from: `${addMonths(month, -1)}-01`, note: null, definition: each.definition },
        });
        break;
      case 'dispute':
        await settleDispute(world, each.amount, each.pick);
        break;
      case 'close':
        await world.close(addMonths(month, -1));
        break;
      case 'month':
        month = addMonths(month, 1);
        world.setNow(`${month}-15T06:00:00Z`);
        break;
    }
    await world.settled();
    await check(world, `${month}-15`, frozen);
  }
}

async function settleDispute(world: CommissionsFixture, expected: string, at: number): Promise<void> {
  await world.settled();
  const { items } = (await world.call(listStatements, { query: { limit: 100 } })).body;
  const statement = items[at % Math.max(1, items.length)];
  if (!statement) return;
  const { body } = await world.call(raiseDispute, {
    principal: { kind: 'person', id: 'a' },
    body: { statementId: statement.statementId, line: null, reason: 'Why?', expected, currency: 'USD' },
  });
  await world.call(decideDispute, {
    principal: { kind: 'person', id: 'b' },
    params: { id: body.disputeId },
    body: { status: 'accepted', adjustment: `${expected.split('.')[0]}.25`, reason: 'So be it' },
  });
}

async function check(world: CommissionsFixture, today: string, frozen: Map<string, string>): Promise<void> {
  const { db } = world.database;
  const report = await reconcileStatements(db, today);
  expect(report.mismatches).toEqual([]);
  // What was closed once is the same for ever.
  const closed = await db.query<{ number: string; lines: string }>(
    `SELECT s.number, string_agg(l.line, E'\\n' ORDER BY l.n) AS lines
     FROM commissions.statements s JOIN commissions.lines l ON l.statement_id = s.id
     WHERE s.status <> 'open' GROUP BY s.number`,
  );
  for (const { number, lines } of closed.rows) {
    expect(lines).toBe(frozen.get(number) ?? lines);
    frozen.set(number, lines);
  }
  await recomputeByHand(db);
  // The other way about: what the copy says now is what all lines together have settled and will settle.
  const sums = await db.query<{ differs: number }>(
    `SELECT count(*) AS differs FROM commissions.shares s WHERE s.month >= '2026-01-01'
     AND CASE s.state WHEN 'counted' THEN s.amount ELSE 0 END <>
       coalesce((SELECT sum(l.basis) FROM commissions.lines l
                 WHERE l.sale_id = s.sale_id AND l.agent_id = s.agent_id), 0)`,
  );
  expect(sums.rows[0]!.differs).toBe(0);
}

/** Each line's commission from what stands on the line alone, with fractions of another make. */
async function recomputeByHand(db: Queryable): Promise<void> {
  const found = await db.query<{ line: string }>('SELECT line FROM commissions.lines');
  for (const row of found.rows) {
    const line: StatementLine = JSON.parse(row.line);
    const units = (value: string | null | undefined) => toUnits(value ?? '0');
    if (line.kind === 'adjustment' || line.why === 'No plan covers this sale') continue;
    // As a fraction of cents.
    const [top, bottom] = line.of
      ? [units(line.of.commission) * units(line.applied), units(line.of.basis) * 100n]
      : [
          units(line.applied) * (units(line.rate) + units(line.points)) * units(line.multiplier),
          10n ** 4n * 10n ** 6n * 100n,
        ];
    const cents = units(line.commission) / 100n;
    const distance = (top - cents * bottom) * 2n * (bottom < 0n ? -1n : 1n);
    const size = bottom < 0n ? -bottom : bottom;
    const away = distance < 0n ? -distance : distance;
    expect(away <= size && (away < size || cents % 2n === 0n), row.line).toBe(true);
  }
}
