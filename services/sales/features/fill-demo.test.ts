import { agents } from '@moonbase/agents/service.ts';
import { people } from '@moonbase/people/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sales } from '../service.ts';
import { fillDemo } from './fill-demo.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost([people, agents, sales], {
    clock: { now: () => new Date('2026-06-17T09:00:00Z') },
  });
  await agents.seed!(host.host.context('agents'));
  await host.settled();
});
afterAll(() => host.stop());

const one = async <T>(text: string) => (await host.db.query<{ value: T }>(text)).rows[0]!.value;

test('the demo is nine months of sales up to now, with targets of which some are reached and some are not', async () => {
  await fillDemo(host.host.context('sales'));
  await host.settled();
  const number = await one<number>('SELECT count(*) AS value FROM sales.sales');
  expect(number).toBeGreaterThan(7_000);
  expect(number).toBeLessThan(14_000);
  expect(await one('SELECT max(day) AS value FROM sales.sales')).toBe('2026-06-17');
  expect(await one('SELECT max(sold_at) < $$2026-06-17T09:01:00Z$$ AS value FROM sales.sales')).toBe(true);
  for (const table of ['shares', 'changes', 'rejected'])
    expect(await one(`SELECT count(*) AS value FROM sales.${table}`)).toBeGreaterThan(5);
  const targets = await one<number>('SELECT count(*) AS value FROM sales.targets');
  const achieved = await one<number>(
    'SELECT count(DISTINCT target_id) AS value FROM sales.reached WHERE threshold = 100',
  );
  expect(achieved).toBeGreaterThan(targets * 0.1);
  expect(achieved).toBeLessThan(targets);
});

test('the demo is filled once, and its figures agree with its sales', async () => {
  const before = await one('SELECT count(*) AS value FROM sales.sales');
  await fillDemo(host.host.context('sales'));
  expect(await one('SELECT count(*) AS value FROM sales.sales')).toBe(before);
  const daily = await one(
    `SELECT json_object_agg(kind, amount) AS value
     FROM (SELECT kind, sum(amount)::text AS amount FROM sales.daily GROUP BY kind) k`,
  );
  const whole = await one('SELECT sum(amount)::text AS value FROM sales.sales WHERE NOT cancelled');
  expect(daily).toMatchObject({ company: whole, agent: whole, branch: whole, product: whole });
});
