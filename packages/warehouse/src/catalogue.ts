/** Which files the lake is made of. Every change of it is one transaction with the loader's position. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Queryable } from '@moonbase/data';
import { literal } from './duck.ts';

export interface LakeFile {
  id: string;
  type: string;
  /** Below the lake's folder. */
  path: string;
  fromTime: Date;
  toTime: Date;
  firstPosition: number;
  lastPosition: number;
  rows: number;
  bytes: number;
}

export interface CatalogueState {
  /** Every event up to it is in a file. */
  position: number;
  /** Grows with every change of the files. */
  revision: number;
}

export async function catalogueState(db: Queryable): Promise<CatalogueState> {
  const answer = await db.query<{ position: number; revision: number }>(
    'SELECT position, revision FROM warehouse.loader',
  );
  return answer.rows[0]!;
}

/** Tells the log's retention how far the lake has come: nothing after that may be dropped. */
export async function registerReader(db: Queryable): Promise<void> {
  await db.query(
    `INSERT INTO events.readers AS r (name, position) SELECT 'warehouse', position FROM warehouse.loader
     ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE r.position < excluded.position`,
  );
}

/** The files whose rows count, in the order of their positions. */
export async function liveFiles(db: Queryable, type?: string): Promise<LakeFile[]> {
  const answer = await db.query<LakeFile>(
    `SELECT id, type, path, from_time AS "fromTime", to_time AS "toTime", first_position AS "firstPosition",
            last_position AS "lastPosition", rows, bytes
       FROM warehouse.files
      WHERE replaced_at IS NULL AND ($1::text IS NULL OR type = $1)
      ORDER BY type, first_position`,
    [type ?? null],
  );
  return answer.rows;
}

export async function addFiles(tx: Queryable, files: readonly LakeFile[], now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO warehouse.files
       (id, type, path, from_time, to_time, first_position, last_position, rows, bytes, created_at)
     SELECT f.*, $10 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[],
                                 $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) AS f`,
    [
      files.map((file) => file.id),
      files.map((file) => file.type),
      files.map((file) => file.path),
      files.map((file) => file.fromTime),
      files.map((file) => file.toTime),
      files.map((file) => file.firstPosition),
      files.map((file) => file.lastPosition),
      files.map((file) => file.rows),
      files.map((file) => file.bytes),
      now,
    ],
  );
}

/** Writes a query's rows to a new file that is on disk when this returns. @returns its path and size */
export async function writeParquet(
  connection: DuckDBConnection,
  folder: string,
  place: string,
  query: string,
): Promise<{ id: string; path: string; bytes: number }> {
  const id = randomUUID();
  const path = join(place, `${id}.parquet`);
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await connection.run(
    `COPY (${query}) TO ${literal(full)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
  const file = await open(full, 'r');
  let bytes: number;
  try {
    await file.sync();
    bytes = (await file.stat()).size;
  } finally {
    await file.close();
  }
  await syncFolders(folder, dirname(path));
  return { id, path, bytes };
}

/** A new name is durable when its folder is, and that folder's name in turn. */
async function syncFolders(folder: string, below: string): Promise<void> {
  for (let place = below; ; place = dirname(place)) {
    const handle = await open(join(folder, place), 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (place === '.') return;
  }
}

export async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(join(folder, path), { force: true });
}

/** `date=2026-11-21/hour=09` of an instant, in UTC. */
export function hourFolder(time: Date): string {
  const iso = time.toISOString();
  return `date=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
}
