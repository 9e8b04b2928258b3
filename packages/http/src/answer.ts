/** What goes out when something is wrong: problem documents (RFC 9457), never a stack trace. */

import type { Logger } from '@moonbase/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CodedError } from './errors.ts';
import { keepFailedRequest } from './failed-requests.ts';
import { httpError } from './http-errors.ts';

export const Problem = z.object({
  type: z.string().describe('urn:moonbase:error:<code>'),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  remedy: z.string(),
  faults: z.array(z.object({ at: z.string(), message: z.string() })),
  requestId: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** The problem document of an error; what is not a coded error is logged and told as `internal`. */
export function problemOf(error: unknown, requestId: string, log: Logger): Problem {
  const coded = codedOf(error);
  if (coded.status >= 500) log.error({ err: error, code: coded.code }, 'request failed');
  return {
    type: `urn:moonbase:error:${coded.code}`,
    title: httpStatusTitle(coded.status),
    status: coded.status,
    code: coded.code,
    detail: coded.message,
    remedy: coded.remedy,
    faults: [...coded.faults],
    requestId,
  };
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const problem = problemOf(error, request.id, log);
  if (problem.status >= 500) {
    const { service = 'host', name = 'unknown' } = request.routeOptions.config as {
      service?: string;
      name?: string;
    };
    const { code, title, requestId } = problem;
    keepFailedRequest({ at: new Date(), service, route: name, code, message: title, requestId });
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  const wait = error instanceof CodedError ? error.retryAfter : undefined;
  if (wait !== undefined) reply.header('retry-after', String(wait));
  else if (problem.status === 503 || problem.code === 'idempotency_in_progress')
    reply.header('retry-after', '2');
  reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function codedOf(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpError('too_large');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return httpError('unsupported_type');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return httpError('not_json', { detail: 'It is empty.' });
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return httpError('not_json', { detail: `${(error as Error).message}.`, cause: error });
  }
  // A row policy refused a row that was to be written: it lies beyond what the caller reaches.
  if (code === '42501' && /row-level security/.test((error as Error).message))
    return httpError('beyond_reach', { cause: error });
  if (isOutage(error)) return httpError('overloaded', { cause: error });
  return httpError('internal', { cause: error });
}

/** PostgreSQL is gone, going, or full: the caller may come back. */
function isOutage(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return (
    code === 'commit_unknown' ||
    /^(57P|08|53)/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  );
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported type',
  422: 'Invalid',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

function httpStatusTitle(status: number): string {
  return titles[status] ?? `Error ${status}`;
}
