/**
 * Holds every sale against the statistics, and moves them: a handful of statements for a whole batch, in the
 * transaction of the consumer's position. One lane: the statistics are shared by sales of different keys, and
 * what is usual must not depend on which lane was faster.
 */
import type { Transaction } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import { flagAnomalies } from './flag-anomalies.ts';
import { loadStatistics, saveStatistics } from './keep-statistics.ts';
import { lookAtSales, neededBy, type SalesEvent } from './look-at-sales.ts';
import { readThresholds } from './thresholds.ts';

export async function watchSales(
  events: readonly SalesEvent[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const { zone } = await context.organisation();
  const [statistics, thresholds] = await Promise.all([
    loadStatistics(tx, neededBy(events)),
    readThresholds(tx),
  ]);
  const findings = lookAtSales(events, statistics, zone);
  await saveStatistics(tx, statistics);
  await flagAnomalies(tx, findings, thresholds, context.clock.now());
}
