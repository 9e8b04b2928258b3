/**
 * The server: routes of services on one Fastify, each with who may, validation in and out, problem
 * documents, metrics, and the context that logs, events and jobs take over.
 */
import type { Socket } from 'node:net';
import { Server as NetServer } from 'node:net';
import { newId, type Reach } from '@moonbase/data';
import { ANONYMOUS, credentialsOf, type Identity, type Principal } from '@moonbase/identity';
import { type Health, type Logger, metrics } from '@moonbase/telemetry';
import Fastify, { type FastifyInstance } from 'fastify';
import { addRoute } from './add-route.ts';
import { sendProblem } from './answer.ts';
import { httpError } from './http-errors.ts';
import type { Idempotency } from './idempotency.ts';
import { acceptBodies, BODY_LIMIT } from './input.ts';
import type { Api } from './routes.ts';
import { secureAnswer } from './security-headers.ts';

/** What a route's handler is given by the server; the host adds a service's context. */
export interface ServerRequest {
  params: unknown;
  query: unknown;
  body: unknown;
  stream?: { type: string; body: AsyncIterable<Uint8Array> };
  principal: Principal;
  /** What the caller may see by the permission of the route. */
  reach: Reach;
  id: string;
  ip: string;
  /** It came by https: to us, or to the proxy in front. */
  secure: boolean;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  signal: AbortSignal;
}

export interface ServerAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface ServedService {
  name: string;
  api: Api;
  handlers: Record<string, (request: ServerRequest) => Promise<ServerAnswer>>;
}

export interface ServerOptions {
  services: readonly ServedService[];
  identity: Identity;
  idempotency: Idempotency;
  health: Health;
  log: Logger;
  /** Behind a proxy: take the caller's address and protocol from `X-Forwarded-*`. */
  behindProxy?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

const REQUEST_ID = /^[\w.:-]{8,100}$/;

/** Builds the server; `listen` of the returned instance opens it. */
export function createServer(options: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.behindProxy ?? false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
    },
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
  });
  acceptBodies(app);
  app.decorateRequest('principal', null as unknown as Principal);
  answerHealth(app, options.health);
  app.get('/metrics', async (_request, reply) => {
    reply.type(metrics.contentType).send(await metrics.metrics());
    return reply;
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, options.log));
  for (const service of options.services) {
    for (const [name, route] of Object.entries(service.api)) {
      const handler = service.handlers[name];
      if (!handler) throw new Error(`${service.name} has no handler for its route ${name}.`);
      if (!route.allow) throw new Error(`${service.name}.${name} does not say who may call it: add allow.`);
      addRoute(app, {
        service: service.name,
        name,
        route,
        handler,
        idempotency: options.idempotency,
        log: options.log,
      });
    }
  }
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    secureAnswer(request, reply.raw);
    if (!request.url.startsWith('/api/')) return done();
    const identified = identify(options.identity, request.headers, request.protocol === 'https');
    const proceed = (principal: Principal | undefined) => {
      if (!principal) return done(httpError('unauthenticated') as unknown as Error);
      request.principal = principal;
      done();
    };
    if (identified instanceof Promise) identified.then(proceed, (error) => done(error));
    else proceed(identified);
  });
  return app;
}

/** Undefined when credentials were sent and are not valid; nobody's principal when none were. */
export function identify(
  identity: Identity,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secure: boolean,
): Principal | undefined | Promise<Principal | undefined> {
  const { key, session } = credentialsOf(headers, secure);
  if (key !== undefined) return identity.ofKey(key);
  if (session === undefined) return ANONYMOUS;
  const found = identity.ofSession(session);
  // An expired cookie is no error by itself: the sign-in page sends it too.
  return found instanceof Promise ? found.then((principal) => principal ?? ANONYMOUS) : (found ?? ANONYMOUS);
}

function answerHealth(app: FastifyInstance, health: Health): void {
  app.get('/health/live', (_request, reply) => reply.send({ live: true }));
  for (const path of ['/health', '/health/ready']) {
    app.get(path, async (_request, reply) => {
      const report = await health.report();
      return reply.code(report.ready ? 200 : 503).send(report);
    });
  }
}

/**
 * Closes without failing anyone: accepts no more, answers what is under way with `Connection: close`, and
 * resolves when the last connection has gone or `within` milliseconds have passed.
 *
 * `server.close()` would cut idle keep-alive connections at once, and race with a request on its way.
 */
export async function closeGently(
  app: FastifyInstance,
  connections: ReadonlySet<Socket>,
  within: number,
): Promise<void> {
  NetServer.prototype.close.call(app.server);
  const until = Date.now() + within;
  while (connections.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const socket of connections) socket.destroy();
  await app.close();
}
