import { agents } from '@moonbase/agents/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';
import type { CommandWorld } from '@moonbase/service';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commissionsApi } from '../api.ts';
import { commissions } from '../service.ts';
import { reconcileCommissions } from './reconcile-command.ts';

const services = [people, agents, sales, commissions];
let host: TestHost;
beforeAll(async () => {
  host = await startTestHost(services, { clock: { now: () => new Date('2026-06-17T09:00:00Z') } });
  for (const service of services) {
    await service.seed?.(host.host.context(service.name));
    await host.settled();
  }
}, 120_000);
afterAll(() => host.stop());

test('the demo has three closed months, two of them paid, clawbacks in the open one and a dispute', async () => {
  const client = await host.client(commissionsApi, 'commissions:read');
  const overview = await client.readOverview({ query: { month: '2026-06' } });
  expect(overview).toMatchObject({ month: '2026-06', over: false, plans: 3, openDisputes: 1 });
  expect(
    overview.months.map(({ month, open, closed, paid }) => [month, open > 0, closed > 0, paid > 0]),
  ).toEqual([
    ['2026-06', true, false, false],
    ['2026-05', false, true, false],
    ['2026-04', false, false, true],
    ['2026-03', false, false, true],
  ]);
  expect(Number(overview.totals[0]!.clawedBack)).toBeLessThan(0);
});

test('its statements agree with its sales to the cent, and each is reproducible from its inputs', async () => {
  const printed: string[] = [];
  const world = {
    ...{ url: host.url, services, signal: new AbortController().signal, progress: () => {} },
    key: async (...scopes: string[]) => (await host.key(...scopes)).authorization.replace('Bearer ', ''),
    print: (line: string) => void printed.push(line),
  } as unknown as CommandWorld;
  expect(await reconcileCommissions(world)).toBe(0);
  expect(printed.at(-1)).toBe('Everything agrees.');
  expect(printed[0]).toMatch(/^\d{3} statements computed again, \d{4} shares/);
  // What does not agree is said.
  await host.owner.query(`UPDATE commissions.lines SET basis = basis + 0.01 WHERE n = 1 AND kind = 'sale'
    AND statement_id = (SELECT id FROM commissions.statements WHERE status = 'closed' ORDER BY id LIMIT 1)`);
  expect(await reconcileCommissions(world, '2026-05')).toBeGreaterThan(0);
  expect(printed.at(-1)).toMatch(/differences/);
});
