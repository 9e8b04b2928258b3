/** What can go wrong with the lake and with questions to it. */
export const warehouseErrors = {
  query_refused: {
    status: 400,
    message: 'Only one SELECT statement can be run.',
    remedy: 'Send a single statement that begins with SELECT, WITH, FROM, DESCRIBE or SUMMARIZE.',
  },
  query_wrong: {
    status: 400,
    message: 'The query cannot be run as it is written.',
    remedy: 'Correct it at the place named below; the names that can be used are listed beside the editor.',
  },
  query_forbidden: {
    status: 403,
    message: 'The query asks for something outside the warehouse.',
    remedy: 'Ask only the views of the warehouse: files, networks and settings are closed.',
  },
  query_timeout: {
    status: 408,
    message: 'The query took longer than it may.',
    remedy: 'Narrow the period, ask fewer columns, or aggregate before joining.',
  },
  query_cancelled: {
    status: 499,
    message: 'The query was stopped because nobody waits for it any more.',
    remedy: 'Run it again.',
  },
  query_too_large: {
    status: 422,
    message: 'The query needs more memory than it may use.',
    remedy: 'Narrow the period, group by fewer things, or sort fewer rows.',
  },
  view_wrong: {
    status: 500,
    message: 'A view of the warehouse cannot be made.',
    remedy: 'Correct the SQL of the view named below in the service that declares it.',
  },
  log_gap: {
    status: 500,
    message: 'Events are missing between the lake and the log.',
    remedy:
      'Restore the dropped partitions of the log, or accept the gap by moving warehouse.loader forward.',
  },
  event_unknown: {
    status: 500,
    message: 'The log holds an event whose type this process does not know.',
    remedy:
      'Start a release that declares the type: without its declaration its personal fields are unknown.',
  },
} as const;

export type WarehouseErrorCode = keyof typeof warehouseErrors;

export class WarehouseError extends Error {
  readonly code: WarehouseErrorCode;
  readonly status: number;
  readonly remedy: string;
  /** Where in the SQL, from 1, if it is known. */
  readonly place: { line: number; column: number } | undefined;

  constructor(
    code: WarehouseErrorCode,
    options: { detail?: string; place?: { line: number; column: number }; cause?: unknown } = {},
  ) {
    const { message, remedy, status } = warehouseErrors[code];
    super(options.detail ? `${message} ${options.detail}` : message, { cause: options.cause });
    this.name = 'WarehouseError';
    this.code = code;
    this.status = status;
    this.remedy = remedy;
    this.place = options.place;
  }
}
