/**
 * DuckDB, in memory only: opened when needed and closed again, since an idle process should be small.
 * (A DuckDB file can't be opened by a second process, which two releases side by side would need.)
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { LakeRow } from './lake-row.ts';

export interface DuckOptions {
  /** `256MB`. */
  memory?: string;
  /** Where sorts and joins that outgrow the memory spill to. */
  spill: string;
}

export async function openDuck(options: DuckOptions): Promise<DuckDBInstance> {
  // Loaded late: the library costs some 50 MB of memory from the moment it is imported.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memory ?? '256MB',
    threads: '2',
    temp_directory: options.spill,
    max_temp_directory_size: '4GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return instance;
}

/** Runs `work` with an instance of its own. */
export async function withDuck<T>(
  options: DuckOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await openDuck(options);
  try {
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Appends rows to a table with the staging columns. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly LakeRow[],
  schema?: string,
): Promise<void> {
  const { BIGINT, DuckDBDataChunk, DuckDBTimestampTZValue, INTEGER, TIMESTAMPTZ, VARCHAR } = await import(
    '@duckdb/node-api'
  );
  const types = [BIGINT, VARCHAR, VARCHAR, INTEGER, VARCHAR, TIMESTAMPTZ, TIMESTAMPTZ, VARCHAR, VARCHAR];
  const instant = (date: Date) => new DuckDBTimestampTZValue(BigInt(date.getTime()) * 1000n);
  const appender = await connection.createAppender(table, schema);
  // 2,048 rows are the most that fit into one chunk.
  for (let start = 0; start < rows.length; start += 2048) {
    const chunk = DuckDBDataChunk.create(types);
    const part = rows.slice(start, start + 2048);
    chunk.setRows(
      part.map(([position, id, type, version, key, occurredAt, recordedAt, actor, payload]) => [
        position,
        id,
        type,
        version,
        key,
        instant(occurredAt),
        instant(recordedAt),
        actor,
        payload,
      ]),
    );
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
