/** Dead letters: jobs whose retries are used up. People see them, and replay or discard them. */
import type { Database } from '@moonbase/data';
import type { PgBoss } from 'pg-boss';
import { BOSS_SCHEMA, type Carried } from './boss.ts';
import { JobsError } from './errors.ts';
import { split } from './history.ts';

export interface DeadLetter {
  id: string;
  service: string;
  job: string;
  input: unknown;
  error: string | null;
  attempts: number;
  enqueuedAt: Date;
  diedAt: Date;
}

/** Jobs whose retries are used up, the latest first. They are kept for ninety days. */
export async function readDead(
  db: Database,
  filter: { service?: string; limit?: number } = {},
): Promise<DeadLetter[]> {
  const answer = await db.query<{
    id: string;
    name: string;
    data: Carried;
    error: string | null;
    attempts: number;
    created_on: Date;
    completed_on: Date;
  }>(
    `SELECT id, name, data, output ->> 'message' AS error, retry_count + 1 AS attempts, created_on, completed_on
     FROM ${BOSS_SCHEMA}.job WHERE state = 'failed' AND ($1::text IS NULL OR starts_with(name, $1 || '.'))
     ORDER BY completed_on DESC, id DESC LIMIT $2`,
    [filter.service ?? null, filter.limit ?? 200],
  );
  return answer.rows.map((row) => ({
    id: row.id,
    ...split(row.name),
    input: row.data.input,
    error: row.error,
    attempts: row.attempts,
    enqueuedAt: row.created_on,
    diedAt: row.completed_on,
  }));
}

/** Makes it due for one more attempt, under its id. @returns its queue */
export async function replayDead(db: Database, boss: PgBoss, id: string): Promise<string> {
  const queue = await queueOf(db, id);
  await db.query(
    `UPDATE ${BOSS_SCHEMA}.job SET start_after = now() WHERE name = $1 AND id = $2 AND state = 'failed'`,
    [queue, id],
  );
  await boss.retry(queue, id);
  return queue;
}

/** Deletes it; its runs stay in the history. */
export async function discardDead(db: Database, boss: PgBoss, id: string): Promise<void> {
  await boss.deleteJob(await queueOf(db, id), id);
}

/** By way of its runs: pg-boss looks jobs up by queue and id together. */
async function queueOf(db: Database, id: string): Promise<string> {
  const answer = await db.query<{ name: string }>(
    `SELECT j.name FROM (SELECT DISTINCT service || '.' || job AS name FROM jobs.runs WHERE id = $1) r
     JOIN ${BOSS_SCHEMA}.job j ON j.name = r.name AND j.id = $1 WHERE j.state = 'failed'`,
    [id],
  );
  const queue = answer.rows[0]?.name;
  if (!queue) throw new JobsError('dead_letter_unknown', { detail: id });
  return queue;
}
