/** Brings the database up to date: migrations of the packages and the services, and the job queue's own. */
import { type Database, migrate } from '@moonbase/data';
import { eventMigrations } from '@moonbase/events';
import { installJobs, jobMigrations } from '@moonbase/jobs';
import { migrationsOf, type Service } from '@moonbase/service';
import { warehouseMigrations } from '@moonbase/warehouse';

/**
 * @param owner a database opened with `role: 'owner'`
 * @returns how many migrations ran now
 * @throws DataError `migration_changed`, `migration_failed`, `host_role_missing`
 */
export async function prepareDatabase(owner: Database, services: readonly Service[]): Promise<number> {
  const sets = [eventMigrations, jobMigrations, warehouseMigrations, ...migrationsOf(services)];
  const ran = await migrate(owner, sets);
  await installJobs(owner.url);
  return ran.length;
}
