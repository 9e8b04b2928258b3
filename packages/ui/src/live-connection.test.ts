import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { LiveConnection, type LiveEvent, type LiveTimes } from './live-connection.ts';

interface Asked {
  url: string;
  lastId: string | undefined;
  response: ServerResponse;
}

let server: Server | undefined;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

afterEach(async () => {
  vi.restoreAllMocks();
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
});

async function start(times: Partial<LiveTimes> = {}) {
  const asked: Asked[] = [];
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': welcome\n\n');
  };
  server = createServer((request, response) => {
    asked.push({
      url: request.url!,
      lastId: request.headers['last-event-id'] as string | undefined,
      response,
    });
    answer(request, response);
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const connection = new LiveConnection({
    address: `http://127.0.0.1:${port}/api/live`,
    frame: (run) => setTimeout(run, 1),
    times: { wait: 10, grace: 20, ...times },
  });
  const send = (position: number, type = 'sales.recorded') => {
    const event: LiveEvent = { position, type, key: 'k', occurredAt: '2026-11-20T10:00:00Z', payload: {} };
    asked.at(-1)!.response.write(`id: ${position}\ndata: ${JSON.stringify([event])}\n\n`);
  };
  return { connection, asked, send };
}

it('hands each watcher the events of its types, over one connection', async () => {
  const { connection, asked, send } = await start();
  const sales: number[] = [];
  const targets: number[] = [];
  const stopSales = connection.watch({
    types: ['sales.recorded'],
    onEvents: (events) => sales.push(...events.map((each) => each.position)),
  });
  const stopTargets = connection.watch({
    types: ['targets.reached', 'sales.recorded'],
    onEvents: (events) => targets.push(...events.map((each) => each.position)),
  });
  await expect.poll(() => connection.state).toBe('live');
  expect(asked.map((each) => each.url)).toEqual(['/api/live?types=sales.recorded%2Ctargets.reached']);
  send(1);
  send(2, 'targets.reached');
  await expect.poll(() => targets).toEqual([1, 2]);
  expect(sales).toEqual([1]);
  stopSales();
  stopTargets();
  await expect.poll(() => connection.state).toBe('idle');
});

it('what comes together is handed over together', async () => {
  const { connection, send } = await start();
  const batches: number[] = [];
  const stop = connection.watch({
    types: ['sales.recorded'],
    onEvents: (events) => batches.push(events.length),
  });
  await expect.poll(() => connection.state).toBe('live');
  for (let position = 1; position <= 200; position += 1) send(position);
  await expect.poll(() => batches.reduce((sum, size) => sum + size, 0)).toBe(200);
  expect(batches.length).toBeLessThan(100);
  stop();
});

it('a broken connection is made again from where it stood', async () => {
  const { connection, asked, send } = await start();
  const seen: number[] = [];
  const stop = connection.watch({
    types: ['sales.recorded'],
    onEvents: (events) => seen.push(...events.map((each) => each.position)),
  });
  await expect.poll(() => connection.state).toBe('live');
  send(41);
  await expect.poll(() => seen).toEqual([41]);
  asked.at(-1)!.response.destroy();
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]?.lastId).toBe('41');
  await expect.poll(() => connection.state).toBe('live');
  stop();
});

it('silence counts as broken', async () => {
  const { connection, asked } = await start({ silence: 60 });
  const stop = connection.watch({ types: ['sales.recorded'], onEvents: () => undefined });
  await expect.poll(() => asked.length, { timeout: 3_000 }).toBeGreaterThan(1);
  stop();
});

it('a hidden tab lets go, and catches up when it is seen again', async () => {
  const { connection, asked, send } = await start();
  const stop = connection.watch({ types: ['sales.recorded'], onEvents: () => undefined });
  await expect.poll(() => connection.state).toBe('live');
  send(7);
  await new Promise((wait) => setTimeout(wait, 30));
  connection.visible(false);
  await expect.poll(() => connection.state).toBe('paused');
  connection.visible(true);
  await expect.poll(() => connection.state).toBe('live');
  expect(asked[1]?.lastId).toBe('7');
  stop();
});

it('a glance at another tab leaves the connection alone', async () => {
  const { connection, asked } = await start({ grace: 80 });
  const stop = connection.watch({ types: ['sales.recorded'], onEvents: () => undefined });
  await expect.poll(() => connection.state).toBe('live');
  connection.visible(false);
  connection.visible(true);
  await new Promise((wait) => setTimeout(wait, 120));
  expect(connection.state).toBe('live');
  expect(asked).toHaveLength(1);
  stop();
});

it('after too long an absence it is told of a gap and starts anew', async () => {
  const { connection, asked, send } = await start({ absence: 20 });
  let gaps = 0;
  const stop = connection.watch({
    types: ['sales.recorded'],
    onEvents: () => undefined,
    onGap: () => {
      gaps += 1;
    },
  });
  await expect.poll(() => connection.state).toBe('live');
  send(7);
  connection.visible(false);
  await expect.poll(() => connection.state).toBe('paused');
  await new Promise((wait) => setTimeout(wait, 30));
  connection.visible(true);
  await expect.poll(() => connection.state).toBe('live');
  expect(gaps).toBe(1);
  expect(asked[1]?.lastId).toBeUndefined();
  stop();
});

it('a gap that the server tells of is handed on', async () => {
  const { connection, asked } = await start();
  let gaps = 0;
  const stop = connection.watch({
    types: ['sales.recorded'],
    onEvents: () => undefined,
    onGap: () => {
      gaps += 1;
    },
  });
  await expect.poll(() => connection.state).toBe('live');
  asked[0]!.response.write('event: gap\nid: 9\ndata: {}\n\n');
  await expect.poll(() => gaps).toBe(1);
  stop();
});

it('a type that may not be followed does not cost the others', async () => {
  const { connection, asked } = await start();
  const welcome = answer;
  answer = (request, response) => {
    if (!request.url?.includes('people.changed')) return welcome(request, response);
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ detail: 'people.changed takes the permission people:read.' }));
  };
  const stop = connection.watch({ types: ['people.changed', 'sales.recorded'], onEvents: () => undefined });
  await expect.poll(() => connection.state).toBe('live');
  expect(asked.at(-1)?.url).toBe('/api/live?types=sales.recorded');
  stop();
});

it('signed out, it does not try again', async () => {
  const { connection, asked } = await start();
  answer = (_, response) => {
    response.writeHead(401);
    response.end('{}');
  };
  const stop = connection.watch({ types: ['sales.recorded'], onEvents: () => undefined });
  await expect.poll(() => connection.state).toBe('refused');
  await new Promise((wait) => setTimeout(wait, 60));
  expect(asked).toHaveLength(1);
  stop();
});
