/**
 * One consumer on one host: when it takes its turns (turn.ts says how one goes).
 *
 * It keeps in mind how far its lanes have come, as far as this host knows, and up to where the log holds
 * nothing for them (`#clear`): most wake-ups are answered from memory. With little to do one worker claims
 * all lanes in one transaction; with a backlog several work side by side, some lanes each.
 *
 *   asleep --(woken, and there is something)--> working: turn, turn, … --(nothing left, or others have the
 *   lanes)--> asleep;  working --(turn failed)--> careful turns, or paused for a while --> working
 */
import type { Database, Transaction } from '@moonbase/data';
import type { Logger } from '@moonbase/telemetry';
import { checkDeclaration } from './check-declaration.ts';
import { isConnectionLost, isTransient } from './connection-lost.ts';
import { type Advance, createConsumer, type LaneRow } from './consumer-rows.ts';
import type { Event, EventDeclaration } from './declarations.ts';
import { Declarations } from './decode.ts';
import { EventsError } from './errors.ts';
import { type Replayed, replayKey } from './handle-parked.ts';
import type { LogPages } from './log-pages.ts';
import { measures } from './measures.ts';
import { Pace } from './pace.ts';
import type { Permits } from './permits.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import { SLOTS } from './slots.ts';
import type { StoredEvent } from './stored-event.ts';
import type { SubjectCache } from './subjects.ts';
import { type Fence, HandlerFailed, type Turn, type TurnOptions, takeTurn } from './turn.ts';

export interface ConsumerOptions<D extends EventDeclaration = EventDeclaration> {
  /** Kept in the database: `sales.progress`. */
  name: string;
  /** What it handles; several versions of a type, where it reads several. */
  on: readonly D[];
  /** Gets events in order of their keys, and one transaction with the consumer's positions. */
  handle: (events: Event<D>[], tx: Transaction) => Promise<void>;
  /** Lanes that can work side by side; 4 unless said, at most 64. In one lane everything comes in order. */
  lanes?: number;
  /** Most events in one call of `handle`; 500 unless said. */
  batch?: number;
  /**
   * At its first start, instead of going through the whole log: takes over the owner's list, which stands
   * for all events up to the position. Runs once, in the transaction that makes the consumer.
   */
  bootstrap?: (tx: Transaction, position: number) => Promise<void>;
  /** What becomes of events that fail. */
  retry?: Partial<RetryPolicy>;
}

/** What the consumers of a host share. */
export interface ConsumerWorld {
  db: Database;
  log: Logger;
  pages: LogPages;
  subjects: SubjectCache;
  fence: Fence | undefined;
  /** Turns at one time: requests need connections, too. */
  permits: Permits;
  head(): number;
}

/** Workers of one consumer on one host. */
const WORKERS = 2;

export class Consumer {
  readonly name: string;
  readonly #options: ConsumerOptions;
  readonly #world: ConsumerWorld;
  readonly #declarations: Declarations;
  readonly #types: ReadonlySet<string>;
  readonly #policy: RetryPolicy;
  readonly #wantedLanes: number;
  readonly #batch: number;
  #lanes = new Map<number, { position: number; waits: boolean }>();
  #laneCount = 0;
  /** Up to here the log holds nothing for lanes that may be claimed; -1 while that is unknown. */
  #clear = -1;
  #due = false;
  #created = false;
  #workers = new Set<Promise<void>>();
  readonly #pace = new Pace(1.5, 40);
  #carefulUntil = 0;
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ConsumerOptions, world: ConsumerWorld) {
    for (const declaration of options.on) checkDeclaration(declaration);
    this.#wantedLanes = options.lanes ?? 4;
    if (!(this.#wantedLanes >= 1 && this.#wantedLanes <= SLOTS))
      throw new EventsError('invalid_consumer', {
        detail: `${options.name}: it can have 1 to ${SLOTS} lanes.`,
      });
    this.name = options.name;
    this.#options = options;
    this.#world = world;
    this.#batch = options.batch ?? 500;
    this.#policy = { ...defaultRetryPolicy, ...options.retry };
    this.#declarations = new Declarations(options.on);
    this.#types = new Set(options.on.map((declaration) => declaration.type));
  }

  /** Makes its rows at its first start, and lets it work. */
  async create(): Promise<void> {
    const made = await createConsumer(this.#world.db, this.#options, this.#wantedLanes);
    const log = this.#world.log.child({ consumer: this.name });
    if (made?.late) log.warn({ position: made.position }, 'A consumer starts after events that are gone');
    else if (made) log.info({ position: made.position }, 'A consumer starts for the first time');
    this.#created = true;
  }

  get created(): boolean {
    return this.#created;
  }

  wake(): void {
    if (this.#stopped || this.#pause || !this.#created) return;
    const wanted = this.#due ? 1 : this.#hasWork() ? this.#wantedWorkers() : 0;
    while (this.#workers.size < wanted) {
      const worker: Promise<void> = this.#work().finally(() => void this.#workers.delete(worker));
      this.#workers.add(worker);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#pause);
    await Promise.all(this.#workers);
  }

  /** Takes in what the database says about its lanes, and whether a parked key is due. */
  learn(rows: readonly LaneRow[], due: boolean): void {
    if (rows[0]) this.#know(rows[0].laneCount, rows);
    this.#due = due;
    this.wake();
  }

  /** Lanes for which the log holds nothing further, so that they may be moved without a turn. */
  idle(): Advance[] {
    if (this.#hasWork()) return [];
    const to = this.#clear;
    return [...this.#lanes].flatMap(([lane, { position, waits }]) =>
      waits || position >= to ? [] : [{ consumer: this.name, lane, from: position, to }],
    );
  }

  /** Events that wait for it after the positions of its lanes; an upper bound where it is far behind. */
  async lag(rows: readonly LaneRow[], head: number): Promise<number> {
    const positions = new Map(rows.map(({ lane, position }) => [lane, position]));
    const from = Math.min(...positions.values());
    if (head - from > 10_000) return head - from;
    let count = 0;
    for (let at = from; at < head; ) {
      const { events, from: first, to, last } = await this.#world.pages.stretch(at, head);
      for (const event of events.slice(first, to))
        if (event && this.#types.has(event.type) && event.position > positions.get(event.slot % rows.length)!)
          count += 1;
      at = last;
    }
    return count;
  }

  /** Up to here everything for it is done, as far as this host knows. */
  reached(): number {
    this.#hasWork();
    const waiting = [...this.#lanes.values()].filter(({ waits }) => waits).map(({ position }) => position);
    return Math.max(0, Math.min(this.#clear, ...waiting));
  }

  /** What it knows of its lanes may be wrong. */
  forget(): void {
    this.#lanes = new Map();
    this.#laneCount = 0;
    this.#clear = -1;
  }

  replay(key: string): Promise<Replayed> {
    return replayKey(this.#world.db, this.#turnOptions(), key);
  }

  /** Moves `#clear` to just before the next event for it. @returns whether there is one */
  #hasWork(): boolean {
    if (this.#clear < 0) return true;
    const head = this.#world.head();
    while (this.#clear < head) {
      const next = this.#world.pages.stretch(this.#clear, head);
      if (next instanceof Promise) {
        // It is being read; the turn needs it anyhow, and meets the error if there is one.
        next.catch(() => {});
        return true;
      }
      for (let i = next.from; i < next.to; i += 1) {
        const event = next.events[i];
        if (!event || !this.#concerns(event)) continue;
        this.#clear = event.position - 1;
        return true;
      }
      this.#clear = next.last;
    }
    return false;
  }

  #concerns(event: StoredEvent): boolean {
    if (!this.#types.has(event.type)) return false;
    const lane = this.#lanes.get(event.slot % this.#laneCount);
    return !lane || (!lane.waits && event.position > lane.position);
  }

  #wantedWorkers(): number {
    if (this.#clear < 0 || this.#world.head() - this.#clear <= 2 * this.#batch) return 1;
    return Math.max(1, Math.min(WORKERS, this.#laneCount));
  }

  async #work(): Promise<void> {
    while (!this.#stopped && !this.#pause && (this.#due || this.#hasWork())) {
      this.#due = false;
      const backlog = this.#wantedWorkers() > 1;
      if (!backlog) await this.#pace.wait();
      try {
        let started = 0;
        const turn = await this.#world.permits.run(() => {
          started = performance.now();
          return takeTurn(this.#turnOptions());
        });
        this.#pace.rest(started, turn.handled);
        measures.turns(this.name).observe((performance.now() - started) / 1_000);
        measures.handled(this.name).inc(turn.handled);
        this.#failures = 0;
        this.#takeIn(turn);
        // Others have the lanes: whoever has them goes on, and the poll looks after it.
        if (!turn.moved) return;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #know(laneCount: number, lanes: readonly { lane: number; position: number; waits: boolean }[]): void {
    if (laneCount !== this.#laneCount) this.forget();
    this.#laneCount = laneCount;
    for (const { lane, position, waits } of lanes) {
      const known = this.#lanes.get(lane);
      // What waited may go on: its events were passed over so far.
      if (known?.waits && !waits) this.#clear = Math.min(this.#clear, known.position);
      this.#lanes.set(lane, { position: Math.max(position, known?.position ?? 0), waits });
    }
    if (this.#clear < 0 && this.#lanes.size === laneCount)
      this.#clear = Math.min(...[...this.#lanes.values()].map(({ position }) => position));
  }

  #takeIn(turn: Turn): void {
    if (turn.changed) {
      this.forget();
      return;
    }
    if (turn.laneCount > 0)
      this.#know(
        turn.laneCount,
        turn.lanes.map(({ lane, position, waits }) => ({ lane, position, waits: waits !== null })),
      );
    if (turn.parked > 0)
      this.#world.log.warn({ consumer: this.name, events: turn.parked }, 'Events were parked');
    if (this.#wantedWorkers() > this.#workers.size) this.wake();
  }

  #failed(error: unknown): void {
    const { log } = this.#world;
    const cause = error instanceof HandlerFailed ? error.cause : error;
    this.#failures += 1;
    measures.failures(this.name).inc();
    if (error instanceof HandlerFailed && !isConnectionLost(cause)) {
      if (isTransient(cause) && this.#failures <= 3) return;
      if (error.upTo > this.#carefulUntil) {
        log.warn({ consumer: this.name, error: cause }, 'A handler failed; its events are taken one by one');
        this.#carefulUntil = error.upTo;
        return;
      }
    }
    const wait = Math.min(1_000, 25 * 2 ** this.#failures);
    if (this.#failures === 1 || wait === 1_000)
      log.warn({ consumer: this.name, error: cause, wait }, 'A consumer pauses');
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.wake();
    }, wait);
  }

  #turnOptions(): TurnOptions {
    const { db, pages, subjects, fence, head } = this.#world;
    const workers = this.#wantedWorkers();
    return {
      db,
      pages,
      subjects,
      fence,
      head: head(),
      consumer: this.#options,
      declarations: this.#declarations,
      types: this.#types,
      policy: this.#policy,
      lanes: workers === 1 ? SLOTS : Math.ceil(this.#laneCount / workers),
      laneCount: this.#wantedLanes,
      batch: this.#batch,
      carefulUntil: this.#carefulUntil,
    };
  }
}
