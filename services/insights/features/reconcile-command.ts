/** `moon insights reconcile` */
import { createClient } from '@moonbase/http/client';
import { salesApi } from '@moonbase/sales/api.ts';
import type { Command, CommandWorld } from '@moonbase/service';
import { insightsApi } from '../api.ts';

/** Differences that are printed; the rest is counted. */
const SHOWN = 50;

export const reconcileCommand: Command = {
  usage: 'insights reconcile',
  summary: 'Compare sales, event log, lake, live figures and insight tables; ends with 1 where they differ',
  run: async (_args, _options, world) => {
    const differences = await compare(world);
    if (differences > 0) process.exitCode = 1;
  },
};

async function compare(world: CommandWorld): Promise<number> {
  const headers = { authorization: `Bearer ${await world.key('system:read', 'sales:read')}` };
  const insights = createClient(insightsApi, { url: world.url, headers });
  const sales = createClient(salesApi, { url: world.url, headers });
  const report = await insights.reconcile({});
  for (const { type, source, lake } of report.types)
    world.print(`${type.padEnd(24)} log ${source.count}  lake ${lake.count}  ${source.first}–${source.last}`);
  for (const check of report.checks)
    world.print(`${check.title}: ${check.figures} figures, ${check.differences} differences`);
  for (const each of report.differences.slice(0, SHOWN))
    world.print(`  ${each.what} · ${each.figure}: source ${each.source}, lake ${each.lake}`);
  if (report.differences.length > SHOWN) world.print(`  … ${report.differences.length - SHOWN} more`);
  const own = await compareSales(world, sales, report.totals);
  const count = report.differences.length + own;
  world.print(count === 0 ? `Everything agrees up to position ${report.position}.` : `${count} differences.`);
  return count;
}

type Totals = readonly { currency: string; total: string; sales: number }[];

/** The sales service itself says what it has: its own table, not its events. */
async function compareSales(
  world: CommandWorld,
  sales: {
    totalSales(input: {
      query: { status: 'recorded' };
    }): Promise<{ totals: { currency: string; count: number; amount: string }[] }>;
  },
  totals: Totals,
): Promise<number> {
  const { totals: own } = await sales.totalSales({ query: { status: 'recorded' } });
  let differences = 0;
  for (const currency of new Set([...own, ...totals].map((each) => each.currency))) {
    const mine = own.find((each) => each.currency === currency);
    const live = totals.find((each) => each.currency === currency);
    const agrees =
      (mine?.count ?? 0) === (live?.sales ?? 0) &&
      // Both have four decimals: exactly the same, or not.
      (mine?.amount ?? '0.0000') === (live?.total ?? '0.0000');
    if (!agrees) differences += 1;
    world.print(
      `Sales in ${currency}: sales service ${mine?.amount ?? 0} in ${mine?.count ?? 0}, ` +
        `live figures ${live?.total ?? 0} in ${live?.sales ?? 0}${agrees ? '' : '  ← differs'}`,
    );
  }
  return differences;
}
