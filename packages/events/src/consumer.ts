/**
 * One consumer on one host: when it takes its turns, and how a turn goes.
 *
 * A turn is one transaction: it claims lanes that no other host works on, lets the handler do its statements
 * for their next events, and moves their positions. So the effect and the position are committed together,
 * or not at all.
 */
import type { Database, Transaction } from '@moonbase/data';
import { type Logger, withContext } from '@moonbase/telemetry';
import { checkDeclaration } from './check-declaration.ts';
import { collect } from './collect.ts';
import type { Event, EventDeclaration } from './declarations.ts';
import { Declarations, decode, ownerOf } from './decode.ts';
import type { LogPages } from './log-pages.ts';
import type { StoredEvent } from './stored-event.ts';
import { readSubjects, type SubjectCache } from './subjects.ts';

export interface ConsumerOptions<D extends EventDeclaration = EventDeclaration> {
  /** Kept in the database: `sales.progress`. */
  name: string;
  /** What it handles; several versions of a type, where it reads several. */
  on: readonly D[];
  /** Gets events in order of their keys, and one transaction with the consumer's positions. */
  handle: (events: Event<D>[], tx: Transaction) => Promise<void>;
  /** Lanes that can work side by side; 4 unless said, at most 64. */
  lanes?: number;
  /** Most events in one call of `handle`; 500 unless said. */
  batch?: number;
}

/** What consumers of a host share. */
export interface ConsumerWorld {
  db: Database;
  log: Logger;
  pages: LogPages;
  subjects: SubjectCache;
  head(): number;
}

interface Turn {
  claimed: number;
  handled: number;
  /** Up to where the claimed lanes have come. */
  upTo: number;
}

export class Consumer {
  readonly name: string;
  readonly #options: ConsumerOptions;
  readonly #world: ConsumerWorld;
  readonly #declarations: Declarations;
  readonly #types: ReadonlySet<string>;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: ConsumerOptions, world: ConsumerWorld) {
    for (const declaration of options.on) checkDeclaration(declaration);
    this.name = options.name;
    this.#options = options;
    this.#world = world;
    this.#declarations = new Declarations(options.on);
    this.#types = new Set(options.on.map((declaration) => declaration.type));
  }

  /** Makes its rows at its first start. */
  async create(): Promise<void> {
    await this.#world.db.transaction(async (tx) => {
      const lanes = this.#options.lanes ?? 4;
      const made = await tx.query(
        `INSERT INTO events.consumers (name, lanes, started_at)
         SELECT $1, $2, (SELECT min(first) - 1 FROM events.partitions) ON CONFLICT DO NOTHING`,
        [this.name, lanes],
      );
      if (!made.rowCount) return;
      await tx.query(
        `INSERT INTO events.lanes (consumer, lane, position)
         SELECT name, lane, started_at FROM events.consumers, generate_series(0, lanes - 1) AS lane WHERE name = $1`,
        [this.name],
      );
    });
  }

  wake(): void {
    this.#again = true;
    if (this.#stopped) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    let pause = 50;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        const turn = await this.#turn();
        if (turn.claimed > 0 && turn.upTo < this.#world.head()) this.#again = true;
        pause = 50;
      } catch (error) {
        this.#world.log.error({ error, consumer: this.name }, 'A consumer failed');
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(5_000, pause * 2);
        this.#again = true;
      }
    }
  }

  #turn(): Promise<Turn> {
    const { db, pages } = this.#world;
    return db.transaction(async (tx) => {
      const claimed = await tx.query<{ lane: number; position: number; lanes: number }>(
        `SELECT l.lane, l.position, c.lanes FROM events.lanes l JOIN events.consumers c ON c.name = l.consumer
          WHERE l.consumer = $1 ORDER BY l.lane FOR UPDATE OF l SKIP LOCKED`,
        [this.name],
      );
      const head = this.#world.head();
      if (claimed.rows.length === 0) return { claimed: 0, handled: 0, upTo: 0 };
      const lanes = new Map(claimed.rows.map(({ lane, position }) => [lane, position]));
      const { events, upTo } = await collect(pages, {
        lanes,
        laneCount: claimed.rows[0]!.lanes,
        types: this.#types,
        head,
        events: this.#options.batch ?? 500,
        positions: 20_000,
      });
      if (events.length > 0) await this.#handle(tx, events);
      await tx.query(
        'UPDATE events.lanes SET position = $3 WHERE consumer = $1 AND lane = ANY($2) AND position < $3',
        [this.name, [...lanes.keys()], upTo],
      );
      return { claimed: lanes.size, handled: events.length, upTo };
    });
  }

  async #handle(tx: Transaction, stored: StoredEvent[]): Promise<void> {
    const owners = stored.map(ownerOf).filter((owner) => owner !== undefined);
    const subjects = owners.length
      ? await this.#world.subjects.get(owners, (missing) => readSubjects(tx, missing))
      : undefined;
    const events = stored.map((event) => decode(event, this.#declarations.get(event), subjects));
    const [first] = events;
    const context =
      events.length === 1
        ? { cause: first!.id, actor: first!.actor, traceId: first!.trace ?? undefined }
        : { cause: null, actor: 'system', traceId: undefined };
    await withContext({ ...context, requestId: undefined }, () => this.#options.handle(events, tx));
  }
}
