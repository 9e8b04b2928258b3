/** The console's built assets: hashed names for ever, every other address gets the page. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Logger } from '@moonbase/telemetry';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './answer.ts';
import { httpError } from './http-errors.ts';
import { consolePolicy } from './security-headers.ts';

/** Stands in the page where each answer has a nonce of its own. */
const NONCE = '@nonce@';

/** @param folder the build's output; without it the console's address says how to build it */
export function serveConsole(app: FastifyInstance, folder: string | undefined, log: Logger): void {
  const index = folder === undefined ? '' : join(folder, 'index.html');
  const page = index && existsSync(index) ? readFileSync(index, 'utf8') : undefined;
  if (page !== undefined && folder !== undefined) {
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
    const wanted =
      request.method === 'GET' &&
      // The first address answers whoever asks, as curl does; below it, scripts get problems and people pages.
      (/^\/(\?|$)/.test(request.url) || /text\/html/.test(request.headers.accept ?? '')) &&
      !request.url.startsWith('/api/');
    if (!wanted) return sendProblem(httpError('not_found'), request, reply, log);
    if (page === undefined) {
      return reply
        .code(503)
        .type('text/plain')
        .send('The console is not built: run "./moon build" and start again.\n');
    }
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'content-security-policy': consolePolicy(nonce),
        // Without a validator: a page that was kept would not know the nonce of this answer.
        'cache-control': 'no-cache',
      })
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(NONCE, nonce));
  });
}
