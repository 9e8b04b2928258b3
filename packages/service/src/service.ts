/** A service: its declaration, what it is given to work with, and the host that runs some of them. */
export type { Command, CommandWorld } from './commands.ts';
export type { EnqueueOptions, Organisation, RouteRequest, ServiceContext } from './context.ts';
export {
  defineService,
  type Handler,
  type Handlers,
  type Insight,
  type JobDeclaration,
  type JobResult,
  type JobRun,
  job,
  migrationsOf,
  type Reaction,
  reaction,
  type ScheduleDeclaration,
  type Service,
  type SettingDeclaration,
} from './declaration.ts';
export { createHost, Host, type HostOptions } from './host.ts';
export { installServices, privacyMigrations } from './install-services.ts';
export type {
  LawfulBasis,
  PersonalData,
  PersonalTable,
  Purpose,
  Retention,
  Subject,
  SubjectKind,
} from './personal.ts';
export { checkMarks, marksOf } from './privacy/check-marks.ts';
export { leftOf, searchFiles, searchTables } from './privacy/find-residue.ts';
export { KEEP_KEY_BACKUPS, KEY_BACKUPS } from './privacy/retention.ts';
