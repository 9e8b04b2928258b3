/** The API's reference: `/openapi.json`, and at `/docs` a page to read it and try it. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { referencePolicy } from './security-headers.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference – Moonbase</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/start.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const STYLE = 'body { margin: 0 } .swagger-ui .topbar { display: none }\n';

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, docExpansion: 'none',
  filter: true, tryItOutEnabled: true, persistAuthorization: false });\n`;

export function serveReference(app: FastifyInstance, document: Record<string, unknown>): void {
  const text = JSON.stringify(document);
  app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(text));
  app.get('/docs', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': referencePolicy, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(PAGE),
  );
  app.get('/docs/start.css', (_request, reply) => reply.type('text/css').send(STYLE));
  app.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(START));
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  app.register(fastifyStatic, {
    root: join(root),
    prefix: '/docs/assets/',
    decorateReply: false,
    wildcard: true,
    allowedPath: (path) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(path),
  });
}
