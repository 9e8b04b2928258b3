import { eventOf } from '@moonbase/events/testing';
import { saleCancelled, saleCorrected, saleRecorded } from '@moonbase/sales/events.ts';
import { expect, test } from 'vitest';
import { worthFlagging } from './flag-anomalies.ts';
import { lookAtSales, type SalesEvent } from './look-at-sales.ts';
import { NOBODY, Statistics } from './statistics.ts';
import { Thresholds } from './thresholds.ts';

const id = (kind: number, n: number) => `0192000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [agent, other, product, branch, team] = [id(1, 1), id(1, 2), id(2, 1), id(3, 1), id(4, 1)];
const dayAfter = (day: string, by: number) =>
  new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);

let number = 0;
function facts(amount: string, day = '2026-03-10', who = agent) {
  number += 1;
  return {
    ...{
      saleId: id(5, number),
      source: 'core',
      reference: `P-${number}`,
      soldAt: `${day}T06:00:00.000Z`,
      day,
    },
    ...{ productId: product, branchId: branch, amount, currency: 'USD', policyNumber: null },
    shares: [{ agentId: who, teamId: team, branchId: branch, percent: '100', amount }],
  };
}
const recorded = (after: ReturnType<typeof facts>) =>
  eventOf(saleRecorded, { key: after.saleId, payload: { after, policyholder: null } });
const cancelled = (before: ReturnType<typeof facts>, day: string) =>
  eventOf(saleCancelled, {
    key: before.saleId,
    payload: { before, reason: 'x' },
    occurredAt: new Date(`${day}T10:00:00Z`),
  });

/** Twenty quiet sales around 17,500, one a day. */
const usual = (who = agent, from = '2026-02-01') =>
  Array.from({ length: 20 }, (_, n) => facts(`${15_000 + n * 263}.0000`, dayAfter(from, n), who));

const look = (events: readonly SalesEvent[], statistics = new Statistics()) =>
  worthFlagging(lookAtSales(events, statistics, 'UTC'), new Thresholds());

test('an amount far above the agent’s usual is flagged once, with the figures in words and the history as data', () => {
  const odd = facts('250000.0000');
  const found = look([...usual(), odd].map(recorded));
  expect(found).toMatchObject([
    {
      detector: 'unusual-amount',
      thing: odd.saleId,
      saleId: odd.saleId,
      agentId: agent,
      branchId: branch,
      teamId: team,
    },
  ]);
  expect(found[0]!.reason).toBe(
    `Sale ${odd.reference} of 250,000.00 USD is 14 times the agent’s usual 17,367.00 for this product (median of the last 20 sales).`,
  );
  expect(found[0]!.evidence).toMatchObject({ whose: 'agent', usual: '17367.0000', value: '250000.0000' });
  expect(found[0]!.evidence.history).toHaveLength(20);
});

test('an amount far below is flagged too; three times the usual is not', () => {
  const [low, high] = [facts('700.0000'), facts('52000.0000')];
  expect(look([...usual(), low, high].map(recorded)).map((each) => each.thing)).toEqual([low.saleId]);
});

test('without a history there is nothing to say; a newcomer is held against the product', () => {
  expect(look([recorded(facts('9000000.0000'))])).toEqual([]);
  const others = [...usual(other), ...usual(other, '2026-01-01')];
  const odd = facts('400000.0000');
  const found = look([...others, facts('17000.0000'), odd].map(recorded));
  expect(found.map((each) => each.thing)).toEqual([odd.saleId]);
  expect(found[0]!.reason).toContain('what is usual for this product');
  expect(found[0]!.reason).toContain('the agent has sold it 1 times before');
});

test('another currency is another history', () => {
  const yen = { ...facts('2500000.0000'), currency: 'JPY' };
  expect(look([...usual(), yen].map(recorded))).toEqual([]);
});

test('a corrected sale is judged anew, and its old amount is history no more', () => {
  const statistics = new Statistics();
  const sales = usual();
  lookAtSales(sales.map(recorded), statistics, 'UTC');
  const before = sales[3]!;
  const after = { ...before, amount: '900000.0000' };
  const found = look(
    [
      eventOf(saleCorrected, {
        key: before.saleId,
        payload: { before, after, reason: 'typed wrong', policyholder: null },
      }),
    ],
    statistics,
  );
  expect(found.map((each) => each.thing)).toEqual([before.saleId]);
  const window = statistics.window({ agentId: agent, productId: product, currency: 'USD' });
  expect(window.size).toBe(20);
  expect(window.stored().amounts).not.toContain(before.amount);
  expect(window.stored().amounts).toContain('900000.0000');
});

test('a cancelled sale leaves amounts and counts', () => {
  const statistics = new Statistics();
  const sales = usual();
  lookAtSales([...sales.map(recorded), cancelled(sales[0]!, '2026-03-01')], statistics, 'UTC');
  expect(statistics.window({ agentId: NOBODY, productId: product, currency: 'USD' }).size).toBe(19);
  expect(statistics.counts({ kind: 'sales-of-agent', subjectId: agent }).on(sales[0]!.day)).toBe(0);
  expect(statistics.counts({ kind: 'sales-of-agent', subjectId: agent }).on(sales[1]!.day)).toBe(1);
});

test('many sales on a day are one anomaly with the day’s whole count; a busy but possible day is none', () => {
  const busy = Array.from({ length: 4 }, () => facts('17000.0000', '2026-02-21'));
  const odd = Array.from({ length: 12 }, () => facts('17000.0000', '2026-02-22'));
  const found = look([...usual(), ...busy, ...odd].map(recorded));
  expect(found.map((each) => [each.detector, each.thing])).toEqual([
    ['unusual-count', `${agent} 2026-02-22`],
  ]);
  expect(found[0]!.reason).toContain('12 sales on 22 Feb 2026, where the agent usually makes 1');
});

test('a burst of cancellations is flagged for the agent and not for the branch', () => {
  const statistics = new Statistics();
  const sales = usual();
  lookAtSales([...sales.map(recorded), cancelled(sales[0]!, '2026-02-10')], statistics, 'UTC');
  const found = look(
    sales.slice(1, 8).map((sale) => cancelled(sale, '2026-03-10')),
    statistics,
  );
  expect(found.map((each) => each.thing)).toEqual([`agent ${agent} 2026-03-10`]);
  expect(found[0]!.reason).toBe(
    '7 sales of the agent were cancelled on 10 Mar 2026; there were 1 in the 28 days before.',
  );
});

test('cancellations of several agents are a burst of the branch, not of any of them', () => {
  const statistics = new Statistics();
  lookAtSales([cancelled(facts('1.0000'), '2026-02-10')], statistics, 'UTC');
  const found = look(
    Array.from({ length: 9 }, (_, n) =>
      cancelled(facts('100.0000', '2026-03-01', id(1, 10 + n)), '2026-03-10'),
    ),
    statistics,
  );
  expect(found).toMatchObject([{ thing: `branch ${branch} 2026-03-10`, agentId: null, branchId: branch }]);
});

test('what is cancelled in the first two weeks that are seen at all is no burst', () => {
  const many = Array.from({ length: 30 }, () => cancelled(facts('100.0000'), '2026-03-10'));
  expect(look(many)).toEqual([]);
});
