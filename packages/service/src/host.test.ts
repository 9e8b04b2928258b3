import type { Api } from '@moonbase/http';
import { people } from '@moonbase/people/service.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestHost, type TestHost } from '../testing.ts';
import { defineService } from './declaration.ts';
import { systemApi } from './system-api.ts';

const echoApi = {
  echo: {
    method: 'POST',
    path: '/echo/:id',
    summary: 'Answers what it is sent',
    allow: 'sales:write',
    params: z.object({ id: z.string() }),
    body: z.object({ text: z.string().max(10), nested: z.object({ count: z.int() }).optional() }),
    responses: { 201: z.object({ id: z.string(), text: z.string(), calls: z.number() }) },
  },
  upload: {
    method: 'POST',
    path: '/upload',
    summary: 'Counts the bytes of a stream',
    allow: 'sales:write',
    streams: ['text/csv'],
    bodyLimit: 2_000,
    responses: { 200: z.object({ bytes: z.number() }) },
  },
} as const satisfies Api;

let calls = 0;
const echo = defineService({
  name: 'echo',
  title: 'Echo',
  api: echoApi,
  handlers: {
    echo: async ({ params, body }) => {
      calls += 1;
      const answer = { id: params.id, text: body.text, calls, secret: 'left out' };
      return { status: 201 as const, body: answer };
    },
    upload: async ({ stream }) => {
      let bytes = 0;
      for await (const chunk of stream!.body) bytes += chunk.length;
      return { status: 200 as const, body: { bytes } };
    },
  },
});

let running: TestHost;
let headers: Record<string, string>;
beforeAll(async () => {
  running = await startTestHost([people, echo]);
  headers = { ...(await running.key('sales:write')), 'content-type': 'application/json' };
});
afterAll(() => running.stop());

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  more: Record<string, string> = {},
  path = '/api/echo/1',
) {
  const response = await fetch(running.url + path, {
    method: 'POST',
    body,
    headers: { ...headers, ...more },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test('a valid request is answered without the fields that its route does not declare', async () => {
  const answer = await post('{"text":"hi"}');
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({ id: '1', text: 'hi', calls: expect.any(Number) });
});

test.each([
  ['malformed JSON', '{"text": ', 400, 'not_json', 'line 1, column 10'],
  ['a wrong type', '{"text": 5}', 422, 'invalid', '/text'],
  ['an unknown field', '{"text":"hi","txet":"ho"}', 422, 'invalid', '/txet'],
  [
    'a field that is wrong deep inside',
    '{"text":"hi","nested":{"count":1.5}}',
    422,
    'invalid',
    '/nested/count',
  ],
  ['a NUL byte', '{"text":"a\\u0000"}', 422, 'invalid', '/text'],
  ['half a surrogate pair', '{"text":"\\ud800"}', 422, 'invalid', '/text'],
])('%s gets a code and the place', async (_what, body, status, code, at) => {
  const answer = await post(body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ code, faults: [{ at }], remedy: expect.any(String) });
  expect(JSON.stringify(answer.body)).not.toContain('.ts:');
});

test('broken UTF-8, a huge body and another type of body are refused by their own codes', async () => {
  expect((await post(new Uint8Array([0x22, 0xff, 0x22]))).body.code).toBe('not_utf8');
  expect((await post(`{"text":"${'x'.repeat(10 * 1024 * 1024)}"}`)).body.code).toBe('too_large');
  expect((await post('text', { 'content-type': 'application/xml' })).body.code).toBe('unsupported_type');
});

test('a stream is handed on, up to the limit of its route', async () => {
  const small = await post('a,b\n1,2\n', { 'content-type': 'text/csv' }, '/api/upload');
  expect(small.body).toEqual({ bytes: 8 });
  const large = await post('x'.repeat(3_000), { 'content-type': 'text/csv' }, '/api/upload');
  expect(large.body.code).toBe('too_large');
});

test('without a key, with a false one and with one of too little right nothing is handled', async () => {
  const before = calls;
  expect((await post('{"text":"hi"}', { authorization: '' })).status).toBe(401);
  expect((await post('{"text":"hi"}', { authorization: 'Bearer mb_none' })).status).toBe(401);
  const poor = await running.key('sales:read');
  expect((await post('{"text":"hi"}', poor)).body).toMatchObject({ code: 'forbidden', status: 403 });
  expect(calls).toBe(before);
});

test('an idempotency key is carried out once, and refused for other content', async () => {
  const before = calls;
  const first = await post('{"text":"once"}', { 'idempotency-key': 'k1' });
  const second = await post('{"text":"once"}', { 'idempotency-key': 'k1' });
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(calls).toBe(before + 1);
  const other = await post('{"text":"other"}', { 'idempotency-key': 'k1' });
  expect(other.body.code).toBe('idempotency_key_reused');
});

test('a request of an idempotency key that was carried out and never answered is not carried out again', async () => {
  await post('{"text":"lost"}', { 'idempotency-key': 'k2' });
  await running.owner.query(`UPDATE http.idempotency SET state = 'carried-out' WHERE key = 'k2'`);
  const before = calls;
  expect((await post('{"text":"lost"}', { 'idempotency-key': 'k2' })).body.code).toBe(
    'idempotency_answer_lost',
  );
  expect(calls).toBe(before);
});

test('it is ready when everything works, tells its metrics and its reference', async () => {
  expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
  expect(await (await fetch(`${running.url}/metrics`)).text()).toContain(
    'http_request_duration_seconds_count',
  );
  const reference = await (await fetch(`${running.url}/openapi.json`)).json();
  expect(reference.openapi).toBe('3.1.0');
  expect(reference.paths['/api/echo/{id}'].post.operationId).toBe('echo.echo');
  expect((await fetch(`${running.url}/docs`)).status).toBe(200);
  expect((await fetch(`${running.url}/docs/assets/swagger-ui.css`)).status).toBe(200);
  expect((await fetch(`${running.url}/docs/assets/package.json`)).status).toBe(404);
});

test('its status tells of services, consumers and jobs', async () => {
  const system = await running.client(systemApi, 'system:read');
  const status = await system.readStatus();
  expect(status.ready).toBe(true);
  expect(status.services.map(({ name }) => name)).toEqual(['people', 'echo', 'system', 'privacy']);
  const { jobs, schedules } = await system.listJobs();
  expect(jobs.map(({ job }) => job)).toContain('tidy');
  expect(schedules.map(({ name }) => name)).toContain('tidy');
});
