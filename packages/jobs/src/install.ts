/**
 * Installing: our own tables by migrations like any other, pg-boss' by its own, both only as a step of
 * `migrate`, never from a host.
 */
import { HOST_ROLE, type MigrationSet, REQUEST_ROLE } from '@moonbase/data';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { BOSS_SCHEMA } from './boss.ts';

export const jobMigrations: MigrationSet = {
  schema: 'jobs',
  folder: new URL('../migrations/', import.meta.url),
};

/**
 * Brings pg-boss' tables up to date and lets hosts use them. Safe to repeat, and from several processes.
 *
 * @param ownerUrl of the database, as the role that owns its tables; `migrate` has run there
 */
export async function installJobs(ownerUrl: string): Promise<void> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    const boss = new PgBoss({
      schema: BOSS_SCHEMA,
      db: { executeSql: (text, values) => client.query(text, values) },
      schedule: false,
      supervise: false,
    });
    boss.on('error', () => {});
    try {
      await boss.start();
    } finally {
      await boss.stop({ graceful: false });
    }
    await client.query(`
      GRANT USAGE ON SCHEMA ${BOSS_SCHEMA} TO ${HOST_ROLE}, ${REQUEST_ROLE};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${BOSS_SCHEMA} TO ${HOST_ROLE}, ${REQUEST_ROLE};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${BOSS_SCHEMA} TO ${HOST_ROLE}, ${REQUEST_ROLE};`);
  } finally {
    await client.end();
  }
}
