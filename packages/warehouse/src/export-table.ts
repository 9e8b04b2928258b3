/** Rows that a service has in memory, as a CSV or Parquet file. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifier, literal, withDuck } from './duck.ts';

export type ExportFormat = 'csv' | 'parquet';

export interface ExportTable {
  /** `type` is DuckDB's: `VARCHAR`, `BIGINT`, `DOUBLE`, `DECIMAL(19,4)`, `DATE`, `TIMESTAMPTZ`, `BOOLEAN`. */
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
}

/** Media types by format. */
export const exportMedia: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

export async function exportTable(table: ExportTable, format: ExportFormat): Promise<Uint8Array> {
  if (format === 'csv') return new TextEncoder().encode(csv(table));
  const folder = await mkdtemp(join(tmpdir(), 'moonbase-export-'));
  const path = join(folder, `${randomUUID()}.parquet`);
  try {
    await withDuck({ spill: folder }, async (connection) => {
      const columns = table.columns.map(({ name, type }) => `${identifier(name)} ${type}`);
      await connection.run(`CREATE TABLE answer (${columns.join(', ')})`);
      const places = table.columns.map((column, index) => `$${index + 1}::VARCHAR::${column.type}`);
      const insert = await connection.prepare(`INSERT INTO answer VALUES (${places.join(', ')})`);
      for (const row of table.rows) {
        insert.bind(row.map((value) => (value === null || value === undefined ? null : text(value))));
        await insert.run();
      }
      await connection.run(`COPY answer TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** RFC 4180, with a line of names. */
function csv(table: ExportTable): string {
  const lines = [table.columns.map((column) => field(column.name))];
  for (const row of table.rows)
    lines.push(row.map((value, index) => cell(value, table.columns[index]!.type)));
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function cell(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  const shown = text(value);
  // Spreadsheets run a text that begins like a formula.
  return field(type === 'VARCHAR' && /^[=+\-@\t\r]/.test(shown) ? `'${shown}` : shown);
}

function field(shown: string): string {
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

function text(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
