/**
 * Connections: one pool a process, statements with parameters, transactions.
 *
 * Connections of a host run as the role `moonbase_host`, which owns nothing (see migrate.ts); those of
 * migrations run as the login role itself.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { DataError } from './errors.ts';
import { OpenTransaction } from './open-transaction.ts';

/** A statement that each connection plans once and then knows by its name: for long ones on hot paths. */
export interface NamedStatement {
  name: string;
  text: string;
}

/** A statement can be sent to it: a {@link Database} or a {@link Transaction}. */
export interface Queryable {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

export interface Transaction extends Queryable {
  /**
   * Sends a statement whose answer nobody needs, and does not wait for it: if it fails, the transaction does,
   * at its end. As the last one it travels together with the COMMIT.
   */
  send(text: string | NamedStatement, values?: readonly unknown[]): void;
  /** Runs `work` once the transaction has committed, never if it rolls back: wake-ups go here. */
  afterCommit(work: () => void): void;
}

export interface DatabaseOptions {
  url: string;
  /** Most connections; 10 unless said. */
  connections?: number;
  /** `host` (default): can read and write rows. `owner`: the login role, for migrations. */
  role?: 'host' | 'owner';
  /** Shown in `pg_stat_activity`. */
  name?: string;
  /** Shares another database's connections. */
  pool?: pg.Pool;
}

const beforeCommit = new AsyncLocalStorage<(tx: Transaction) => Promise<void>>();

/** Runs `fn` so that every transaction that it commits also does `before`, as its last statements. */
export function withBeforeCommit<T>(before: (tx: Transaction) => Promise<void>, fn: () => T): T {
  return beforeCommit.run(before, fn);
}

/** The role that hosts run as: the system. */
export const HOST_ROLE = 'moonbase_host';
/** The role that requests act as, within the reach of whoever makes them. */
export const REQUEST_ROLE = 'moonbase_request';

// Dates stay `YYYY-MM-DD` (a JavaScript Date would shift them by the machine's zone); bigints that count
// or number things are JavaScript numbers, exact up to 2^53; numeric stays a string, as money must.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly #config: pg.ClientConfig;

  constructor(options: DatabaseOptions) {
    this.url = options.url;
    this.#config = {
      connectionString: options.url,
      application_name: options.name ?? 'moonbase',
      options: options.role === 'owner' ? undefined : `-c role=${HOST_ROLE}`,
      keepAlive: true,
    };
    if (options.pool) {
      this.pool = options.pool;
      return;
    }
    this.pool = new pg.Pool({
      ...this.#config,
      max: options.connections ?? 10,
      // Statements that are sent without awaiting go out at once, not one by one after each answer.
      pipeline: true,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that the server closes is replaced by the pool; without a listener it ends Node.
    this.pool.on('error', () => {});
    // So does one that is lost while the pool hands it over: it then listens no more, and its taker not yet.
    this.pool.on('connect', (client) => void client.on('error', () => {}));
  }

  /** One statement on any connection, outside a transaction. */
  query<Row extends pg.QueryResultRow>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return this.pool.query<Row>(text as string, values as unknown[]);
  }

  /**
   * Runs `work` in one transaction (READ COMMITTED): commits when it returns, rolls back when it throws.
   * Statements sent without awaiting are pipelined in order. BEGIN goes with the first of them.
   *
   * @throws whatever `work` throws, or the server's error. A connection lost during COMMIT throws
   *   `commit_unknown`: the transaction may or may not have happened, so the work must be safe to repeat.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const open = new OpenTransaction(client);
    let broken = false;
    // A client that is checked out reports a lost connection here; the statement under way fails by itself.
    const lost = () => {
      broken = true;
    };
    client.on('error', lost);
    let result: T;
    let committed: boolean;
    try {
      result = await work(open);
      await beforeCommit.getStore()?.(open);
      try {
        committed = await open.commit();
      } catch (cause) {
        const refused =
          cause instanceof pg.DatabaseError && !cause.code?.startsWith('57') && !cause.code?.startsWith('08');
        if (refused) throw cause;
        broken = true;
        throw new DataError('commit_unknown', { cause });
      }
      if (!committed) throw new DataError('rolled_back');
    } catch (error) {
      if (!broken) await open.rollback().catch(lost);
      throw error;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
    open.committed();
    return result;
  }

  /** A connection of its own, for LISTEN and session locks; the caller ends it. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#config);
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
