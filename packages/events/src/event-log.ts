/** The event log of a host: sequencing, reading, consumers. */
import type { Database } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import { checkDeclaration } from './check-declaration.ts';
import { isConnectionLost } from './connection-lost.ts';
import { Consumer, type ConsumerOptions } from './consumer.ts';
import { advanceIdle, type LaneRow, readDue, readLanes } from './consumer-rows.ts';
import type { Event, EventDeclaration } from './declarations.ts';
import { Declarations } from './decode.ts';
import { EventsError } from './errors.ts';
import { discardFirst, type Replayed } from './handle-parked.ts';
import { KeptConnection } from './kept-connection.ts';
import { LogPages } from './log-pages.ts';
import { LogReader, type ReadOptions } from './log-reader.ts';
import { busyWith, type ConsumerPosition, positionsOf, readState } from './log-state.ts';
import { listParked, type ParkedKey } from './parked.ts';
import { Permits } from './permits.ts';
import { retireLog } from './retention.ts';
import { Sequencer } from './sequencer.ts';
import { SubjectCache } from './subjects.ts';
import type { Fence } from './turn.ts';
import { addSleeper } from './wake-ups.ts';

export interface EventLogOptions {
  db: Database;
  /** All that this host may meet: what its services publish, react to and show. */
  declarations: readonly EventDeclaration[];
  log: Logger;
  /** Asked at the start of every transaction of a consumer; where it answers no, this host does not react. */
  fence?: Fence;
  /** Milliseconds between looks at the database, for what no wake-up told of; 250 unless said. */
  poll?: number;
}

/** Milliseconds after which lanes without anything to do are moved to the head. */
const IDLE = 1_000;

/**
 * @example
 *   const events = new EventLog({ db, declarations: [saleRecorded], log });
 *   events.addConsumer({ name: 'sales.progress', on: [saleRecorded], handle: moveProgress });
 *   await events.start();
 */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #sequencer: Sequencer;
  readonly #connection: KeptConnection;
  readonly #pages: LogPages;
  readonly #reader: LogReader;
  readonly #subjects = new SubjectCache();
  readonly #permits: Permits;
  readonly #consumers = new Map<string, Consumer>();
  readonly #listeners = new Set<(head: number) => void>();
  #head = 0;
  #timer: NodeJS.Timeout | undefined;
  #tick: Promise<void> = Promise.resolve();
  #idleSince = 0;
  #removeSleeper: () => void = () => {};
  #started = false;

  constructor(options: EventLogOptions) {
    for (const declaration of options.declarations) checkDeclaration(declaration);
    const { db, log } = options;
    this.#options = options;
    this.#connection = new KeptConnection({
      db,
      log,
      name: 'event reader',
      setUp: async (client) => void (await client.query("SET TIME ZONE 'UTC'")),
    });
    this.#pages = new LogPages(this.#connection);
    this.#permits = new Permits(Math.max(1, Math.floor((db.pool.options.max ?? 10) / 2)));
    const declarations = new Declarations(options.declarations);
    this.#reader = new LogReader({ db, pages: this.#pages, subjects: this.#subjects, declarations });
    this.#sequencer = new Sequencer({
      db,
      log,
      onHead: (head) => this.#advance(head),
      onConnected: (head) => this.#connected(head),
      onErased: (subject) => this.#subjects.forget(subject),
    });
  }

  /** The last position given to a committed event, as far as this host knows. */
  get head(): number {
    return this.#head;
  }

  /** Whether this host gives the positions. */
  get sequencing(): boolean {
    return this.#sequencer.elected;
  }

  /** Resolves when it is connected and its consumers work. @throws what a `bootstrap` throws */
  async start(): Promise<void> {
    this.#started = true;
    await this.#connection.start();
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.create()));
    this.#removeSleeper = addSleeper({
      published: () => this.#sequencer.wake(),
      erased: (subject) => {
        this.#subjects.forget(subject);
        this.#sequencer.tellErased(subject);
      },
    });
    await this.#sequencer.start();
    await this.#look();
    this.#schedule();
  }

  /** Ends the turns under way and gives the connections back. */
  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    this.#removeSleeper();
    await this.#tick;
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    await this.#sequencer.stop();
    await this.#connection.stop();
  }

  /** Looks for what was published, at once. */
  wake(): void {
    this.#sequencer.wake();
  }

  /** For health: throws where the database does not answer or consumers of this host do not run. */
  async check(): Promise<void> {
    if (!this.#started || !this.#connection.client) throw new EventsError('not_running');
    await this.#connection.query({ text: 'SELECT position FROM events.head' }, 2_000);
    for (const { name, created } of this.#consumers.values())
      if (!created) throw new EventsError('not_running', { detail: `${name} has not started.` });
  }

  /** @param fn called whenever this host hears of a new head. @returns stops the calls */
  onAdvance(fn: (head: number) => void): () => void {
    this.#listeners.add(fn);
    return () => void this.#listeners.delete(fn);
  }

  /**
   * Adds a consumer; before `start`, or while running.
   *
   * @throws EventsError `consumer_exists`, `invalid_consumer`, `invalid_declaration`
   */
  addConsumer<D extends EventDeclaration>(options: ConsumerOptions<D>): void {
    if (this.#consumers.has(options.name)) throw new EventsError('consumer_exists', { detail: options.name });
    const { db, log, fence } = this.#options;
    const world = {
      db,
      log,
      fence,
      permits: this.#permits,
      pages: this.#pages,
      subjects: this.#subjects,
      head: () => this.#head,
    };
    // Its handler is given only events of its own declarations.
    this.#consumers.set(options.name, new Consumer(options as unknown as ConsumerOptions, world));
    if (this.#started) void this.#look();
  }

  /**
   * Events after a position, in order, without gaps (but for the types, where given). Shorter than `limit`
   * only at the head.
   *
   * Of a type or version that this host does not know the payload is given as it is, without personal fields.
   */
  read(options: ReadOptions): Promise<Event[]> {
    return this.#reader.read(options, this.#head);
  }

  /**
   * The payload as the lake may hold it: without personal fields, people by their pseudonyms, null where
   * they are erased. Of events that came from `read`. (Their `key` and `subjects` may name people, too.)
   *
   * @throws EventsError `unknown_version`: without its declaration nobody knows what in it is personal
   */
  lake(event: Event): unknown {
    return this.#reader.lake(event);
  }

  /** How far every consumer is, also those of other hosts. */
  async positions(): Promise<ConsumerPosition[]> {
    return positionsOf(await readState(this.#options.db), this.#consumers);
  }

  /**
   * Up to where everything for a consumer of this host is done, as far as this host knows: at once after its
   * own commits, by the poll after those of other hosts.
   *
   * @throws EventsError `unknown_consumer`
   */
  reached(consumer: string): number {
    return this.#consumer(consumer).reached();
  }

  /** The keys whose events wait because a consumer failed on one, oldest first. */
  parked(): Promise<ParkedKey[]> {
    return listParked(this.#options.db);
  }

  /**
   * Has a consumer handle the parked events of a key now, in their order, in one transaction; up to one that
   * fails again.
   *
   * @throws EventsError `unknown_consumer`
   */
  replay(consumer: string, key: string): Promise<Replayed> {
    return this.#consumer(consumer).replay(key);
  }

  /**
   * Gives up the first parked event of a key: this consumer never handles it. Those behind it are tried.
   *
   * @returns how many events of the key are still parked
   */
  discard(consumer: string, key: string): Promise<number> {
    return discardFirst(this.#options.db, consumer, key);
  }

  /** Forgets a consumer that no host runs any more: its positions no longer hold the log's retention up. */
  async forget(consumer: string): Promise<void> {
    await this.#options.db.query('DELETE FROM events.consumers WHERE name = $1', [consumer]);
  }

  /**
   * Drops the partitions of the log that are older than a number of days and that every consumer and reader
   * (`readerPassed`) has passed. @returns how many
   */
  async retire(days: number): Promise<number> {
    return retireLog(this.#options.db, new Date(Date.now() - days * 86_400_000));
  }

  /**
   * For tests: resolves when nothing further will happen by itself: the inbox is empty, every consumer of
   * this host has come to the head, and nothing is to be tried again.
   *
   * @param patience milliseconds
   * @throws EventsError `not_drained`
   */
  async drained(patience = 20_000): Promise<void> {
    const end = performance.now() + patience;
    for (;;) {
      const busy = await this.#busy();
      if (!busy) return;
      if (performance.now() > end) throw new EventsError('not_drained', { detail: busy });
      this.wake();
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** What is still under way; undefined when nothing is. */
  async #busy(): Promise<string | undefined> {
    try {
      const state = await readState(this.#options.db);
      this.#advance(state.head);
      return await busyWith(state, this.#consumers);
    } catch (error) {
      if (isConnectionLost(error)) return 'The database cannot be reached.';
      throw error;
    }
  }

  #consumer(name: string): Consumer {
    const consumer = this.#consumers.get(name);
    if (!consumer) throw new EventsError('unknown_consumer', { detail: name });
    return consumer;
  }

  #connected(head: number): void {
    if (head >= this.#head) {
      this.#advance(head);
      return;
    }
    // The server lost commits (a standby took over, or commits that don't wait for the disk): positions may
    // be given anew, and what was read of them is void.
    this.#options.log.error({ known: this.#head, head }, 'The event log went back');
    this.#head = head;
    this.#pages.clear();
    for (const consumer of this.#consumers.values()) consumer.forget();
  }

  #advance(head: number): void {
    if (head <= this.#head) return;
    const known = this.#head;
    this.#head = head;
    // Read while the consumers claim their lanes.
    if (known > 0) void Promise.resolve(this.#pages.stretch(known, head)).catch(() => {});
    for (const consumer of this.#consumers.values()) consumer.wake();
    for (const listener of this.#listeners) {
      try {
        listener(head);
      } catch (error) {
        this.#options.log.error({ error }, 'A listener of the event log failed');
      }
    }
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#tick = this.#sequencer
        .poll()
        .then(() => this.#look())
        .then(() => {
          if (this.#started) this.#schedule();
        });
    }, this.#options.poll ?? 250);
    this.#timer.unref();
  }

  /** Compares what this host believes about its consumers with the database. */
  async #look(): Promise<void> {
    if (this.#consumers.size === 0) return;
    const { db, log } = this.#options;
    try {
      for (const consumer of this.#consumers.values()) if (!consumer.created) await consumer.create();
      const [lanes, due] = await Promise.all([readLanes(db), readDue(db)]);
      for (const [name, consumer] of this.#consumers)
        consumer.learn(
          lanes.filter((row: LaneRow) => row.consumer === name),
          due.has(name),
        );
      if (performance.now() - this.#idleSince > IDLE) {
        this.#idleSince = performance.now();
        await this.#moveIdle();
        this.#pages.sweep();
      }
    } catch (error) {
      log.warn({ error }, 'event log: could not look at the consumers');
    }
  }

  async #moveIdle(): Promise<void> {
    const advances = [...this.#consumers.values()].flatMap((consumer) => consumer.idle());
    if (advances.length === 0) return;
    await this.#options.db.transaction(async (tx) => {
      // A host of another release may react to other types: it must not pass over them.
      if (this.#options.fence && !(await this.#options.fence(tx))) return;
      await advanceIdle(tx, advances);
    });
  }
}
