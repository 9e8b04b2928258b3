/**
 * pg-boss as this package uses it: a queue per job, claimed, settled and put back by calls of ours, in
 * transactions of ours. Its own workers, cron, supervision and migrations stay off.
 */
import type { Database, Queryable } from '@moonbase/data';
import { type CommandResponse, type Db, PgBoss } from 'pg-boss';
import type { Definition } from './declarations.ts';
import { JobsError } from './errors.ts';

/** The schema of pg-boss' tables. */
export const BOSS_SCHEMA = 'jobs_boss';

/** Seconds without a sign of life after which a run counts as lost with its host. */
export const HEARTBEAT = 30;

const DAY = 86_400;

/** What a job carries besides its input. */
export interface Carried {
  input: unknown;
  /** The event or request that enqueued it. */
  cause: string | null;
  trace?: string;
  /** ISO, of the schedule that started it. */
  tick?: string;
}

/** Statements of pg-boss go through this connection or transaction. */
export function through(queryable: Queryable): Db {
  return { executeSql: (text, values) => queryable.query(text, values) };
}

/** How many jobs a call of pg-boss changed; its types don't tell. */
export function affected(response: CommandResponse): number {
  return (response as { affected: number }).affected;
}

/** @throws JobsError `not_installed` */
export async function startBoss(db: Database, onError: (error: Error) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    schema: BOSS_SCHEMA,
    db: through(db),
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: false,
    reindex: false,
    monitorVacuum: false,
    queueCacheIntervalSeconds: 3600,
  });
  boss.on('error', onError);
  try {
    await boss.start();
  } catch (cause) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw new JobsError('not_installed', { detail: (cause as Error).message, cause });
  }
  return boss;
}

/** Makes the queues' options in the database those of the declarations. */
export async function prepareQueues(boss: PgBoss, definitions: readonly Definition[]): Promise<void> {
  if (definitions.length === 0) return;
  const known = new Map(
    (await boss.getQueues(definitions.map((each) => each.queue))).map((queue) => [queue.name, queue]),
  );
  for (const definition of definitions) {
    const options = {
      retryLimit: definition.retries,
      retryDelay: Math.ceil(definition.retryDelay),
      retryBackoff: definition.retryDelay > 0,
      retryDelayMax: definition.retryDelay > 0 ? Math.max(3600, Math.ceil(definition.retryDelay)) : null,
      // The run itself keeps to the timeout; this is for hosts that can't.
      expireInSeconds: Math.ceil(definition.timeout) + 60,
      heartbeatSeconds: HEARTBEAT,
      retentionSeconds: 365 * DAY,
      deleteAfterSeconds: 90 * DAY,
    };
    const queue = known.get(definition.queue);
    if (!queue) {
      const { retryDelayMax, ...rest } = options;
      // `exclusive` with a key per job: at most one waiting or running job of a key.
      await boss.createQueue(definition.queue, {
        ...rest,
        ...(retryDelayMax === null ? {} : { retryDelayMax }),
        policy: 'exclusive',
      });
    } else if (Object.entries(options).some(([name, value]) => queue[name as keyof typeof queue] !== value)) {
      await boss.updateQueue(definition.queue, options);
    }
  }
  // pg-boss keeps a queue's options in memory from their first use on, and reads them on a connection of its
  // own: within a transaction that would take a second one, and a pool of waiting transactions never ends.
  for (const { queue } of definitions) {
    await boss.fetch(queue, { db: { executeSql: async () => ({ rows: [] }) } });
  }
}
