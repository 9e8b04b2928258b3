/** One declared route on the server: who may, parse, handle, answer, measure. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { actorOf, can, type Principal, reachOf } from '@moonbase/identity';
import { childrenOf, type Logger, metrics, withContext } from '@moonbase/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { httpError } from './http-errors.ts';
import type { Idempotency } from './idempotency.ts';
import { BODY_LIMIT, limited, parsePart, strict } from './input.ts';
import type { Allow, Route } from './routes.ts';
import type { ServerAnswer, ServerRequest } from './server.ts';

export interface AddedRoute {
  service: string;
  name: string;
  route: Route;
  handler: (request: ServerRequest) => Promise<ServerAnswer>;
  idempotency: Idempotency;
  log: Logger;
}

const duration = childrenOf(
  metrics.histogram('http_request_duration_seconds', 'Time to answer, by route and status', [
    'service',
    'route',
    'status',
  ]),
);

export function addRoute(app: FastifyInstance, added: AddedRoute): void {
  const { service, name, route } = added;
  const schemas = {
    params: strict(route.params),
    query: strict(route.query) ?? z.strictObject({}),
    body: strict(route.body),
  };
  const limit = route.bodyLimit ?? BODY_LIMIT;
  app.route({
    method: route.method,
    config: { service, name },
    url: `/api${route.path}`,
    bodyLimit: limit,
    onRequest: (request, _reply, done) => {
      const refused = refusal(route.allow, request.principal) ?? crossSite(request);
      done(refused as Error | undefined);
    },
    handler: async (request, reply) => {
      // Here, not in a hook: a body's bytes arrive outside the context of whoever read the head.
      const around = {
        requestId: request.id,
        traceId: traceOf(request),
        actor: actorOf(request.principal),
        cause: request.id,
      };
      const answer = await withContext(around, () => answerOf(added, schemas, limit, request, reply));
      send(route, answer, reply);
      return reply;
    },
    onResponse: (_request, reply, done) => {
      duration(service, name, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
      done();
    },
  });
}

async function answerOf(
  { service, name, route, handler, idempotency }: AddedRoute,
  schemas: { params?: z.ZodType; query: z.ZodType; body?: z.ZodType },
  limit: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ServerAnswer> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const streamed = type !== undefined && route.streams?.includes(type);
  if (type && !streamed && request.body === undefined && route.body && !isJson(type))
    throw httpError('unsupported_type');
  let signal: AbortSignal | undefined;
  const input: ServerRequest = {
    params: schemas.params ? parsePart(schemas.params, request.params, 'path') : undefined,
    query: parsePart(schemas.query, request.query, 'query'),
    body: streamed || !schemas.body ? undefined : parsePart(schemas.body, request.body, 'body'),
    principal: request.principal,
    reach: reachOf(request.principal, route.allow),
    id: request.id,
    ip: request.ip,
    secure: request.protocol === 'https',
    headers: request.headers,
    // Few handlers ask for it, and one for every request would cost as much as the handler.
    get signal() {
      signal ??= closeSignal(reply);
      return signal;
    },
  };
  if (streamed) input.stream = { type, body: limited(request.raw, limit) };
  const key = request.headers['idempotency-key'];
  if (key === undefined || route.method !== 'POST' || route.idempotency === false || streamed)
    return handler(input);
  return idempotency.once(
    {
      key: String(key),
      caller: `${request.principal.kind}:${request.principal.id}`,
      route: `${service}.${name}`,
    },
    [input.params, input.query, input.body],
    () => handler(input),
  );
}

/** Aborted when the connection closes, or has closed already. */
function closeSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  if (reply.raw.closed) abort.abort();
  else reply.raw.once('close', () => abort.abort());
  return abort.signal;
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

function send(route: Route, answer: ServerAnswer, reply: FastifyReply): void {
  if (answer.headers) reply.headers(answer.headers);
  reply.code(answer.status);
  const schema = route.responses[answer.status];
  if (schema === undefined) throw new Error(`The route does not declare the status ${answer.status}.`);
  if (answer.status === 204) {
    reply.send();
  } else if (typeof schema === 'string') {
    reply.type(schema).send(isIterable(answer.body) ? Readable.from(answer.body) : answer.body);
  } else {
    // Parsing what goes out keeps fields that the route doesn't declare from leaving.
    reply.type('application/json; charset=utf-8').send(JSON.stringify(schema.parse(answer.body)));
  }
}

/** Fastify sends text, bytes and streams, and no other iterables. */
function isIterable(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && !('pipe' in body);
}

function refusal(allow: Allow, principal: Principal): Error | undefined {
  if (allow === 'public') return undefined;
  if (principal.kind === 'anonymous') return httpError('unauthenticated');
  if (allow === 'signed-in' || can(principal, allow)) return undefined;
  return httpError('forbidden', { detail: `It takes the permission ${allow}.` });
}

/** A browser sends the cookie along from any site: a change must come from our own pages. */
function crossSite(request: FastifyRequest): Error | undefined {
  if (request.method === 'GET' || request.principal.kind === 'key') return undefined;
  const site = request.headers['sec-fetch-site'];
  if (typeof site === 'string') {
    return site === 'same-origin' || site === 'none' ? undefined : httpError('cross_site');
  }
  const origin = request.headers.origin;
  if (typeof origin !== 'string') return undefined;
  return URL.parse(origin)?.host === request.headers.host ? undefined : httpError('cross_site');
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace, or a new one. */
function traceOf(request: FastifyRequest): string {
  const { traceparent } = request.headers;
  return (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)?.[1]) || randomTrace();
}

// Sixteen random bytes a request from a pool: a call of its own for each costs a tenth of a fast request.
let pool = '';
let used = 0;
function randomTrace(): string {
  if (used >= pool.length) {
    pool = randomBytes(16 * 256).toString('hex');
    used = 0;
  }
  used += 32;
  return pool.slice(used - 32, used);
}
