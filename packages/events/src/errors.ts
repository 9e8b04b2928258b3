/** What can go wrong with events, and what to do about it. */
export const eventsErrors = {
  invalid_payload: {
    status: 500,
    message: 'An event does not match its declaration.',
    remedy: 'Publish what the payload schema of the declaration says; the field is named below.',
  },
  invalid_event: {
    status: 500,
    message: 'An event cannot be published.',
    remedy: 'See what is named below.',
  },
  invalid_declaration: {
    status: 500,
    message: 'A declaration of an event cannot be used.',
    remedy: 'Correct it in the events.ts of its service.',
  },
  subject_missing: {
    status: 500,
    message: 'An event with personal fields names no subject.',
    remedy: 'Give `subjects`, with the owner of the personal fields first.',
  },
  unknown_version: {
    status: 500,
    message: 'An event has a type or version that this reader does not know.',
    remedy: 'Deploy a release that reads it, then replay what was parked.',
  },
  unreadable_payload: {
    status: 500,
    message: 'An event in the log does not match the declaration of its reader.',
    remedy: 'Raise the version where a payload changes its meaning, and let readers accept both.',
  },
  log_gap: {
    status: 500,
    message: 'Positions are missing in the event log.',
    remedy: 'They were dropped by retention before this reader came by, or the log was restored in part.',
  },
  invalid_consumer: {
    status: 500,
    message: 'A consumer is declared in a way that cannot work.',
    remedy: 'See what is named below.',
  },
  consumer_exists: {
    status: 500,
    message: 'Two consumers have the same name.',
    remedy: 'Give each consumer of the host its own name.',
  },
  unknown_consumer: {
    status: 404,
    message: 'There is no such consumer on this host.',
    remedy: 'Ask for one of the names that positions() lists.',
  },
  not_drained: {
    status: 500,
    message: 'The event log did not come to rest in time.',
    remedy: 'See which consumer lags below, and what it logged.',
  },
  not_running: {
    status: 503,
    message: 'The event log of this host is not running.',
    remedy: 'Start it, or wait until PostgreSQL can be reached.',
  },
} as const;

export type EventsErrorCode = keyof typeof eventsErrors;

export class EventsError extends Error {
  readonly code: EventsErrorCode;
  readonly status: number;
  readonly remedy: string;

  constructor(code: EventsErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { message, remedy, status } = eventsErrors[code];
    super(options.detail ? `${message} ${options.detail}` : message, { cause: options.cause });
    this.name = 'EventsError';
    this.code = code;
    this.status = status;
    this.remedy = remedy;
  }
}
