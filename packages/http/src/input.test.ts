import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { acceptBodies } from './input.ts';

/** Where a body is said to break. */
async function placeOf(body: string): Promise<string> {
  const app = Fastify();
  acceptBodies(app);
  app.post('/', () => 'read');
  app.setErrorHandler((error, _request, reply) =>
    reply.send((error as unknown as { faults: { at: string }[] }).faults[0]!.at),
  );
  const headers = { 'content-type': 'application/json' };
  return (await app.inject({ method: 'POST', url: '/', headers, payload: body })).payload;
}

test.each([
  ['{"a": [1,\n2,,3]}', 'line 2, column 3'],
  ['{"a" 1}', 'line 1, column 6'],
  ['{"a":1} x', 'line 1, column 9'],
  ['{"a":1,\n\n b:2}', 'line 3, column 2'],
  ['<sale/>', 'line 1, column 1'],
  ['{"half": "a bo', 'line 1, column 15'],
  [`{"a":[${'1,'.repeat(5_000)}\n  ?]}`, 'line 2, column 3'],
])('broken JSON is told with the place where it breaks (%#)', async (body, at) => {
  expect(await placeOf(body)).toBe(at);
});
