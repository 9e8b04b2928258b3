import type { Event } from '@moonbase/events';

/** What the warehouse needs of the event log; `EventLog` of @moonbase/events is one. */
export interface LogSource {
  /** The last position given to a committed event, as far as this process knows. */
  readonly head: number;
  /** Events after a position, in order, without gaps. */
  read(from: { after: number; limit: number }): Promise<Event[]>;
  /** The payload as the lake may hold it: without personal fields, people by pseudonyms. */
  lake(event: Event): unknown;
}
