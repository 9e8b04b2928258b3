/** For tests of what uses jobs. */

import type { Database, MigrationSet } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { BOSS_SCHEMA } from './src/boss.ts';
import { installJobs, jobMigrations } from './src/install.ts';

/** A database of one's own in which jobs can be enqueued and run. */
export async function createJobsDatabase(sets: readonly MigrationSet[] = []): Promise<TestDatabase> {
  const database = await createTestDatabase([...sets, jobMigrations]);
  await installJobs(database.url);
  return database;
}

/** Makes every waiting job due at once: retries with a delay, and jobs for later. */
export async function hurry(db: Database): Promise<void> {
  await db.query(`UPDATE ${BOSS_SCHEMA}.job SET start_after = now() WHERE state < 'active'`);
}

/** The inputs of the jobs that wait, the oldest first: what was enqueued, and what was not. */
export async function enqueued(db: Database, service: string, job: string): Promise<unknown[]> {
  const answer = await db.query<{ input: unknown }>(
    `SELECT data -> 'input' AS input FROM ${BOSS_SCHEMA}.job WHERE name = $1 AND state < 'active' ORDER BY created_on, id`,
    [`${service}.${job}`],
  );
  return answer.rows.map((row) => row.input);
}
