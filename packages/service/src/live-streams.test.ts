import { type EventDeclaration, publish } from '@moonbase/events';
import { people } from '@moonbase/people/service.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestHost, type TestHost } from '../testing.ts';
import { defineService, reaction } from './declaration.ts';

const told = {
  type: 'sales.told',
  version: 1,
  payload: z.object({ text: z.string(), name: z.string().nullable() }),
  personal: ['name'],
} as const satisfies EventDeclaration;

let hold: Promise<void> | undefined;
const teller = defineService({
  name: 'teller',
  title: 'Teller',
  events: [told],
  reactions: { slow: reaction({ on: [told], handle: async () => hold }) },
});

let running: TestHost;
let headers: Record<string, string>;
beforeAll(async () => {
  running = await startTestHost([people, teller]);
  headers = await running.key('sales:read');
});
afterAll(() => running.stop());

async function tell(...texts: string[]): Promise<void> {
  await running.db.transaction(async (tx) => {
    for (const text of texts) {
      await publish(tx, told, {
        key: text,
        payload: { text, name: 'Nimal' },
        subjects: ['01900000-0000-7000-8000-000000000001'],
      });
    }
  });
}

/** Opens a stream and gives its messages as they come. */
async function open(search: string, more: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(`${running.url}/api/live?${search}`, {
    headers: { ...headers, ...more },
    signal: abort.signal,
  });
  const texts: string[] = [];
  const raw: string[] = [];
  let lastId = '';
  const read = (async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk, { stream: true });
      const messages = rest.split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        raw.push(message);
        lastId = /^id: (\d+)$/m.exec(message)?.[1] ?? lastId;
        const data = /^data: (\[.*\])$/m.exec(message)?.[1];
        if (data)
          texts.push(...JSON.parse(data).map((event: { payload: { text: string } }) => event.payload.text));
      }
    }
  })().catch(() => {});
  return {
    response,
    texts,
    raw,
    id: () => lastId,
    close: async () => {
      abort.abort();
      await read;
    },
  };
}

test('a page gets events as they are committed, without personal fields', async () => {
  const stream = await open('types=sales.told');
  await tell('one', 'two');
  await expect.poll(() => stream.texts).toEqual(['one', 'two']);
  expect(stream.raw.join()).not.toContain('Nimal');
  await stream.close();
});

test('a page that comes back gets what it missed, no gap and no repeat', async () => {
  const before = await open('types=sales.told');
  await tell('three');
  await expect.poll(() => before.texts).toEqual(['three']);
  await before.close();
  await tell('four', 'five');
  const after = await open('types=sales.told', { 'last-event-id': before.id() });
  await tell('six');
  await expect.poll(() => after.texts).toEqual(['four', 'five', 'six']);
  await after.close();
});

test('a page that asks from a place that is not in the log is told of a gap', async () => {
  const stream = await open('types=sales.told', { 'last-event-id': '999999' });
  await expect.poll(() => stream.raw.join('\n')).toContain('event: gap');
  await stream.close();
});

test('with "after" an event is told only when the consumer has handled it', async () => {
  await running.settled();
  let release = () => {};
  hold = new Promise((resolve) => {
    release = resolve;
  });
  const stream = await open('types=sales.told&after=teller.slow');
  const prompt = await open('types=sales.told');
  await tell('seven');
  await expect.poll(() => prompt.texts).toEqual(['seven']);
  expect(stream.texts).toEqual([]);
  release();
  hold = undefined;
  await expect.poll(() => stream.texts).toEqual(['seven']);
  await stream.close();
  await prompt.close();
});

test('an unknown type, and one that the key may not see, are refused', async () => {
  expect((await fetch(`${running.url}/api/live?types=sales.nothing`, { headers })).status).toBe(422);
  expect(
    (await fetch(`${running.url}/api/live?types=sales.told&after=teller.none`, { headers })).status,
  ).toBe(422);
  const poor = await running.key('agents:read');
  expect((await fetch(`${running.url}/api/live?types=sales.told`, { headers: poor })).status).toBe(403);
  expect((await fetch(`${running.url}/api/live?types=sales.told`)).status).toBe(401);
});
