/**
 * The states of a job, each change one transaction over pg-boss' row and ours:
 *
 *   waiting ──claim──▶ running ──succeed──▶ gone (its run is kept)
 *      ▲                  │ ├──fail──▶ waiting (later), or dead once its retries are used up
 *      │                  │ ├──release──▶ waiting (its host stops; the attempt doesn't count)
 *      │                  │ └──recover──▶ waiting, or dead (its host stopped answering)
 *      └────replay──── dead ──discard──▶ gone
 *
 * Every change out of `running` names the attempt it speaks of, so a run that was given up and ends all
 * the same changes nothing.
 */
import type { Database, Transaction } from '@moonbase/data';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { affected, BOSS_SCHEMA, type Carried, through } from './boss.ts';
import type { Definition } from './declarations.ts';

export interface Claimed {
  definition: Definition;
  id: string;
  attempt: number;
  carried: Carried;
}

/** How an attempt ended. */
export type Outcome =
  | { state: 'succeeded'; counts?: Record<string, number> }
  | { state: 'failed'; error: string }
  | { state: 'released' };

/** Longest error kept, in characters. */
const LONGEST_ERROR = 2000;

/** Claims up to `count` due jobs and opens their runs. */
export function claim(db: Database, boss: PgBoss, definition: Definition, count: number): Promise<Claimed[]> {
  return db.transaction(async (tx) => {
    const jobs = (await boss.fetch<Carried>(definition.queue, {
      batchSize: count,
      includeMetadata: true,
      db: through(tx),
    })) as JobWithMetadata<Carried>[];
    if (jobs.length === 0) return [];
    const claimed = jobs.map((job) => ({
      definition,
      id: job.id,
      attempt: job.retryCount + 1,
      carried: job.data,
    }));
    await tx.query(
      `INSERT INTO jobs.runs (id, attempt, service, job, state, tick)
       SELECT id, attempt, $3, $4, 'running', tick FROM unnest($1::uuid[], $2::int[], $5::timestamptz[]) AS c (id, attempt, tick)`,
      [
        claimed.map((each) => each.id),
        claimed.map((each) => each.attempt),
        definition.service,
        definition.name,
        claimed.map((each) => each.carried.tick ?? null),
      ],
    );
    return claimed;
  });
}

/** Ends an attempt. @returns what became of it: `lost` when it had been given up before */
export function settle(db: Database, boss: PgBoss, run: Claimed, outcome: Outcome): Promise<string> {
  return db.transaction(async (tx) => {
    const { queue } = run.definition;
    const fence = { id: run.id, retryCount: run.attempt - 1 };
    let state: string = outcome.state;
    let settled: number;
    if (outcome.state === 'succeeded') {
      settled = affected(await boss.deleteJob(queue, fence, { db: through(tx) }));
    } else if (outcome.state === 'failed') {
      const output = { message: outcome.error.slice(0, LONGEST_ERROR) };
      settled = affected(await boss.fail(queue, fence, output, { db: through(tx) }));
      if (settled && (await isDead(tx, queue, run.id))) state = 'dead';
    } else {
      const answer = await tx.query(
        `UPDATE ${BOSS_SCHEMA}.job SET state = 'retry', retry_limit = retry_limit + 1, start_after = now(), heartbeat_on = NULL
         WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3`,
        [queue, run.id, run.attempt - 1],
      );
      settled = answer.rowCount ?? 0;
    }
    if (!settled) return 'lost';
    await tx.query(
      `UPDATE jobs.runs SET state = $3, ended_at = clock_timestamp(), counts = $4, error = $5 WHERE id = $1 AND attempt = $2`,
      [
        run.id,
        run.attempt,
        state,
        outcome.state === 'succeeded' && outcome.counts ? JSON.stringify(outcome.counts) : null,
        outcome.state === 'failed' ? outcome.error.slice(0, LONGEST_ERROR) : null,
      ],
    );
    return state;
  });
}

/**
 * Gives up runs whose host has not answered for long, or that are open here though pg-boss knows better.
 *
 * @returns how many jobs wait again or are dead now
 */
export function recover(db: Database, boss: PgBoss): Promise<number> {
  return db.transaction(async (tx) => {
    // By way of our open runs, which are few: pg-boss has no index for its active jobs.
    const open = await tx.query<{ queue: string; id: string; attempt: number; lapsed: boolean }>(
      `SELECT r.service || '.' || r.job AS queue, r.id, r.attempt,
              coalesce(j.state = 'active' AND j.retry_count = r.attempt - 1, false) AS lapsed
       FROM jobs.runs r LEFT JOIN ${BOSS_SCHEMA}.job j ON j.name = r.service || '.' || r.job AND j.id = r.id
       WHERE r.state = 'running'
         AND (j.id IS NULL OR j.state <> 'active' OR j.retry_count <> r.attempt - 1
           OR j.heartbeat_on + j.heartbeat_seconds * interval '1 s' < now()
           OR j.started_on + j.expire_seconds * interval '1 s' < now())
       FOR UPDATE OF r SKIP LOCKED`,
    );
    const error = 'The host that ran it stopped answering.';
    let recovered = 0;
    for (const { queue, id, attempt, lapsed } of open.rows) {
      let state = 'lost';
      if (lapsed) {
        const fence = { id, retryCount: attempt - 1 };
        recovered += affected(await boss.fail(queue, fence, { message: error }, { db: through(tx) }));
        if (await isDead(tx, queue, id)) state = 'dead';
      }
      await tx.query(
        'UPDATE jobs.runs SET state = $3, ended_at = clock_timestamp(), error = $4 WHERE id = $1 AND attempt = $2',
        [id, attempt, state, error],
      );
    }
    return recovered;
  });
}

async function isDead(tx: Transaction, queue: string, id: string): Promise<boolean> {
  const answer = await tx.query(
    `SELECT FROM ${BOSS_SCHEMA}.job WHERE name = $1 AND id = $2 AND state = 'failed'`,
    [queue, id],
  );
  return answer.rowCount === 1;
}

/** Which of the queues have a job that is due. */
export async function dueQueues(db: Database, queues: readonly string[]): Promise<string[]> {
  if (queues.length === 0) return [];
  const answer = await db.query<{ queue: string }>(
    `SELECT queue FROM unnest($1::text[]) AS queue
     WHERE EXISTS (SELECT FROM ${BOSS_SCHEMA}.job WHERE name = queue AND state < 'active' AND start_after <= now())`,
    [queues],
  );
  return answer.rows.map((row) => row.queue);
}
