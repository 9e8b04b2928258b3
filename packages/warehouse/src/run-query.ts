/** One query, with its limits. */
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import { WarehouseError } from './errors.ts';
import { parseSelect } from './parse-select.ts';
import { queryError } from './query-error.ts';
import { type ResultValue, resultValue } from './result-value.ts';

export type QueryParameters = readonly QueryParameter[] | Readonly<Record<string, QueryParameter>>;
export type QueryParameter = string | number | boolean | null | readonly string[];

export interface QueryLimits {
  /** Most rows returned; 10,000 unless said. */
  rows?: number;
  /** Milliseconds; 30,000 unless said. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: ResultValue[][];
  /** There were more rows than the limit. */
  truncated: boolean;
}

export interface WarehouseResult extends QueryResult {
  /** The position up to which events are in the answer. */
  position: number;
}

/** @throws WarehouseError `query_*` */
export async function runQuery(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters,
  limits: QueryLimits,
): Promise<QueryResult> {
  return limited(connection, sql, limits, async () => {
    const statement = await prepareSelect(connection, sql);
    bind(statement, parameters);
    const result = await statement.stream();
    const columns = result
      .columnNames()
      .map((name, index) => ({ name, type: result.columnType(index).toString() }));
    const most = limits.rows ?? 10_000;
    const rows: ResultValue[][] = [];
    while (rows.length <= most) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      for (const row of chunk.getRows()) rows.push(row.map(resultValue));
    }
    return { columns, rows: rows.slice(0, most), truncated: rows.length > most };
  });
}

/** Prepares a text that must be one SELECT; should the parser's word ever be wrong, its kind is asked again. */
async function prepareSelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const { StatementType } = await import('@duckdb/node-api');
  await parseSelect(connection, sql);
  const statement = await connection.prepare(sql);
  if (statement.statementType !== StatementType.SELECT) throw new WarehouseError('query_refused');
  return statement;
}

function bind(statement: DuckDBPreparedStatement, parameters: QueryParameters): void {
  const values = Array.isArray(parameters) ? { ...parameters } : parameters;
  const shift = Array.isArray(parameters) ? 1 : 0;
  const named = Object.entries(values as Record<string, QueryParameter>).map(
    ([name, value]) => [shift ? String(Number(name) + 1) : name, toDuck(value)] as const,
  );
  if (named.length > 0) statement.bind(Object.fromEntries(named));
}

function toDuck(value: QueryParameter): DuckDBValue {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : (value as unknown as DuckDBValue);
}

/** Runs `work`, interrupting the connection when the time is up or the caller goes away. */
export async function limited<T>(
  connection: DuckDBConnection,
  sql: string,
  limits: QueryLimits,
  work: () => Promise<T>,
): Promise<T> {
  const timeoutMs = limits.timeoutMs ?? 30_000;
  let stopped: WarehouseError | undefined;
  const stop = (error: WarehouseError) => {
    stopped ??= error;
    connection.interrupt();
  };
  const timer = setTimeout(
    () => stop(new WarehouseError('query_timeout', { detail: `The limit is ${timeoutMs} ms.` })),
    timeoutMs,
  );
  const cancel = () => stop(new WarehouseError('query_cancelled'));
  limits.signal?.addEventListener('abort', cancel, { once: true });
  try {
    if (limits.signal?.aborted) throw new WarehouseError('query_cancelled');
    const result = await work();
    if (stopped) throw stopped;
    return result;
  } catch (error) {
    throw stopped ?? queryError(error, sql);
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', cancel);
  }
}
