/** The event log: publish in a transaction, react exactly once. */
import type { MigrationSet } from '@moonbase/data';

export type { Transaction } from '@moonbase/data';
export type { ConsumerOptions } from './consumer.ts';
export type { Event, EventDeclaration, EventEnvelope, NewEvent } from './declarations.ts';
export { EventsError, type EventsErrorCode, eventsErrors } from './errors.ts';
export { EventLog, type EventLogOptions } from './event-log.ts';
export { publish } from './publish.ts';
export { eraseSubject } from './subjects.ts';

/** The tables of the log. */
export const eventMigrations: MigrationSet = {
  schema: 'events',
  folder: new URL('../migrations/', import.meta.url),
};
