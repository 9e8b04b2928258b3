/** The event log of a host: sequencing, reading, consumers. */
import type { Database } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import { checkDeclaration } from './check-declaration.ts';
import { Consumer, type ConsumerOptions } from './consumer.ts';
import type { Event, EventDeclaration } from './declarations.ts';
import { Declarations, decode, ownerOf } from './decode.ts';
import { EventsError } from './errors.ts';
import { KeptConnection } from './kept-connection.ts';
import { lakePayload, peopleIn } from './lake.ts';
import { LogPages } from './log-pages.ts';
import { Sequencer } from './sequencer.ts';
import type { StoredEvent } from './stored-event.ts';
import { ensureSubjects, readSubjects, SubjectCache } from './subjects.ts';
import { addSleeper } from './wake-ups.ts';

export interface EventLogOptions {
  db: Database;
  /** All that this host may meet: what its services publish, react to and show. */
  declarations: readonly EventDeclaration[];
  log: Logger;
  /** Milliseconds between looks at the database, for what no wake-up told of; 250 unless said. */
  poll?: number;
}

/**
 * @example
 *   const events = new EventLog({ db, declarations: [salesRecorded], log });
 *   events.addConsumer({ name: 'targets.progress', on: [salesRecorded], handle: moveProgress });
 *   await events.start();
 */
export class EventLog {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #declarations: Declarations;
  readonly #sequencer: Sequencer;
  readonly #reader: KeptConnection;
  readonly #pages: LogPages;
  readonly #subjects = new SubjectCache();
  readonly #consumers = new Map<string, Consumer>();
  readonly #listeners = new Set<(head: number) => void>();
  readonly #pseudonyms = new WeakMap<object, ReadonlyMap<string, string | null>>();
  readonly #poll: number;
  #head = 0;
  #timer: NodeJS.Timeout | undefined;
  #removeSleeper: () => void = () => {};
  #started = false;

  constructor(options: EventLogOptions) {
    for (const declaration of options.declarations) checkDeclaration(declaration);
    this.#db = options.db;
    this.#log = options.log;
    this.#poll = options.poll ?? 250;
    this.#declarations = new Declarations(options.declarations);
    this.#reader = new KeptConnection({
      db: options.db,
      log: options.log,
      name: 'event reader',
      setUp: async (client) => void (await client.query("SET TIME ZONE 'UTC'")),
    });
    this.#pages = new LogPages(this.#reader);
    this.#sequencer = new Sequencer({
      db: options.db,
      log: options.log,
      onHead: (head) => this.#advance(head),
      onErased: (subject) => this.#subjects.forget(subject),
    });
  }

  /** The last position given to a committed event, as far as this host knows. */
  get head(): number {
    return this.#head;
  }

  /** Resolves when it is connected and its consumers work. */
  async start(): Promise<void> {
    this.#started = true;
    await this.#reader.start();
    this.#removeSleeper = addSleeper({
      published: () => this.#sequencer.wake(),
      erased: (subject) => {
        this.#subjects.forget(subject);
        this.#sequencer.tellErased(subject);
      },
    });
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.create()));
    await this.#sequencer.start();
    const head = await this.#db.query<{ position: number }>('SELECT position FROM events.head');
    this.#advance(head.rows[0]!.position);
    for (const consumer of this.#consumers.values()) consumer.wake();
    this.#tick();
  }

  /** Ends the turns under way and gives the connections back. */
  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    this.#removeSleeper();
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    await this.#sequencer.stop();
    await this.#reader.stop();
  }

  /** Looks for what was published, at once. */
  wake(): void {
    this.#sequencer.wake();
  }

  /** @param fn called whenever this host hears of a new head. @returns stops the calls */
  onAdvance(fn: (head: number) => void): () => void {
    this.#listeners.add(fn);
    return () => void this.#listeners.delete(fn);
  }

  /**
   * Adds a consumer; before `start`, or while running.
   *
   * @throws EventsError `consumer_exists`, `invalid_declaration`
   */
  addConsumer<D extends EventDeclaration>(options: ConsumerOptions<D>): void {
    if (this.#consumers.has(options.name)) throw new EventsError('consumer_exists', { detail: options.name });
    const consumer = new Consumer(options as unknown as ConsumerOptions, {
      db: this.#db,
      log: this.#log,
      pages: this.#pages,
      subjects: this.#subjects,
      head: () => this.#head,
    });
    this.#consumers.set(options.name, consumer);
    if (this.#started) void consumer.create().then(() => consumer.wake());
  }

  /**
   * Events after a position, in order, without gaps (but of the types, where given).
   *
   * Of a type or version that this host does not know the payload is given as it is, without personal fields.
   */
  async read(options: { after: number; limit: number; types?: readonly string[] }): Promise<Event[]> {
    const head = this.#head;
    const types = options.types && new Set(options.types);
    const stored: StoredEvent[] = [];
    let at = options.after;
    while (at < head && stored.length < options.limit) {
      const stretch = await this.#pages.stretch(at, head);
      for (let i = stretch.from; i < stretch.to && stored.length < options.limit; i += 1) {
        const event = stretch.events[i];
        if (event && (!types || types.has(event.type))) stored.push(event);
      }
      at = stretch.last;
    }
    return this.#decode(stored);
  }

  /**
   * The payload as the lake may hold it: without personal fields, people by their pseudonyms, null where
   * they are erased. Of events that came from `read`.
   *
   * @throws EventsError `unknown_version`: without its declaration nobody knows what in it is personal
   */
  lake(event: Event): unknown {
    const pseudonyms = this.#pseudonyms.get(event) ?? new Map<string, string | null>();
    return lakePayload(event, this.#declarations.get(event), pseudonyms);
  }

  /** For tests: resolves when the inbox is empty and every consumer of this host has come to the head. */
  async drained(): Promise<void> {
    const names = [...this.#consumers.keys()];
    for (;;) {
      const answer = await this.#db.query<{ done: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM events.inbox) AND NOT EXISTS (
                SELECT FROM events.lanes WHERE consumer = ANY($1) AND position < (SELECT position FROM events.head)
              ) AS done`,
        [names],
      );
      if (answer.rows[0]!.done) return;
      this.wake();
      for (const consumer of this.#consumers.values()) consumer.wake();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #advance(head: number): void {
    if (head <= this.#head) return;
    this.#head = head;
    for (const consumer of this.#consumers.values()) consumer.wake();
    for (const listener of this.#listeners) listener(head);
  }

  #tick(): void {
    this.#timer = setTimeout(async () => {
      await this.#sequencer.poll();
      for (const consumer of this.#consumers.values()) consumer.wake();
      if (this.#started) this.#tick();
    }, this.#poll);
    this.#timer.unref();
  }

  async #decode(stored: StoredEvent[]): Promise<Event[]> {
    const owners = stored.map(ownerOf).filter((owner) => owner !== undefined);
    const subjects = await this.#subjects.get(owners, (missing) => readSubjects(this.#db, missing));
    const events = stored.map((event) =>
      decode(event, this.#declarations.find(event.type, event.version) ?? null, subjects),
    );
    await this.#findPseudonyms(events);
    return events;
  }

  async #findPseudonyms(events: Event[]): Promise<void> {
    const people = new Map<Event, string[]>();
    for (const event of events) {
      const ids = peopleIn(event.payload, this.#declarations.find(event.type, event.version)?.people ?? []);
      if (ids.length > 0) people.set(event, ids);
    }
    const subjects = await this.#subjects.get([...people.values()].flat(), (missing) =>
      ensureSubjects(this.#db, missing),
    );
    for (const [event, ids] of people)
      this.#pseudonyms.set(event, new Map(ids.map((id) => [id, subjects.get(id)?.pseudonym ?? null])));
  }
}
