/**
 * From the log into files.
 *
 * One step reads the events after the loader's position, writes a file per type and hour, brings the files
 * to the disk, and then, in one transaction, enters them into the catalogue and moves the position. A crash
 * before that transaction leaves files that no one reads (swept later); a crash after it leaves nothing to
 * do. Two processes that load at once can't both move the same position: the second rolls back.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock, Database } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import {
  addFiles,
  catalogueState,
  hourFolder,
  type LakeFile,
  registerReader,
  removeFiles,
  writeParquet,
} from './catalogue.ts';
import { appendRows, type DuckOptions, literal, withDuck } from './duck.ts';
import { WarehouseError } from './errors.ts';
import { lakeRow, STAGING_COLUMNS } from './lake-row.ts';
import type { LakeTypes } from './lake-types.ts';
import type { LogSource } from './log-source.ts';

/** Events read from the log at a time. */
const CHUNK = 5_000;

export interface LoadOptions {
  db: Database;
  folder: string;
  log: LogSource;
  types: LakeTypes;
  clock: Clock;
  duck: DuckOptions;
  /** Most events in one step. */
  limit: number;
  /** For crash tests: called between the named steps. */
  passing?: (step: 'files written' | 'catalogue written') => void | Promise<void>;
}

/** Loads one step. @returns how many events it moved into files */
export async function loadStep(options: LoadOptions): Promise<number> {
  const { db, clock, folder, log } = options;
  const { position } = await catalogueState(db);
  const first = await readChunk(log, position, options.limit);
  if (first.length === 0) return 0;
  return withDuck(options.duck, async (connection) => {
    await connection.run(`CREATE TABLE staging (${STAGING_COLUMNS})`);
    const last = await stage(connection, options, first);
    const files = await writeFiles(connection, options);
    await options.passing?.('files written');
    try {
      await db.transaction(async (tx) => {
        await addFiles(tx, files, clock.now());
        await options.passing?.('catalogue written');
        const moved = await tx.query(
          `UPDATE warehouse.loader SET position = $2, revision = revision + 1, loaded_at = $3 WHERE position = $1`,
          [position, last, clock.now()],
        );
        if (moved.rowCount !== 1) throw new Overtaken();
        await registerReader(tx);
      });
    } catch (error) {
      // After a lost COMMIT answer the files may be in use: then the sweep decides.
      if ((error as { code?: string }).code !== 'commit_unknown')
        await removeFiles(
          folder,
          files.map((file) => file.path),
        );
      if (error instanceof Overtaken) return 0;
      throw error;
    }
    return last - position;
  });
}

class Overtaken extends Error {}

async function readChunk(log: LogSource, after: number, limit: number): Promise<Event[]> {
  const events = await log.read({ after, limit: Math.min(CHUNK, limit) });
  for (const [index, event] of events.entries())
    if (event.position !== after + 1 + index)
      throw new WarehouseError('log_gap', {
        detail: `Position ${after + 1 + index} was expected, ${event.position} came.`,
      });
  return events;
}

/** Fills the staging table, `first` being read already. @returns the last position */
async function stage(connection: DuckDBConnection, options: LoadOptions, first: Event[]): Promise<number> {
  let chunk = first;
  let count = 0;
  for (;;) {
    await appendRows(
      connection,
      'staging',
      chunk.map((event) => lakeRow(event, options.types.declaration(event), options.log)),
    );
    count += chunk.length;
    const last = chunk.at(-1)!.position;
    if (chunk.length < CHUNK || count >= options.limit) return last;
    chunk = await readChunk(options.log, last, options.limit - count);
    if (chunk.length === 0) return last;
  }
}

interface Part {
  type: string;
  hour: Date;
  fromTime: Date;
  toTime: Date;
  firstPosition: number;
  lastPosition: number;
  rows: number;
}

async function writeFiles(connection: DuckDBConnection, options: LoadOptions): Promise<LakeFile[]> {
  const files: LakeFile[] = [];
  for (const part of await partsOf(connection)) {
    const hour = literal(part.hour.toISOString());
    const rows = `FROM staging WHERE type = ${literal(part.type)}
       AND recorded_at >= ${hour}::TIMESTAMPTZ AND recorded_at < ${hour}::TIMESTAMPTZ + INTERVAL 1 HOUR`;
    const written = await writeParquet(
      connection,
      options.folder,
      `${part.type}/${hourFolder(part.hour)}`,
      `SELECT ${options.types.typedColumns(part.type)} ${rows} ORDER BY position`,
    );
    const { hour: _hour, ...span } = part;
    files.push({ ...span, ...written });
  }
  return files;
}

async function partsOf(connection: DuckDBConnection): Promise<Part[]> {
  const answer = await connection.runAndReadAll(`
    SELECT type, epoch_ms(date_trunc('hour', recorded_at)), epoch_ms(min(recorded_at)), epoch_ms(max(recorded_at)),
           min(position), max(position), count(*)
      FROM staging GROUP BY 1, 2 ORDER BY 1, 2`);
  return answer.getRows().map(([type, hour, from, to, first, last, rows]) => ({
    type: String(type),
    hour: new Date(Number(hour)),
    fromTime: new Date(Number(from)),
    toTime: new Date(Number(to)),
    firstPosition: Number(first),
    lastPosition: Number(last),
    rows: Number(rows),
  }));
}
