/** What ran and how much waits: for the jobs page, the command line and metrics. */
import type { Database } from '@moonbase/data';
import { BOSS_SCHEMA } from './boss.ts';

export interface RunRow {
  id: string;
  attempt: number;
  service: string;
  job: string;
  /**
   * `dead`: its retries are used up. `lost`: its host stopped answering. `released`: its host was stopped,
   * and another took over.
   */
  state: 'running' | 'succeeded' | 'failed' | 'dead' | 'lost' | 'released';
  tick: Date | null;
  startedAt: Date;
  endedAt: Date | null;
  counts: Record<string, number> | null;
  error: string | null;
  progressDone: number | null;
  progressTotal: number | null;
}

export interface RunFilter {
  service?: string;
  job?: string;
  state?: RunRow['state'];
  /** Of one job, by its id. */
  id?: string;
  /** The last row of the page before. */
  before?: { startedAt: Date; id: string; attempt: number };
  /** 50 unless said. */
  limit?: number;
}

/** Runs, the latest first. */
export async function readRuns(db: Database, filter: RunFilter): Promise<RunRow[]> {
  const values: unknown[] = [];
  const where: string[] = [];
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  add(filter.service, (place) => `service = ${place}`);
  add(filter.job, (place) => `job = ${place}`);
  add(filter.state, (place) => `state = ${place}`);
  add(filter.id, (place) => `id = ${place}`);
  if (filter.before) {
    const { startedAt, id, attempt } = filter.before;
    values.push(startedAt, id, attempt);
    const last = values.length;
    where.push(`(started_at, id, attempt) < ($${last - 2}::timestamptz, $${last - 1}::uuid, $${last}::int)`);
  }
  values.push(filter.limit ?? 50);
  const answer = await db.query<RunRow>(
    `SELECT id, attempt, service, job, state, tick, started_at AS "startedAt", ended_at AS "endedAt", counts, error,
       progress_done AS "progressDone", progress_total AS "progressTotal"
     FROM jobs.runs ${where.length ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY started_at DESC, id DESC, attempt DESC LIMIT $${values.length}`,
    values,
  );
  return answer.rows;
}

export interface Backlog {
  service: string;
  job: string;
  /** Due, and not yet running. */
  waiting: number;
  /** For a later moment: retries above all. */
  later: number;
  running: number;
  dead: number;
  /** Seconds since the oldest waiting one became due. */
  age: number;
}

/** How much there is of every job that has any. */
export async function readBacklog(db: Database): Promise<Backlog[]> {
  const answer = await db.query<Omit<Backlog, 'service' | 'job'> & { name: string }>(
    `SELECT name,
       count(*) FILTER (WHERE state < 'active' AND start_after <= now()) AS waiting,
       count(*) FILTER (WHERE state < 'active' AND start_after > now()) AS later,
       count(*) FILTER (WHERE state = 'active') AS running,
       count(*) FILTER (WHERE state = 'failed') AS dead,
       coalesce(extract(epoch FROM now() - min(greatest(start_after, created_on))
         FILTER (WHERE state < 'active' AND start_after <= now())), 0)::float8 AS age
     FROM ${BOSS_SCHEMA}.job GROUP BY name ORDER BY name`,
  );
  return answer.rows.map(({ name, ...counts }) => ({ ...split(name), ...counts }));
}

/** Forgets runs that ended longer ago than the days. @returns how many */
export async function forgetRuns(db: Database, days: number): Promise<number> {
  const answer = await db.query(
    `DELETE FROM jobs.runs WHERE state <> 'running' AND started_at < now() - make_interval(days => $1)`,
    [days],
  );
  return answer.rowCount ?? 0;
}

export function split(queue: string): { service: string; job: string } {
  const dot = queue.indexOf('.');
  return { service: queue.slice(0, dot), job: queue.slice(dot + 1) };
}
