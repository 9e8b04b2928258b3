/** Work outside a transaction: enqueued inside one, at least once, with retries, dead letters and schedules. */
export { BOSS_SCHEMA } from './boss.ts';
export type { DeadLetter } from './dead-letters.ts';
export type { Handle, JobSpec, Run, RunResult, ScheduleSpec, Timing } from './declarations.ts';
export type { EnqueueOptions } from './enqueue.ts';
export { JobsError, type JobsErrorCode, jobsErrors } from './errors.ts';
export type { Backlog, RunFilter, RunRow } from './history.ts';
export { installJobs, jobMigrations } from './install.ts';
export { type JobOverview, Jobs, type JobsOptions } from './runner.ts';
export type { ScheduleStatus } from './schedules.ts';
