/**
 * What sales events do to the statistics, and what they show. Pure: the reaction and the bench run the same.
 *
 * A sale is held against what was there before it, then joins it. A correction takes the old amount out and the
 * new one in; a cancelled or deleted sale comes out of amounts and counts. A sale is the leading agent's.
 */
import type { Event } from '@moonbase/events';
import type { saleCancelled, saleCorrected, saleDeleted, saleRecorded } from '@moonbase/sales/events.ts';
import { COUNTED_PER_AGENT, judgeCancellations } from './cancellation-burst.ts';
import type { Finding } from './flag-anomalies.ts';
import type { Needed } from './keep-statistics.ts';
import { type CountKey, NOBODY, type Statistics, type WindowKey } from './statistics.ts';
import { judgeAmount } from './unusual-amount.ts';
import { judgeCount } from './unusual-count.ts';
import { localTime } from './write-words.ts';

export type SalesEvent = Event<
  typeof saleRecorded | typeof saleCorrected | typeof saleCancelled | typeof saleDeleted
>;
type Facts = Event<typeof saleRecorded>['payload']['after'];

/** Everything that a batch may touch. */
export function neededBy(events: readonly SalesEvent[]): Needed {
  const windows: WindowKey[] = [];
  const counts: CountKey[] = [{ kind: 'cancellations', subjectId: NOBODY }];
  for (const { payload } of events) {
    for (const sale of [
      'before' in payload ? payload.before : null,
      'after' in payload ? payload.after : null,
    ]) {
      if (!sale) continue;
      windows.push(ownKey(sale), productKey(sale));
      const agent = agentOf(sale);
      counts.push(
        { kind: 'sales-of-agent', subjectId: agent },
        { kind: 'cancellations-of-agent', subjectId: agent },
        { kind: 'cancellations-of-branch', subjectId: sale.branchId },
      );
    }
  }
  return { windows, counts };
}

/** @param zone in which a cancellation has its day: the organisation's */
export function lookAtSales(events: readonly SalesEvent[], statistics: Statistics, zone: string): Finding[] {
  const found: Finding[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'sales.corrected':
        take(event.payload.before, statistics);
        found.push(...lookAtSale(event.payload.after, statistics));
        break;
      case 'sales.recorded':
        found.push(...lookAtSale(event.payload.after, statistics));
        break;
      case 'sales.cancelled': {
        take(event.payload.before, statistics);
        const { day } = localTime(zone, event.occurredAt);
        found.push(...cancel(event.payload.before, day, event.occurredAt, statistics));
        break;
      }
      case 'sales.deleted':
        if (event.payload.before) take(event.payload.before, statistics);
        break;
    }
  }
  return found;
}

const lookAtSale = (sale: Facts, statistics: Statistics) => [
  ...lookAtAmount(sale, statistics),
  ...count(sale, statistics),
];
const agentOf = (sale: Facts) => sale.shares[0]!.agentId;
const ownKey = (sale: Facts): WindowKey => ({ ...productKey(sale), agentId: agentOf(sale) });
const productKey = ({ productId, currency }: Facts): WindowKey => ({
  agentId: NOBODY,
  productId,
  currency,
});

function lookAtAmount(sale: Facts, statistics: Statistics): Finding[] {
  const own = statistics.window(ownKey(sale));
  const product = statistics.window(productKey(sale));
  const surprise = judgeAmount(sale, own, product);
  own.add(sale.saleId, sale.amount, sale.day);
  product.add(sale.saleId, sale.amount, sale.day);
  if (!surprise) return [];
  return [
    {
      ...surprise,
      ...whereOf(sale),
      detector: 'unusual-amount',
      thing: sale.saleId,
      saleId: sale.saleId,
      at: new Date(sale.soldAt),
    },
  ];
}

function count(sale: Facts, statistics: Statistics): Finding[] {
  const agent = agentOf(sale);
  const counts = statistics.counts({ kind: 'sales-of-agent', subjectId: agent });
  counts.move(sale.day, 1);
  const surprise = judgeCount(counts, sale.day);
  if (!surprise) return [];
  const thing = `${agent} ${sale.day}`;
  return [
    {
      ...surprise,
      ...whereOf(sale),
      detector: 'unusual-count',
      thing,
      saleId: null,
      at: new Date(sale.soldAt),
    },
  ];
}

function take(sale: Facts, statistics: Statistics): void {
  statistics.window(ownKey(sale)).remove(sale.saleId);
  statistics.window(productKey(sale)).remove(sale.saleId);
  statistics.counts({ kind: 'sales-of-agent', subjectId: agentOf(sale) }).move(sale.day, -1);
}

function cancel(sale: Facts, day: string, at: Date, statistics: Statistics): Finding[] {
  const agent = agentOf(sale);
  const all = statistics.counts({ kind: 'cancellations', subjectId: NOBODY });
  all.move(day, 1);
  const since = all.first ?? day;
  const ofAgent = statistics.counts({ kind: 'cancellations-of-agent', subjectId: agent });
  ofAgent.move(day, 1);
  const ofBranch = statistics.counts({ kind: 'cancellations-of-branch', subjectId: sale.branchId });
  if (ofAgent.on(day) <= COUNTED_PER_AGENT) ofBranch.move(day, 1);
  const found: Finding[] = [];
  const common = { detector: 'cancellation-burst' as const, ...whereOf(sale), saleId: null, day, at };
  const one = judgeCancellations('agent', ofAgent, day, since);
  if (one) found.push({ ...one, ...common, thing: `agent ${agent} ${day}` });
  const whole = judgeCancellations('branch', ofBranch, day, since);
  if (whole)
    found.push({
      ...whole,
      ...common,
      thing: `branch ${sale.branchId} ${day}`,
      agentId: null,
      teamId: null,
    });
  return found;
}

function whereOf(sale: Facts) {
  const { agentId, teamId } = sale.shares[0]!;
  return { agentId, teamId, branchId: sale.branchId, personId: null, day: sale.day };
}
