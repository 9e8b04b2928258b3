import { WarehouseError, type WarehouseErrorCode } from './errors.ts';

const codes: readonly (readonly [RegExp, WarehouseErrorCode])[] = [
  [/^Permission Error|file system operations are disabled|configuration has been locked/, 'query_forbidden'],
  [/^Out of Memory Error/, 'query_too_large'],
];

/** What DuckDB said about a user's query, with the place in it where it says one. */
export function queryError(cause: unknown, sql: string): WarehouseError {
  if (cause instanceof WarehouseError) return cause;
  const message = (cause as Error).message ?? String(cause);
  const code = codes.find(([pattern]) => pattern.test(message))?.[1] ?? 'query_wrong';
  const [said] = message.split('\n\nLINE ');
  return new WarehouseError(code, { detail: said?.trim(), place: placeIn(message, sql), cause });
}

function placeIn(message: string, sql: string): { line: number; column: number } | undefined {
  const found = /LINE (\d+): (.*)\n( *)\^/.exec(message);
  if (!found) return undefined;
  const [, lineText, shown, blanks] = found as unknown as [string, string, string, string];
  const line = Number(lineText);
  const offset = blanks.length - `LINE ${line}: `.length;
  // A long line is shown in part, with dots for what was left out.
  const part = shown.startsWith('...') ? shown.slice(3) : undefined;
  const start = part ? (sql.split('\n')[line - 1] ?? '').indexOf(part.replace(/\.\.\.$/, '')) - 3 : 0;
  return { line, column: Math.max(1, start + offset + 1) };
}
