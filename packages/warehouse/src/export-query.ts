/** A query's rows as a file, written by DuckDB itself, so that its size is not bounded by memory. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { literal } from './duck.ts';
import type { ExportFormat } from './export-table.ts';
import { LakeViews, type LakeViewsOptions } from './lake-views.ts';
import { parseSelect } from './parse-select.ts';
import { limited, type QueryLimits } from './run-query.ts';

/**
 * Runs the query in an instance of its own, the only one that may write, and only below a folder of this
 * export.
 *
 * @returns the file as a stream; it is deleted when the stream ends or is destroyed
 * @throws WarehouseError `query_*`
 */
export async function exportQuery(
  options: LakeViewsOptions & { exports: string },
  sql: string,
  format: ExportFormat,
  limits: QueryLimits,
): Promise<Readable> {
  const folder = join(options.exports, randomUUID());
  await mkdir(folder, { recursive: true });
  const path = join(folder, `export.${format}`);
  const remove = () => void rm(folder, { recursive: true, force: true }).catch(() => {});
  try {
    const views = await LakeViews.open({ ...options, writable: folder });
    try {
      await views.refresh();
      const connection = await views.connect();
      await limited(connection, sql, limits, async () => {
        const select = await parseSelect(connection, sql);
        const rows = Math.floor(limits.rows ?? 1_000_000);
        const target = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd';
        await connection.run(
          `COPY (SELECT * FROM (${select}) LIMIT ${rows}) TO ${literal(path)} (${target})`,
        );
      });
      connection.closeSync();
    } finally {
      views.close();
    }
  } catch (error) {
    remove();
    throw error;
  }
  return createReadStream(path).once('close', remove);
}
