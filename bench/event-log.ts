/** An event log alone on an installation of its own, with events that only count. */
import { Database } from '@moonbase/data';
import { type Event, type EventDeclaration, EventLog, publish, type Transaction } from '@moonbase/events';
import { createLogger } from '@moonbase/telemetry';
import { z } from 'zod';
import { type Installation, startInstallation } from './installation.ts';

export const counted = {
  type: 'bench.counted',
  version: 1,
  payload: z.object({ counter: z.int(), amount: z.string(), at: z.number() }),
} satisfies EventDeclaration;

export type Counted = Event<typeof counted>;

export interface BenchLog {
  installation: Installation;
  db: Database;
  newLog(): EventLog;
  stop(): Promise<void>;
}

export async function startBenchLog(): Promise<BenchLog> {
  const installation = await startInstallation([]);
  await installation.owner.query(`
    CREATE SCHEMA bench;
    CREATE TABLE bench.counters (counter int PRIMARY KEY, amount numeric NOT NULL, events bigint NOT NULL);
    GRANT USAGE ON SCHEMA bench TO moonbase_host; GRANT ALL ON bench.counters TO moonbase_host;`);
  const db = new Database({ url: installation.databaseUrl, connections: 12 });
  return {
    installation,
    db,
    newLog: () => new EventLog({ db, declarations: [counted], log: createLogger({ level: 'warn' }) }),
    stop: async () => {
      await db.close();
      await installation.stop();
    },
  };
}

/** Publishes some events in one transaction, of different keys. */
export async function publishSome(db: Database, first: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => ({
    key: `key-${first + i}`,
    payload: { counter: (first + i) % 500, amount: '12.25', at: performance.now() },
  }));
  await db.transaction((tx) => publish(tx, counted, events));
}

/** The effect of a reaction: adds a batch to counters, each counter once, always in the same order. */
export async function addUp(events: readonly Counted[], tx: Transaction): Promise<void> {
  await tx.query(
    {
      name: 'bench.add',
      text: `INSERT INTO bench.counters AS c
             SELECT counter, sum(amount), count(*) FROM unnest($1::int[], $2::numeric[]) AS e(counter, amount)
             GROUP BY counter ORDER BY counter
             ON CONFLICT (counter) DO UPDATE SET amount = c.amount + excluded.amount, events = c.events + excluded.events`,
    },
    [events.map(({ payload }) => payload.counter), events.map(({ payload }) => payload.amount)],
  );
}
