/**
 * Whether a text is one SELECT, decided by DuckDB's parser before anything is bound: binding alone already
 * does things (`EXPORT DATABASE` makes its folder, and EXPLAIN ANALYZE of a COPY writes its file).
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { WarehouseError } from './errors.ts';

interface Parsed {
  error: boolean;
  error_type?: string;
  error_message?: string;
  position?: string;
  statements?: unknown[];
}

/**
 * @returns the statement as the parser understood it: without comments and end marks, so that it can stand
 *   inside another
 * @throws WarehouseError `query_refused`, `query_wrong`
 */
export async function parseSelect(connection: DuckDBConnection, sql: string): Promise<string> {
  const answer = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = String(answer.getRows()[0]![0]);
  const parsed = JSON.parse(tree) as Parsed;
  if (parsed.error && parsed.error_type === 'parser')
    throw new WarehouseError('query_wrong', {
      detail: parsed.error_message,
      place: parsed.position === undefined ? undefined : placeAt(sql, Number(parsed.position)),
    });
  if (parsed.error) throw new WarehouseError('query_refused', { detail: parsed.error_message });
  if (parsed.statements?.length !== 1)
    throw new WarehouseError('query_refused', {
      detail: `It holds ${parsed.statements?.length ?? 0} statements.`,
    });
  const back = await connection.runAndReadAll('SELECT json_deserialize_sql($1::JSON)', [tree]);
  return String(back.getRows()[0]![0]);
}

/** Line and column of an offset in bytes. */
function placeAt(sql: string, offset: number): { line: number; column: number } {
  const before = Buffer.from(sql).subarray(0, offset).toString();
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
