/** `moon commissions reconcile`: what the service compares by itself, and its statements against the sales service. */
import { createClient } from '@moonbase/http/client';
import { salesApi } from '@moonbase/sales/api.ts';
import type { CommandWorld } from '@moonbase/service';
import { commissionsApi } from '../api.ts';
import type { AgentMonth } from '../schema.ts';
import { fromUnits, toUnits } from './decimals.ts';
import { firstDay, lastDay, monthOf } from './months.ts';

/** Differences that are printed; the rest is counted. */
const SHOWN = 50;

/** @returns the number of differences */
export async function reconcileCommissions(world: CommandWorld, month?: string): Promise<number> {
  const headers = { authorization: `Bearer ${await world.key('audit:read', 'sales:read')}` };
  const commissions = createClient(commissionsApi, { url: world.url, headers });
  const report = await commissions.reconcile({ query: { month } });
  if (report.begin === null) {
    world.print('There is no commission plan yet: nothing to compare.');
    return 0;
  }
  world.print(
    `${report.statements} statements computed again, ${report.shares} shares compared with their lines.`,
  );
  for (const each of report.mismatches.slice(0, SHOWN))
    world.print(
      `  ${each.month} ${each.agent} ${each.reference ?? each.what}: lines ${each.lines}, shares ${each.shares}`,
    );
  const sold = await sumSales(world, headers, month ?? report.begin, month);
  const differing = compareMonths(report.agentMonths, sold);
  world.print(`${sold.size} months of agents compared with the sales service.`);
  for (const line of differing.slice(0, SHOWN)) world.print(`  ${line}`);
  const count = report.mismatches.length + differing.length;
  world.print(count === 0 ? 'Everything agrees.' : `${count} differences.`);
  return count;
}

/** What the sales service itself says each agent sold in each month: its own list, not its events. */
async function sumSales(
  world: CommandWorld,
  headers: Record<string, string>,
  begin: string,
  month: string | undefined,
): Promise<Map<string, bigint>> {
  const sales = createClient(salesApi, { url: world.url, headers });
  const sums = new Map<string, bigint>();
  const days = { from: firstDay(begin), ...(month ? { to: lastDay(month) } : {}) };
  let cursor: string | undefined;
  do {
    const page = await sales.listSales({ query: { ...days, status: 'recorded', limit: 200, cursor } });
    for (const sale of page.items)
      for (const share of sale.shares) {
        const key = `${share.agentId} ${monthOf(sale.day)} ${sale.currency}`;
        sums.set(key, (sums.get(key) ?? 0n) + toUnits(share.amount));
      }
    cursor = page.next ?? undefined;
    world.progress(`${sums.size} months of agents read`);
  } while (cursor && !world.signal.aborted);
  return sums;
}

function compareMonths(months: readonly AgentMonth[], sold: ReadonlyMap<string, bigint>): string[] {
  const own = new Map(
    months.map((each) => [`${each.agentId} ${each.month} ${each.currency}` as string, each] as const),
  );
  return [...new Set([...own.keys(), ...sold.keys()])].sort().flatMap((key) => {
    const [lines, shares] = [toUnits(own.get(key)?.lines ?? '0'), sold.get(key) ?? 0n];
    if (lines === shares) return [];
    const [agentId, month, currency] = key.split(' ');
    const name = own.get(key)?.agent ?? agentId;
    return [`${month} ${name}: lines ${fromUnits(lines)} ${currency}, sales service ${fromUnits(shares)}`];
  });
}
