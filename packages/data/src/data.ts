/** PostgreSQL for services: connect (or start the embedded server), migrate, transact, write in batches. */
export { type BatchedWriteOptions, batchedWrite } from './batched-write.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  Database,
  type DatabaseOptions,
  HOST_ROLE,
  type NamedStatement,
  type Queryable,
  REQUEST_ROLE,
  type Transaction,
  withBeforeCommit,
} from './database.ts';
export { DataError, type DataErrorCode, dataErrors } from './errors.ts';
export { newId } from './ids.ts';
export { EVERYTHING, limited, type Reach } from './limited-database.ts';
export { type Migration, type MigrationSet, migrate, readMigrations } from './migrate.ts';
