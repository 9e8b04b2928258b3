/**
 * Many small files into one: what a query pays for is files opened.
 *
 * Files of a type grow with their age: an hour's into one when the hour is over, a day's when the day is
 * over, a month's when the month is over, none above the size limit; and the current hour's when there are
 * many. The new file enters the catalogue and the old ones leave it in one transaction; they are deleted a
 * day later, since a query may still be reading them.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Database } from '@moonbase/data';
import { addFiles, hourFolder, type LakeFile, liveFiles, removeFiles, writeParquet } from './catalogue.ts';
import { type DuckOptions, literal, withDuck } from './duck.ts';

export interface CompactOptions {
  db: Database;
  folder: string;
  clock: Clock;
  duck: DuckOptions;
  /** Files do not grow beyond it. */
  maxBytes: number;
  /** For crash tests. */
  passing?: (step: 'file written') => void | Promise<void>;
}

/** How long a file stays after its rows moved to another, and one that no catalogue row names. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** Small files that the current hour may have. */
const MANY = 16;

export interface Compaction {
  /** Files that were merged away. */
  merged: number;
  /** Files that took their place. */
  written: number;
}

/** Merges what is ready to be merged. */
export async function compactFiles(options: CompactOptions): Promise<Compaction> {
  const done: Compaction = { merged: 0, written: 0 };
  const groups = mergeGroups(await liveFiles(options.db), options.clock.now(), options.maxBytes);
  for (const group of groups) {
    if (await merge(options, group)) {
      done.merged += group.files.length;
      done.written += 1;
    }
  }
  return done;
}

interface Group {
  place: string;
  files: LakeFile[];
}

/** Which files belong together by now, in the order of their positions. */
export function mergeGroups(files: readonly LakeFile[], now: Date, maxBytes: number): Group[] {
  const buckets = Map.groupBy(files, (file) => placeOf(file, now));
  const groups: Group[] = [];
  for (const [place, members] of buckets) {
    const current = place.endsWith(hourFolder(now));
    const sorted = members.toSorted((one, other) => one.firstPosition - other.firstPosition);
    if (current && sorted.length < MANY) continue;
    let group: LakeFile[] = [];
    let bytes = 0;
    const close = () => {
      if (group.length > 1) groups.push({ place, files: group });
      group = [];
      bytes = 0;
    };
    for (const file of sorted) {
      if (bytes + file.bytes > maxBytes) close();
      group.push(file);
      bytes += file.bytes;
    }
    close();
  }
  return groups;
}

function placeOf(file: LakeFile, now: Date): string {
  const time = file.fromTime.toISOString();
  const today = now.toISOString();
  if (time.slice(0, 7) < today.slice(0, 7)) return `${file.type}/month=${time.slice(0, 7)}`;
  if (time.slice(0, 10) < today.slice(0, 10)) return `${file.type}/date=${time.slice(0, 10)}`;
  return `${file.type}/${hourFolder(file.fromTime)}`;
}

async function merge(options: CompactOptions, { place, files }: Group): Promise<boolean> {
  const { clock, db, folder } = options;
  const paths = files.map((file) => literal(join(folder, file.path))).join(', ');
  // The rows keep the order of the files, which is that of the positions.
  const written = await withDuck(options.duck, (connection) =>
    writeParquet(
      connection,
      folder,
      place,
      `SELECT * FROM read_parquet([${paths}], union_by_name = true, hive_partitioning = false)`,
    ),
  );
  await options.passing?.('file written');
  const file: LakeFile = {
    ...written,
    type: files[0]!.type,
    fromTime: new Date(Math.min(...files.map((each) => each.fromTime.getTime()))),
    toTime: new Date(Math.max(...files.map((each) => each.toTime.getTime()))),
    firstPosition: files[0]!.firstPosition,
    lastPosition: files.at(-1)!.lastPosition,
    rows: files.reduce((sum, each) => sum + each.rows, 0),
  };
  const swapped = await db
    .transaction(async (tx) => {
      const old = await tx.query(
        'UPDATE warehouse.files SET replaced_at = $2 WHERE id = ANY($1::uuid[]) AND replaced_at IS NULL',
        [files.map((each) => each.id), clock.now()],
      );
      // Another process merged some of them meanwhile: its file counts, not this one.
      if (old.rowCount !== files.length) throw new Overtaken();
      await addFiles(tx, [file], clock.now());
      await tx.query('UPDATE warehouse.loader SET revision = revision + 1');
      return true;
    })
    .catch((error) => {
      if (error instanceof Overtaken) return false;
      throw error;
    });
  if (!swapped) await removeFiles(folder, [file.path]);
  return swapped;
}

class Overtaken extends Error {}

/** Deletes files whose rows have been elsewhere for a day, and those that a crash left without a catalogue row. */
export async function sweepFiles(options: Omit<CompactOptions, 'maxBytes' | 'duck'>): Promise<number> {
  const { db, folder } = options;
  const before = new Date(options.clock.now().getTime() - KEEP_MS);
  const old = await db.query<{ path: string }>('SELECT path FROM warehouse.files WHERE replaced_at < $1', [
    before,
  ]);
  const replaced = old.rows.map((row) => row.path);
  await removeFiles(folder, replaced);
  await db.query('DELETE FROM warehouse.files WHERE path = ANY($1)', [replaced]);
  const orphans = await orphansOlderThan(options, before);
  await removeFiles(folder, orphans);
  return replaced.length + orphans.length;
}

async function orphansOlderThan(
  { db, folder }: { db: Database; folder: string },
  before: Date,
): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const present = entries.filter((path) => path.endsWith('.parquet'));
  // Files first, catalogue second: a file entered meanwhile is seen as known.
  const known = await db.query<{ path: string }>('SELECT path FROM warehouse.files WHERE path = ANY($1)', [
    present,
  ]);
  const catalogued = new Set(known.rows.map((row) => row.path));
  const orphans: string[] = [];
  for (const path of present) {
    if (catalogued.has(path)) continue;
    const entry = await stat(join(folder, path)).catch(() => undefined);
    if (entry && entry.mtime < before) orphans.push(path);
  }
  return orphans;
}
