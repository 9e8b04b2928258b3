/**
 * A connection of one's own that is there again after it was lost: for LISTEN, for the sequencer's lock, for
 * reading the log beside the pool. It is made anew at once, then after growing pauses up to a second.
 */
import type { Database } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import type pg from 'pg';
import { EventsError } from './errors.ts';

/** Milliseconds that a statement waits for a connection. */
const PATIENCE = 5_000;

export interface KeptConnectionOptions {
  db: Database;
  log: Logger;
  /** For the log. */
  name: string;
  /** Runs on every new connection before others may use it. */
  setUp?: (client: pg.Client) => Promise<void>;
  onLost?: () => void;
}

/**
 * States: stopped → connecting → connected → (lost) connecting → … → stopped. There is one loop; `client` is
 * set exactly while the connection is believed alive.
 */
export class KeptConnection {
  readonly #options: KeptConnectionOptions;
  #client: pg.Client | undefined;
  #running = false;
  #loop: Promise<void> = Promise.resolve();
  #endPause: () => void = () => {};
  #waiting: { resolve: (client: pg.Client) => void; reject: (error: unknown) => void }[] = [];

  constructor(options: KeptConnectionOptions) {
    this.#options = options;
  }

  get client(): pg.Client | undefined {
    return this.#client;
  }

  /** Resolves with the first connection. */
  start(): Promise<pg.Client> {
    if (!this.#running) {
      this.#running = true;
      this.#loop = this.#keep();
    }
    return this.connected();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#endPause();
    for (const { reject } of this.#waiting.splice(0)) reject(new EventsError('not_running'));
    const client = this.#client;
    if (client) {
      // A server that hangs does not keep a host from stopping.
      const timer = setTimeout(() => destroy(client), 1_000);
      await client.end().catch(() => {});
      clearTimeout(timer);
    }
    await this.#loop;
  }

  /** The connection, as soon as there is one. @throws EventsError `not_running` after some seconds */
  connected(): Promise<pg.Client> {
    if (this.#client) return Promise.resolve(this.#client);
    if (!this.#running) return Promise.reject(new EventsError('not_running'));
    const { promise, resolve, reject } = Promise.withResolvers<pg.Client>();
    const timer = setTimeout(() => reject(new EventsError('not_running')), PATIENCE);
    this.#waiting.push({ resolve, reject });
    return promise.finally(() => clearTimeout(timer));
  }

  /** One statement. With `patience` (ms), a server that does not answer in time counts as lost. */
  async query<Row extends pg.QueryResultRow>(
    config: pg.QueryConfig | pg.QueryArrayConfig,
    patience = 0,
  ): Promise<pg.QueryResult<Row>> {
    const client = await this.connected();
    if (!patience) return client.query<Row>(config);
    const timer = setTimeout(() => destroy(client), patience);
    try {
      return await client.query<Row>(config);
    } finally {
      clearTimeout(timer);
    }
  }

  async #keep(): Promise<void> {
    let pause = 0;
    while (this.#running) {
      try {
        const client = await this.#options.db.connect();
        const lost = new Promise<void>((resolve) => client.once('end', resolve));
        try {
          await this.#options.setUp?.(client);
          // From now on several may send at once. pg has the option, but only for clients of one's own making.
          (client as pg.Client & { pipeline: boolean }).pipeline = true;
          pause = 0;
          this.#use(client);
          await lost;
        } finally {
          this.#client = undefined;
          destroy(client);
          this.#options.onLost?.();
        }
      } catch (error) {
        if (this.#running && pause === 0)
          this.#options.log.warn({ error: (error as Error).message }, `${this.#options.name}: no connection`);
      }
      if (!this.#running) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause * (0.5 + Math.random() / 2));
        this.#endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      pause = Math.min(1_000, pause * 2 || 25);
    }
  }

  #use(client: pg.Client): void {
    if (!this.#running) return void client.end().catch(() => {});
    this.#client = client;
    for (const { resolve } of this.#waiting.splice(0)) resolve(client);
  }
}

/** Ends it without waiting for the server. */
function destroy(client: pg.Client): void {
  // The socket, because `end` would wait for the statement under way; pg has no public name for it.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
