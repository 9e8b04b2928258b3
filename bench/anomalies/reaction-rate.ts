/** What the reaction costs: batches of events through the whole handler, transaction by transaction. */

import { createTestDatabase, startTestServer } from '@moonbase/data/testing';
import { type Event, eventMigrations } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { watchSales } from '../../services/anomalies/features/watch-sales.ts';
import type { Year } from './made-up-year.ts';

const BATCH = 500;

/** @returns microseconds a sale, for each batch after the first tenth */
export async function reactionRate(year: Year, most: number): Promise<number[]> {
  const stop = await startTestServer();
  const schema = new URL('../../services/anomalies/migrations/', import.meta.url);
  const { db, drop } = await createTestDatabase([eventMigrations, { schema: 'anomalies', folder: schema }]);
  const context = {
    db,
    clock: { now: () => new Date() },
    organisation: async () => ({ name: 'Bench', zone: 'UTC', currency: 'LKR' }),
  } as unknown as ServiceContext;
  const took: number[] = [];
  for (let from = 0; from < Math.min(most, year.sales.length); from += BATCH) {
    const events = year.sales.slice(from, from + BATCH) as unknown as Event[];
    const began = performance.now();
    await db.transaction((tx) => watchSales(events as never, tx, context));
    took.push(((performance.now() - began) * 1_000) / events.length);
  }
  await drop();
  await stop();
  return took.slice(Math.floor(took.length / 10));
}
