/**
 * The log in memory: pages of consecutive positions, read and parsed once per host for all its consumers and
 * streams. What the log holds never changes, so a page is never stale; the newest one grows. The longest
 * unused ones give way.
 */
import { EventsError } from './errors.ts';
import type { KeptConnection } from './kept-connection.ts';
import { fromRow, type StoredEvent, selectEvents, selectPositions } from './stored-event.ts';

const PAGE = 1_024;
/** Milliseconds after which a page that nobody uses is let go. */
const IDLE = 5_000;

interface Page {
  /** Position before its first. */
  before: number;
  /** From its first position on; undefined where retention has dropped it. */
  events: (StoredEvent | undefined)[];
  loading: Promise<void> | undefined;
  usedAt: number;
}

/** Part of a page: `events` from index `from` up to but without `to`. */
export interface Stretch {
  events: readonly (StoredEvent | undefined)[];
  from: number;
  to: number;
  /** The last position in it. */
  last: number;
}

export class LogPages {
  readonly #connection: KeptConnection;
  readonly #most: number;
  readonly #pages = new Map<number, Page>();

  /** @param most pages kept, 1,024 events each */
  constructor(connection: KeptConnection, most = 24) {
    this.#connection = connection;
    this.#most = most;
  }

  /**
   * Positions from `after` + 1 on: up to the end of their page, not beyond `upTo`. Without a promise where
   * they are in memory.
   */
  stretch(after: number, upTo: number): Stretch | Promise<Stretch> {
    const page = this.#page(Math.floor(after / PAGE));
    const last = Math.min(upTo, page.before + PAGE);
    const stretch = { events: page.events, from: after - page.before, to: last - page.before, last };
    return page.events.length >= stretch.to ? stretch : this.#load(page, last).then(() => stretch);
  }

  /** Single events, wherever they are; those that are gone are left out. */
  async pick(positions: readonly number[]): Promise<StoredEvent[]> {
    if (positions.length === 0) return [];
    const answer = await this.#connection.query(selectPositions(positions));
    return answer.rows.map(fromRow);
  }

  /** Forgets what was not used for a while. */
  sweep(): void {
    const before = performance.now() - IDLE;
    for (const [number, page] of this.#pages) if (page.usedAt < before) this.#pages.delete(number);
  }

  /** Forgets everything. */
  clear(): void {
    this.#pages.clear();
  }

  async #load(page: Page, last: number): Promise<void> {
    while (page.before + page.events.length < last) {
      page.loading ??= this.#read(page, last).finally(() => {
        page.loading = undefined;
      });
      await page.loading;
    }
  }

  #page(number: number): Page {
    const known = this.#pages.get(number);
    const page: Page = known ?? { before: number * PAGE, events: [], loading: undefined, usedAt: 0 };
    page.usedAt = performance.now();
    // Maps keep the order of insertion: the first is the longest unused.
    this.#pages.delete(number);
    this.#pages.set(number, page);
    if (this.#pages.size > this.#most) this.#pages.delete(this.#pages.keys().next().value!);
    return page;
  }

  async #read(page: Page, last: number): Promise<void> {
    const from = page.before + page.events.length;
    const answer = await this.#connection.query(selectEvents(from, last));
    const events = answer.rows.map(fromRow);
    const missing = last - from - events.length;
    // Retention drops from the start; a hole anywhere else would be a loss, and must never be passed over.
    if (
      missing > 0 &&
      (from !== page.before || (events.length > 0 && events[0]!.position !== from + missing + 1))
    )
      throw new EventsError('log_gap', {
        detail: `Between ${from + 1} and ${last}, ${missing} are missing.`,
      });
    page.events.push(...new Array<undefined>(missing).fill(undefined), ...events);
  }
}
