/**
 * Keyset paging: a cursor holds the sort key of the last row seen, so a page costs the same wherever it
 * is, and rows that come meanwhile neither repeat nor hide others.
 */
import type { z } from 'zod';
import { httpError } from './http-errors.ts';

/** Makes the cursor after a row from the values of its sort key. */
export function encodeCursor(...key: (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Reads a cursor back.
 *
 * @param shape the sort key's parts, as `z.tuple([z.iso.datetime(), z.uuid()])`
 * @throws CodedError `cursor_invalid`
 */
export function decodeCursor<T extends z.ZodType>(shape: T, cursor: string): z.output<T> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw httpError('cursor_invalid', { cause });
  }
}
