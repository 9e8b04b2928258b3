/**
 * Errors: one coded table per package or service. An answer with an error is a problem document
 * (RFC 9457) with the code, the field or line at fault and what to do.
 */
export interface ErrorRow {
  status: number;
  message: string;
  remedy: string;
}

export type ErrorTable = Record<string, ErrorRow>;

/** One thing wrong with an input: where, and what. */
export interface Fault {
  /** JSON pointer into the body (`/shares/0/percent`), `query/limit`, or `line 17, column "amount"`. */
  at: string;
  message: string;
}

/** An error with a code of a table; see {@link errorsOf}. */
export class CodedError extends Error {
  readonly code: string;
  readonly status: number;
  readonly remedy: string;
  readonly faults: readonly Fault[];
  /** Seconds after which it may go well; the answer's `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: string,
    row: ErrorRow,
    options: { detail?: string; faults?: readonly Fault[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(options.detail ? `${row.message} ${options.detail}` : row.message, { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.status = row.status;
    this.remedy = row.remedy;
    this.faults = options.faults ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/**
 * Makes the thrower of a table.
 *
 * @example
 *   export const salesError = errorsOf({ sale_unknown: { status: 404, message: '…', remedy: '…' } });
 *   throw salesError('sale_unknown', { detail: id });
 */
export function errorsOf<T extends ErrorTable>(table: T) {
  const make = (code: keyof T & string, options?: ConstructorParameters<typeof CodedError>[2]): CodedError =>
    new CodedError(code, table[code]!, options);
  return Object.assign(make, { table });
}
