/**
 * What comes in: bodies as text or streams, checked before anything reads them, and zod's findings told
 * as faults that name the field.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Fault } from './errors.ts';
import { httpError } from './http-errors.ts';

/** Largest JSON body in bytes, unless a route says otherwise. */
export const BODY_LIMIT = 1024 * 1024;

/** Bodies that handlers read as a stream: `request.stream`. */
const STREAM_TYPES = ['text/csv', 'application/x-ndjson', 'application/octet-stream', 'text/plain'];

/** JSON is parsed here, streams are passed on; anything else is answered with 415. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/([\w.-]+\+)?json/,
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, parseJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  app.addContentTypeParser(STREAM_TYPES, (_request, _payload, done) => done(null));
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw httpError('not_utf8');
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw httpError('not_json', {
      detail: `${(cause as Error).message}.`,
      faults: [place(text, cause as Error)],
      cause,
    });
  }
  // PostgreSQL's text holds neither NUL nor half a surrogate pair; in JSON both can only come as escapes.
  if (text.includes('\\u')) refuseUnstorable(value, '');
  if (text.includes('__proto__'))
    throw httpError('not_json', { detail: 'The name __proto__ is not allowed.' });
  return value;
}

/** Where JSON broke, as line and column. */
function place(text: string, error: Error): Fault {
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? unexpected(text, error));
  const before = text.slice(0, position).split('\n');
  return {
    at: `line ${before.length}, column ${before[before.length - 1]!.length + 1}`,
    message: 'JSON ends or breaks here',
  };
}

/**
 * The parser names no position for a token that it did not expect: it is where the shortest beginning of the
 * text ends that fails in the same way. A beginning that only breaks off fails differently.
 */
function unexpected(text: string, { message }: Error): number {
  if (!message.startsWith('Unexpected token')) return text.length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token');
  }
}

function refuseUnstorable(value: unknown, at: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0'))
      throw httpError('invalid', { faults: [{ at, message: 'contains a NUL character' }] });
    if (!value.isWellFormed())
      throw httpError('invalid', { faults: [{ at, message: 'contains half a surrogate pair' }] });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      refuseUnstorable(name, at);
      refuseUnstorable(part, `${at}/${name}`);
    }
  }
}

/** Unknown fields are refused: a misspelt one must not be taken for an absent one. */
export function strict(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodObject && !schema.def.catchall ? schema.strict() : schema;
}

/**
 * Parses a part of a request.
 *
 * @throws CodedError `invalid` with a fault per finding
 */
export function parsePart(schema: z.ZodType, value: unknown, part: 'body' | 'query' | 'path'): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw httpError('invalid', { faults: parsed.error.issues.flatMap((issue) => faults(issue, part)) });
}

function faults(issue: z.core.$ZodIssue, part: string): Fault[] {
  const at = (path: readonly PropertyKey[]) =>
    part === 'body' ? `/${path.map(String).join('/')}` : `${part}/${path.map(String).join('/')}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ at: at([...issue.path, key]), message: 'is not a known field' }));
  }
  return [{ at: at(issue.path), message: issue.message }];
}

/** The body as bytes, no more of them than the limit. */
export async function* limited(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw httpError('too_large', { detail: `It may hold ${limit} bytes.` });
    yield chunk;
  }
}
