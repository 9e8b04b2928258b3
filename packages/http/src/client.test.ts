import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError, addressOf, createClient } from './client.ts';
import type { Api } from './routes.ts';

const api = {
  find: {
    method: 'GET',
    path: '/things/:id/parts',
    summary: '',
    allow: 'public',
    params: z.object({ id: z.string() }),
    query: z.object({ q: z.string().optional(), tags: z.array(z.string()).optional() }),
    responses: { 200: z.object({ count: z.number() }) },
  },
} as const satisfies Api;

test('an address has its parameters and its query encoded, without what is empty', () => {
  const address = addressOf(api.find, {
    params: { id: 'a/b' },
    query: { q: 'x y', tags: ['1', '2'], none: undefined },
  });
  expect(address).toBe('/api/things/a%2Fb/parts?q=x+y&tags=1&tags=2');
});

test('an answer is parsed, a problem is thrown with its code and remedy', async () => {
  const server = createServer((request, response) => {
    const fine = request.url?.includes('fine');
    response.statusCode = fine ? 200 : 409;
    response.end(
      JSON.stringify(
        fine ? { count: 2, more: 1 } : { status: 409, code: 'taken', detail: 'Taken.', remedy: 'Wait.' },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = createClient(api, { url: `http://127.0.0.1:${port}` });
  expect(await client.find({ params: { id: 'fine' } })).toEqual({ count: 2 });
  await expect(client.find({ params: { id: 'taken' } })).rejects.toMatchObject({
    code: 'taken',
    remedy: 'Wait.',
    status: 409,
  });
  await new Promise((resolve) => server.close(resolve));
});

test('when nobody answers it says so', async () => {
  const client = createClient(api, { url: 'http://127.0.0.1:9' });
  await expect(client.find({ params: { id: '1' } })).rejects.toBeInstanceOf(ApiError);
  await expect(client.find({ params: { id: '1' } })).rejects.toMatchObject({
    code: 'unreachable',
    status: 0,
  });
});
