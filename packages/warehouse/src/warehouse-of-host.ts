import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Clock, type Database, systemClock } from '@moonbase/data';
import type { EventDeclaration } from '@moonbase/events';
import { type Logger, metrics } from '@moonbase/telemetry';
import { catalogueState, registerReader } from './catalogue.ts';
import { type Compaction, compactFiles, sweepFiles } from './compact.ts';
import { exportQuery } from './export-query.ts';
import type { ExportFormat } from './export-table.ts';
import { LakeTypes } from './lake-types.ts';
import { LakeViews, type LakeViewsOptions } from './lake-views.ts';
import { type LoadOptions, loadStep } from './load.ts';
import { alone } from './lock.ts';
import type { LogSource } from './log-source.ts';
import { type Check, type ReconcileReport, reconcile } from './reconcile.ts';
import { type QueryLimits, type QueryParameters, runQuery, type WarehouseResult } from './run-query.ts';

export interface WarehouseOptions {
  db: Database;
  /** The lake's folder: the same for every host. */
  folder: string;
  /** Declarations of every event in the log. */
  declarations: readonly EventDeclaration[];
  /** Without it nothing is loaded, and queries end with the last file. */
  eventLog?: LogSource;
  clock?: Clock;
  log?: Logger;
  /** A waiting event is in a file at the latest after so many milliseconds; 60,000 unless said. */
  closeAfterMs?: number;
  /** Or when so many events wait; 50,000 unless said. */
  closeAfterEvents?: number;
  /** Merged files do not grow beyond it; 64 MiB unless said. */
  maxFileBytes?: number;
  /** DuckDB is closed after so many milliseconds without a query; 60,000 unless said. */
  idleMs?: number;
  /** IANA zone for days and hours of instants in queries, asked when DuckDB is opened; UTC unless said. */
  zone?: () => Promise<string>;
  /** For crash tests. */
  passing?: LoadOptions['passing'];
}

/** How long loading waits after it failed. */
const PAUSE_MS = 30_000;
/** Queries that run at once in a process; more wait. */
const QUERIES = 2;

/** The lake as one host sees it: loads it when it is this host's turn, and answers questions. */
export class Warehouse {
  readonly #options: WarehouseOptions;
  readonly #types: LakeTypes;
  readonly #clock: Clock;
  readonly #views = new Map<string, string>();
  readonly #checks = new Map<string, Check>();
  readonly #spill: string;
  #open: Promise<LakeViews> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #waitingSince: number | undefined;
  #compactedHour = '';
  #pausedUntil = 0;

  constructor(options: WarehouseOptions) {
    this.#options = options;
    this.#types = new LakeTypes(options.declarations);
    this.#clock = options.clock ?? systemClock;
    this.#spill = join(tmpdir(), `moonbase-duckdb-${process.pid}`);
  }

  /** Adds views that queries can name, and sums that `reconcile` compares. Call it before the first query. */
  define(more: { views?: Record<string, string>; checks?: Record<string, Check> }): void {
    for (const [name, sql] of Object.entries(more.views ?? {})) this.#views.set(name, sql);
    for (const [name, check] of Object.entries(more.checks ?? {})) this.#checks.set(name, check);
  }

  /** Loads and compacts from now on, when no other host does. */
  async start(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    await registerReader(this.#options.db);
    this.#timer = setInterval(() => {
      if (performance.now() < this.#pausedUntil) return;
      this.#working ??= this.#tick()
        .catch((error) => {
          // What stops it rarely mends itself within a second; queries answer from the log meanwhile.
          this.#pausedUntil = performance.now() + PAUSE_MS;
          this.#options.log?.error({ err: error }, 'the lake could not be loaded');
        })
        .finally(() => {
          this.#working = undefined;
        });
    }, 1_000);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
    clearTimeout(this.#idle);
    await this.#close();
  }

  /** Moves waiting events into files, as far as they go at this moment. @returns how many */
  async load(): Promise<number> {
    const log = this.#options.eventLog;
    if (!log) return 0;
    const loaded = await alone(this.#options.db, 'moonbase.warehouse.load', async () => {
      let total = 0;
      for (;;) {
        const step = await loadStep({
          db: this.#options.db,
          folder: this.#options.folder,
          log,
          types: this.#types,
          clock: this.#clock,
          duck: { spill: this.#spill },
          limit: this.#options.closeAfterEvents ?? 50_000,
          passing: this.#options.passing,
        });
        if (step === 0) return total;
        total += step;
      }
    });
    return loaded ?? 0;
  }

  /** Merges small files and deletes what nobody reads any more. */
  async compact(): Promise<Compaction> {
    const done = await alone(this.#options.db, 'moonbase.warehouse.compact', async () => {
      const options = { db: this.#options.db, folder: this.#options.folder, clock: this.#clock };
      const merged = await compactFiles({
        ...options,
        duck: { spill: this.#spill },
        maxBytes: this.#options.maxFileBytes ?? 64 * 1024 * 1024,
      });
      await sweepFiles(options);
      return merged;
    });
    return done ?? { merged: 0, written: 0 };
  }

  /**
   * Asks the lake. The SQL is DuckDB's; it must be one SELECT, and sees views only: one per event type
   * (`sales.recorded` is `sales_recorded`) and those that services define.
   *
   * @throws WarehouseError `query_*`, with the place in the SQL where it is known
   */
  async query(
    sql: string,
    parameters: QueryParameters = [],
    limits: QueryLimits = {},
  ): Promise<WarehouseResult> {
    return this.#slot(async () => {
      const views = await this.#lake();
      const position = await views.refresh();
      const connection = await views.connect();
      try {
        return { ...(await runQuery(connection, sql, parameters, limits)), position };
      } finally {
        connection.closeSync();
      }
    });
  }

  /** A query's rows as a CSV or Parquet file; up to a million unless said. @throws WarehouseError `query_*` */
  async export(sql: string, format: ExportFormat, limits: QueryLimits = {}): Promise<Readable> {
    return this.#slot(async () => {
      const options = { ...(await this.#viewsOptions()), exports: `${this.#spill}-exports` };
      return exportQuery(options, sql, format, limits);
    });
  }

  /** Compares the lake with the log, event type by event type, and the declared sums. */
  async reconcile(): Promise<ReconcileReport> {
    const report = await reconcile({
      db: this.#options.db,
      types: this.#types,
      checks: this.#checks,
      query: (sql) => this.query(sql, [], { rows: 1_000_000, timeoutMs: 600_000 }),
    });
    metrics
      .gauge(
        'warehouse_reconcile_differences',
        'Differences between the log and the lake, when last compared',
      )
      .set(report.differences.length);
    return report;
  }

  /** Under which pseudonyms the lake knows people; those who are erased or never were in an event are missing. */
  async pseudonyms(ids: readonly string[]): Promise<Map<string, string>> {
    const answer = await this.#options.db.query<{ id: string; pseudonym: string }>(
      'SELECT id, pseudonym FROM events.subjects WHERE id = ANY($1) AND pseudonym IS NOT NULL',
      [ids],
    );
    return new Map(answer.rows.map((row) => [row.id, row.pseudonym]));
  }

  /** What can be asked: views with their columns. */
  async catalogue(): Promise<{ view: string; columns: { name: string; type: string }[] }[]> {
    const answer = await this.query(
      `SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'main' ORDER BY table_name, ordinal_position`,
      [],
      { rows: 100_000 },
    );
    const views = Map.groupBy(answer.rows, (row) => String(row[0]));
    return [...views].map(([view, rows]) => ({
      view,
      columns: rows.map((row) => ({ name: String(row[1]), type: String(row[2]) })),
    }));
  }

  async #tick(): Promise<void> {
    const { closeAfterEvents = 50_000, closeAfterMs = 60_000, db, eventLog } = this.#options;
    if (!eventLog) return;
    const { position } = await catalogueState(db);
    const waiting = eventLog.head - position;
    metrics
      .gauge('warehouse_events_waiting', 'Events that are in no file of the lake yet')
      .set(Math.max(0, waiting));
    const now = this.#clock.now().getTime();
    if (waiting <= 0) this.#waitingSince = undefined;
    else this.#waitingSince ??= now;
    const due = this.#waitingSince !== undefined && now - this.#waitingSince >= closeAfterMs;
    if (waiting >= closeAfterEvents || due) {
      await this.load();
      this.#waitingSince = undefined;
    }
    const hour = this.#clock.now().toISOString().slice(0, 13);
    if (hour !== this.#compactedHour) {
      await this.compact();
      this.#compactedHour = hour;
    }
  }

  async #viewsOptions(): Promise<LakeViewsOptions> {
    return {
      db: this.#options.db,
      folder: this.#options.folder,
      log: this.#options.eventLog,
      types: this.#types,
      views: this.#views,
      duck: { spill: this.#spill },
      zone: (await this.#options.zone?.()) ?? 'UTC',
    };
  }

  #lake(): Promise<LakeViews> {
    this.#open ??= this.#viewsOptions()
      .then((options) => LakeViews.open(options))
      .catch((error) => {
        this.#open = undefined;
        throw error;
      });
    return this.#open;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    (await open)?.close();
  }

  /** Waits for one of the places for queries; after the last query the instance is closed when idle. */
  async #slot<T>(work: () => Promise<T>): Promise<T> {
    while (this.#running >= QUERIES) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    clearTimeout(this.#idle);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
      if (this.#running === 0) {
        this.#idle = setTimeout(() => void this.#close(), this.#options.idleMs ?? 60_000);
        this.#idle.unref();
      }
    }
  }
}
