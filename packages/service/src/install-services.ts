/** Brings a database up to date for some services: the platform's tables first, then theirs. */
import { type Database, type Migration, type MigrationSet, migrate } from '@moonbase/data';
import { eventMigrations } from '@moonbase/events';
import { httpMigrations } from '@moonbase/http';
import { installJobs, jobMigrations } from '@moonbase/jobs';
import { warehouseMigrations } from '@moonbase/warehouse';
import { migrationsOf, type Service } from './declaration.ts';

/** The platform's own tables about privacy. */
export const privacyMigrations: MigrationSet = {
  schema: 'privacy',
  folder: new URL('../migrations/', import.meta.url),
};

/** The migrations of the platform and of the services, in order. */
export function allMigrations(services: readonly Service[]) {
  return [
    ...[eventMigrations, jobMigrations, httpMigrations, warehouseMigrations, privacyMigrations],
    ...migrationsOf(services),
  ];
}

/**
 * @param owner a database opened with `role: 'owner'`
 * @returns the migrations that ran now
 * @throws DataError as of `migrate`
 */
export async function installServices(owner: Database, services: readonly Service[]): Promise<Migration[]> {
  const ran = await migrate(owner, allMigrations(services));
  await installJobs(owner.url);
  return ran;
}
