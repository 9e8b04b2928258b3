/** The event log: publish in a transaction, react exactly once. */
import type { MigrationSet } from '@moonbase/data';

export type { Transaction } from '@moonbase/data';
export { isConnectionLost } from './connection-lost.ts';
export type { ConsumerOptions } from './consumer.ts';
export type { Event, EventDeclaration, EventEnvelope, NewEvent } from './declarations.ts';
export { EventsError, type EventsErrorCode, eventsErrors } from './errors.ts';
export { EventLog, type EventLogOptions } from './event-log.ts';
export type { Replayed } from './handle-parked.ts';
export type { ReadOptions } from './log-reader.ts';
export type { ConsumerPosition } from './log-state.ts';
export type { ParkedKey } from './parked.ts';
export { publish } from './publish.ts';
export { type PersonalEvent, readPersonal } from './read-personal.ts';
export { readerPassed } from './retention.ts';
export type { RetryPolicy } from './retry-policy.ts';
export {
  eraseSubject,
  isErased,
  openKeys,
  resolvePseudonyms,
  SUBJECT_KEYS,
  sealSubjects,
} from './subjects.ts';
export type { Fence } from './turn.ts';
export { causedBy } from './with-cause.ts';

/** The tables of the log. */
export const eventMigrations: MigrationSet = {
  schema: 'events',
  folder: new URL('../migrations/', import.meta.url),
};
