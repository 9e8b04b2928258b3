/** The console's built assets: hashed names for ever, every other address gets the page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Logger } from '@moonbase/telemetry';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './answer.ts';
import { httpError } from './http-errors.ts';

const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
  "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** @param folder the build's output; without it the console's address says how to build it */
export function serveConsole(app: FastifyInstance, folder: string | undefined, log: Logger): void {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built) {
    app.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      index: false,
      cacheControl: false,
      setHeaders: (response, path) => {
        const hashed = path.includes(`${join(folder, 'assets')}`);
        response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const page =
      request.method === 'GET' &&
      // The first address answers whoever asks, as curl does; below it, scripts get problems and people pages.
      (/^\/(\?|$)/.test(request.url) || /text\/html/.test(request.headers.accept ?? '')) &&
      !request.url.startsWith('/api/');
    if (!page) return sendProblem(httpError('not_found'), request, reply, log);
    if (!built) {
      return reply
        .code(503)
        .type('text/plain')
        .send('The console is not built: run "./moon build" and start again.\n');
    }
    return reply
      .headers({
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cache-control': 'no-cache',
      })
      .sendFile('index.html', folder, { cacheControl: false });
  });
}
