/** What can go wrong with jobs. */
export const jobsErrors = {
  job_unknown: {
    status: 404,
    message: 'There is no such job.',
    remedy: 'Declare it in the service’s jobs.ts, and enqueue only jobs of your own service.',
  },
  input_invalid: {
    status: 422,
    message: 'The input does not fit the job.',
    remedy: 'Give the job what its declaration in jobs.ts asks for.',
  },
  schedule_invalid: {
    status: 422,
    message: 'The schedule is not one.',
    remedy: 'Use five fields, minutes first, as "0 6 * * 1-5", and an IANA zone, as Asia/Colombo.',
  },
  dead_letter_unknown: {
    status: 404,
    message: 'There is no such dead letter.',
    remedy: 'It may have been replayed or discarded already; look at the list again.',
  },
  not_installed: {
    status: 503,
    message: 'The tables of the job queue are missing or of another version.',
    remedy: 'Migrate the database: moon start does, and so does a release.',
  },
  timed_out: {
    status: 504,
    message: 'The job took longer than its timeout.',
    remedy: 'Raise the timeout in jobs.ts, or do less in one run.',
  },
} as const;

export type JobsErrorCode = keyof typeof jobsErrors;

export class JobsError extends Error {
  readonly code: JobsErrorCode;
  readonly status: number;
  readonly remedy: string;

  constructor(code: JobsErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { message, remedy, status } = jobsErrors[code];
    super(options.detail ? `${message} ${options.detail}` : message, { cause: options.cause });
    this.name = 'JobsError';
    this.code = code;
    this.status = status;
    this.remedy = remedy;
  }
}
