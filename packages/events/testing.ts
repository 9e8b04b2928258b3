/**
 * For tests of those who publish and react: a running event log on a test database, and what was published.
 *
 * @example
 *   const events = await startTestLog(database, { declarations: [saleRecorded] });
 *   await recordSale(database.db, sale);
 *   await events.expectPublished(saleRecorded, { key: sale.id });
 */
import { isDeepStrictEqual } from 'node:util';
import { type Database, newId } from '@moonbase/data';
import { createLogger } from '@moonbase/telemetry';
import type { ConsumerOptions } from './src/consumer.ts';
import type { Event, EventDeclaration, EventEnvelope } from './src/declarations.ts';
import { EventLog } from './src/event-log.ts';
import type { RetryPolicy } from './src/retry-policy.ts';

/** Tries failing events again after milliseconds, so that tests see the end of it. */
export const quickRetries: RetryPolicy = { attempts: 3, backoff: () => 5 };

export interface TestLogOptions {
  declarations: readonly EventDeclaration[];
  // biome-ignore lint/suspicious/noExplicitAny: consumers of different events in one list.
  consumers?: readonly ConsumerOptions<any>[];
  /** Of its log; `error` unless said. */
  level?: string;
}

/** What an event should be like: every field given must be there; a payload may be given in part. */
export interface Expected<D extends EventDeclaration> {
  key?: string;
  payload?: Partial<Event<D>['payload']>;
  /** Exactly so many of them; at least one unless said. */
  times?: number;
}

export class TestLog {
  readonly log: EventLog;

  constructor(log: EventLog) {
    this.log = log;
  }

  /** Resolves when every event has its position and every consumer is done with it. */
  drained(): Promise<void> {
    return this.log.drained();
  }

  /** Everything published so far, of some declarations or of all, in order. */
  async published<D extends EventDeclaration>(...declarations: D[]): Promise<Event<D>[]> {
    await this.log.drained();
    const types = declarations.length ? declarations.map(({ type }) => type) : undefined;
    const events = await this.log.read({ after: 0, limit: Number.MAX_SAFE_INTEGER, types });
    return events as unknown as Event<D>[];
  }

  /** @returns the events that are as expected. @throws when there are none, or not as many as expected */
  async expectPublished<D extends EventDeclaration>(
    declaration: D,
    expected: Expected<D> = {},
  ): Promise<Event<D>[]> {
    const all = await this.published(declaration);
    const matching = all.filter((event) => isAsExpected(event, expected));
    const enough = expected.times === undefined ? matching.length > 0 : matching.length === expected.times;
    if (enough) return matching;
    throw new Error(
      `Expected ${expected.times ?? 'at least one'} ${declaration.type} like ${JSON.stringify(expected)}, ` +
        `found ${matching.length} among ${all.length}:\n${all.map((event) => JSON.stringify(event)).join('\n')}`,
    );
  }

  /** @throws when there is one */
  async expectNotPublished<D extends EventDeclaration>(
    declaration: D,
    expected: Omit<Expected<D>, 'times'> = {},
  ): Promise<void> {
    await this.expectPublished(declaration, { ...expected, times: 0 });
  }

  stop(): Promise<void> {
    return this.log.stop();
  }
}

/** @param database with the tables of `eventMigrations` */
export async function startTestLog(database: { db: Database }, options: TestLogOptions): Promise<TestLog> {
  const log = new EventLog({
    db: database.db,
    declarations: options.declarations,
    log: createLogger({ level: options.level ?? 'error' }),
    poll: 20,
  });
  for (const consumer of options.consumers ?? []) log.addConsumer({ retry: quickRetries, ...consumer });
  await log.start();
  return new TestLog(log);
}

function isAsExpected<D extends EventDeclaration>(event: Event<D>, expected: Expected<D>): boolean {
  if (expected.key !== undefined && event.key !== expected.key) return false;
  const payload = event.payload as { [field: string]: unknown };
  return Object.entries(expected.payload ?? {}).every(([field, value]) =>
    isDeepStrictEqual(payload[field], value),
  );
}

let position = 0;

/** An event as the log delivers it, for tests of a handler alone. @throws when the payload does not match */
export function eventOf<D extends EventDeclaration>(
  declaration: D,
  event: Partial<EventEnvelope> & { key: string; payload: Event<D>['payload'] },
): Event<D> {
  position += 1;
  const now = new Date();
  return {
    position,
    id: newId(),
    version: declaration.version,
    subjects: [],
    occurredAt: now,
    recordedAt: now,
    actor: 'system',
    cause: null,
    trace: null,
    ...event,
    type: declaration.type,
    payload: declaration.payload.parse(event.payload),
  } as unknown as Event<D>;
}
