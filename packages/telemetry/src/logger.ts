/**
 * Logs: one JSON object a line on standard output, with the request and trace of the current context.
 *
 * Nothing is redacted by pattern, because a pattern misses: a log call never gets a payload, only ids,
 * counts and codes. Errors of PostgreSQL quote the row at fault, so those parts are left out here.
 */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { context } from './context.ts';

export type { Logger };

export interface LoggerOptions {
  /** Name of the service that speaks; `child({ service })` gives one per service. */
  service?: string;
  /** `trace` to `fatal`, or `silent`; `info` unless said. */
  level?: string;
  /** Where lines go; standard output unless said. */
  destination?: { write(line: string): void };
  /** One short line for people instead of JSON. */
  pretty?: boolean;
}

/**
 * Makes a logger. Writing is synchronous: the last line before a crash is there.
 *
 * @example
 *   const log = createLogger({ service: 'sales' });
 *   log.info({ rows: 500 }, 'sales imported');
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const out = options.destination ?? standardOutput();
  const target: DestinationStream = options.pretty ? { write: (line) => out.write(prettyLine(line)) } : out;
  return pino(
    {
      level: options.level ?? 'info',
      base: options.service ? { service: options.service } : {},
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggableError, error: loggableError },
      mixin: () => {
        const { requestId, traceId } = context();
        return { ...(requestId && { request: requestId }), ...(traceId && { trace: traceId }) };
      },
    },
    target,
  );
}

function standardOutput(): DestinationStream {
  const out = destination({ fd: 1, sync: true });
  // Whoever read it has gone: no reason to stop working.
  out.on('error', () => {});
  return out;
}

/** What a log may say of an error: never `detail`, `where` or the like, which quote rows. */
export function loggableError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: typeof error };
  const { code, table, constraint, cause } = error as Error & Record<string, unknown>;
  // SQLSTATE class 22 is about a value, which its message quotes at the end.
  const quotes = typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code);
  const message = quotes ? error.message.replace(/: ".*$/s, '') : error.message;
  return {
    type: error.name,
    message,
    code,
    table,
    constraint,
    stack: quotes ? undefined : error.stack,
    cause: cause === undefined ? undefined : loggableError(cause),
  };
}

/** `12:30:01 warn  sales  import is slow  rows=500` */
function prettyLine(json: string): string {
  const { time, level, service, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([name, value]) => {
    return `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  });
  const { message, stack } = (err ?? {}) as { message?: string; stack?: string };
  const head = [
    String(time).slice(11, 19),
    String(level).padEnd(5),
    service,
    msg,
    ...(err && message !== msg ? [message] : []),
    ...fields,
  ];
  const trail = level === 'error' || level === 'fatal' ? (stack?.split('\n').slice(1, 6) ?? []) : [];
  return `${[head.filter(Boolean).join('  '), ...trail].join('\n')}\n`;
}
