/** Reading events outside consumers: live streams, the lake, people who look. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '@moonbase/data';
import type { Event } from './declarations.ts';
import { type Declarations, decode, ownerOf } from './decode.ts';
import { lakePayload, peopleIn } from './lake.ts';
import type { LogPages } from './log-pages.ts';
import type { StoredEvent } from './stored-event.ts';
import { ensureSubjects, readSubjects, type SubjectCache } from './subjects.ts';

/** Events decoded in one go. */
const SLICE = 200;

export interface ReadOptions {
  /** The position before the first one wanted. */
  after: number;
  /** Most events. */
  limit: number;
  /** Only these; all unless said. */
  types?: readonly string[];
}

export interface LogReaderOptions {
  db: Database;
  pages: LogPages;
  subjects: SubjectCache;
  declarations: Declarations;
}

export class LogReader {
  readonly #options: LogReaderOptions;
  /** Pseudonyms of the people in events that were read, so that `lake` needs no promise. */
  readonly #pseudonyms = new WeakMap<Event, ReadonlyMap<string, string | null>>();

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  async read({ after, limit, types }: ReadOptions, head: number): Promise<Event[]> {
    const wanted = types && new Set(types);
    const stored: StoredEvent[] = [];
    for (let at = after; at < head && stored.length < limit; ) {
      const stretch = await this.#options.pages.stretch(at, head);
      for (let i = stretch.from; i < stretch.to && stored.length < limit; i += 1) {
        const event = stretch.events[i];
        if (event && (!wanted || wanted.has(event.type))) stored.push(event);
      }
      at = stretch.last;
    }
    return this.#decode(stored);
  }

  lake(event: Event): unknown {
    const declaration = this.#options.declarations.get(event);
    return lakePayload(event, declaration, this.#pseudonyms.get(event) ?? new Map());
  }

  async #decode(stored: StoredEvent[]): Promise<Event[]> {
    const { db, subjects, declarations } = this.#options;
    const owners = stored.map(ownerOf).filter((owner) => owner !== undefined);
    const keys = await subjects.get(owners, (missing) => readSubjects(db, missing));
    const events: Event[] = [];
    const people = new Map<Event, string[]>();
    for (const each of stored) {
      // Whoever reads thousands must not keep requests waiting all the while.
      if (events.length % SLICE === SLICE - 1) await turn();
      const declaration = declarations.find(each.type, each.version);
      const event = decode(each, declaration ?? null, keys);
      events.push(event);
      if (declaration?.people) people.set(event, peopleIn(event.payload, declaration.people));
    }
    const known = await subjects.get([...people.values()].flat(), (missing) => ensureSubjects(db, missing));
    for (const [event, ids] of people)
      this.#pseudonyms.set(event, new Map(ids.map((id) => [id, known.get(id)?.pseudonym ?? null])));
    return events;
  }
}
