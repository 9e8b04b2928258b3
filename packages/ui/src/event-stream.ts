/** Reads `text/event-stream` from a fetch: unlike EventSource it can send where it stopped, and sees a 401. */

export interface StreamMessage {
  id: string | undefined;
  event: string;
  data: string;
}

/**
 * Yields the messages of a stream.
 *
 * @param heard called for every piece that arrives, comments included
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  heard: () => void = () => undefined,
): AsyncGenerator<StreamMessage> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  let message = blank();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      const lines = (rest + value).split(/\r\n|\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (message.id !== undefined || message.event !== 'message' || message.data !== '') yield message;
          message = blank();
        } else read(line, message);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function blank(): StreamMessage {
  return { id: undefined, event: 'message', data: '' };
}

function read(line: string, message: StreamMessage): void {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'data') message.data += message.data === '' ? value : `\n${value}`;
  else if (field === 'id') message.id = value;
  else if (field === 'event') message.event = value;
}
