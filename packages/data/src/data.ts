/** PostgreSQL for services: connect (or start the embedded server), migrate, transact, write in batches. */
export { type BatchedWriteOptions, batchedWrite } from './batched-write.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  checkDataKeys,
  type DataKeyState,
  dataKeyStates,
  retireMasterKeys,
  rewrapNext,
} from './data-keys.ts';
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
export { checkEncrypted, hostsOf, isLoopback } from './encrypted-connection.ts';
export { DataError, type DataErrorCode, dataErrors } from './errors.ts';
export { newId } from './ids.ts';
export { EVERYTHING, limited, type Reach } from './limited-database.ts';
export {
  localMasterKey,
  type MasterKey,
  type MasterKeySource,
  masterKeyFile,
  masterKeys,
  readKeyFile,
  readMasterKeys,
  useMasterKeys,
  writeKeyFile,
} from './master-keys.ts';
export { type Migration, type MigrationSet, migrate, readMigrations } from './migrate.ts';
export {
  decryptSecret,
  encryptSecret,
  isSealed,
  isSealedBytes,
  opener,
  readSecret,
  type SecretColumn,
  type SecretPlace,
  sealColumn,
  sealer,
} from './secrets.ts';
