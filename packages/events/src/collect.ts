/** Which events of the log are a consumer's next ones. */
import type { LogPages } from './log-pages.ts';
import type { StoredEvent } from './stored-event.ts';

export interface CollectOptions {
  /** Up to where each claimed lane has come, by its number. */
  lanes: ReadonlyMap<number, number>;
  /** How many lanes the consumer has, claimed or not. */
  laneCount: number;
  types: ReadonlySet<string>;
  /** Not beyond. */
  head: number;
  /** Most events to return. */
  events: number;
  /** Most positions to look at. */
  positions: number;
}

/** @returns the events in order, and the position up to which the claimed lanes have no others */
export async function collect(
  pages: LogPages,
  options: CollectOptions,
): Promise<{ events: StoredEvent[]; upTo: number }> {
  const { lanes, laneCount, types, head } = options;
  const found: StoredEvent[] = [];
  let at = Math.min(...lanes.values());
  const end = Math.min(head, at + options.positions);
  while (at < end) {
    const next = pages.stretch(at, end);
    const { events, from, to, last } = next instanceof Promise ? await next : next;
    for (let i = from; i < to; i += 1) {
      const event = events[i];
      if (!event || !types.has(event.type)) continue;
      const reached = lanes.get(event.slot % laneCount);
      if (reached === undefined || event.position <= reached) continue;
      found.push(event);
      if (found.length === options.events) return { events: found, upTo: event.position };
    }
    at = last;
  }
  return { events: found, upTo: at };
}
