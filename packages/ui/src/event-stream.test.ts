import { expect, it } from 'vitest';
import { readEventStream } from './event-stream.ts';

/** A body that arrives in the given pieces. */
function body(...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      }
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>, heard?: () => void) {
  const messages = [];
  for await (const message of readEventStream(stream, heard)) messages.push(message);
  return messages;
}

it('messages cut anywhere come out whole, also within a letter', async () => {
  const bytes = new TextEncoder().encode('id: 7\ndata: ["é"]\n\n');
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await all(body(...pieces))).toEqual([{ id: '7', event: 'message', data: '["é"]' }]);
});

it('comments are heard and not handed on; half a message at the end is dropped', async () => {
  let heard = 0;
  const messages = await all(body(': beat\n\n', 'event: gap\ndata: {}\n\n', 'data: cut'), () => {
    heard += 1;
  });
  expect(messages).toEqual([{ id: undefined, event: 'gap', data: '{}' }]);
  expect(heard).toBe(3);
});

it('an id alone is told, and lines may end in CR LF', async () => {
  expect(await all(body('id: 41\r\n\r\n', 'data: a\r\ndata: b\r\n\r\n'))).toEqual([
    { id: '41', event: 'message', data: '' },
    { id: undefined, event: 'message', data: 'a\nb' },
  ]);
});
