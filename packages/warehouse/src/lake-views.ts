/**
 * A DuckDB instance that sees the lake as views, and nothing else.
 *
 * Each event type is a view over its live files and its tail: the newest events, which are in no file yet
 * and come from the log. `refresh` brings both to the head in one DuckDB transaction, so a query sees one
 * state from its first row to its last. The instance may read below the lake's folder only, reaches no
 * network, and its configuration is locked.
 */
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Database } from '@moonbase/data';
import { catalogueState, liveFiles } from './catalogue.ts';
import { appendRows, type DuckOptions, identifier, literal, openDuck } from './duck.ts';
import { WarehouseError } from './errors.ts';
import { lakeRow, STAGING_COLUMNS } from './lake-row.ts';
import { type LakeTypes, viewName } from './lake-types.ts';
import type { LogSource } from './log-source.ts';

export interface LakeViewsOptions {
  db: Database;
  folder: string;
  /** Without it the lake ends with its last file. */
  log?: LogSource;
  types: LakeTypes;
  /** Views that services define: name → SELECT. */
  views: ReadonlyMap<string, string>;
  duck: DuckOptions;
  /** IANA zone in which `date_trunc` and casts see instants. */
  zone: string;
  /** A further folder that may be written to: exports. */
  writable?: string;
}

/** Most events that are held in memory because no file has them yet. */
const TAIL = 100_000;
const CHUNK = 5_000;

export class LakeViews {
  readonly #options: LakeViewsOptions;
  readonly #instance: DuckDBInstance;
  readonly #admin: DuckDBConnection;
  /** Paths of each type's view. */
  readonly #paths = new Map<string, string>();
  #revision = -1;
  #filed = 0;
  #position = 0;
  #refreshing: Promise<number> | undefined;

  private constructor(options: LakeViewsOptions, instance: DuckDBInstance, admin: DuckDBConnection) {
    this.#options = options;
    this.#instance = instance;
    this.#admin = admin;
  }

  static async open(options: LakeViewsOptions): Promise<LakeViews> {
    const instance = await openDuck(options.duck);
    const admin = await instance.connect();
    const folders = [resolve(options.folder), ...(options.writable ? [resolve(options.writable)] : [])];
    await admin.run(`SET GLOBAL TimeZone = ${literal(options.zone)}`);
    await admin.run(`SET GLOBAL allowed_directories = [${folders.map(literal).join(', ')}]`);
    await admin.run('SET GLOBAL enable_external_access = false');
    await admin.run('SET GLOBAL lock_configuration = true');
    await admin.run(`CREATE SCHEMA tail; CREATE TABLE tail.staging (${STAGING_COLUMNS})`);
    for (const type of options.types.names)
      await admin.run(
        `CREATE TABLE ${tailTable(type)} AS SELECT ${options.types.typedColumns(type)} FROM tail.staging LIMIT 0`,
      );
    return new LakeViews(options, instance, admin);
  }

  /** A connection for one query. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /** Brings the views to the newest event. @returns the position up to which they reach */
  refresh(): Promise<number> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<number> {
    const { revision, position: filed } = await catalogueState(this.#options.db);
    const head = this.#options.log?.head ?? 0;
    if (revision === this.#revision && this.#position >= head) return this.#position;
    await this.#admin.run('BEGIN TRANSACTION');
    try {
      if (revision !== this.#revision) {
        await this.#bindFiles();
        for (const type of this.#options.types.names)
          await this.#admin.run(`DELETE FROM ${tailTable(type)} WHERE position <= ${filed}`);
      }
      const reached = await this.#readTail(Math.max(filed, this.#position), head);
      await this.#admin.run('COMMIT');
      this.#revision = revision;
      this.#filed = filed;
      this.#position = reached;
      return reached;
    } catch (error) {
      await this.#admin.run('ROLLBACK');
      this.#paths.clear();
      throw error;
    }
  }

  async #bindFiles(): Promise<void> {
    const byType = Map.groupBy(await liveFiles(this.#options.db), (file) => file.type);
    for (const type of this.#options.types.names) {
      const paths = (byType.get(type) ?? []).map((file) => literal(join(this.#options.folder, file.path)));
      const list = paths.join(', ');
      if (this.#paths.get(type) === list) continue;
      const files = list
        ? `SELECT * FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false) UNION ALL BY NAME`
        : '';
      await this.#admin.run(
        `CREATE OR REPLACE VIEW ${identifier(viewName(type))} AS
         SELECT ${this.#options.types.viewColumns(type)} FROM (${files} SELECT * FROM ${tailTable(type)})`,
      );
      this.#paths.set(type, list);
    }
    for (const [name, sql] of this.#options.views)
      await this.#admin.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS ${sql}`).catch((cause) => {
        throw new WarehouseError('view_wrong', { detail: `${name}: ${(cause as Error).message}`, cause });
      });
  }

  async #readTail(after: number, head: number): Promise<number> {
    const { log, types } = this.#options;
    let position = after;
    while (log && position < head && position - this.#filed < TAIL) {
      const events = await log.read({ after: position, limit: CHUNK });
      if (events.length === 0) break;
      await appendRows(
        this.#admin,
        'staging',
        events.map((event) => lakeRow(event, types.declaration(event), log)),
        'tail',
      );
      for (const type of new Set(events.map((event) => event.type)))
        await this.#admin.run(
          `INSERT INTO ${tailTable(type)} SELECT ${types.typedColumns(type)} FROM tail.staging WHERE type = ${literal(type)}`,
        );
      await this.#admin.run('DELETE FROM tail.staging');
      position = events.at(-1)!.position;
    }
    return position;
  }

  close(): void {
    this.#admin.closeSync();
    this.#instance.closeSync();
  }
}

function tailTable(type: string): string {
  return `tail.${identifier(viewName(type))}`;
}
