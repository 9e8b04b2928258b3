import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collect } from './collect.ts';
import type { LogPages } from './log-pages.ts';
import type { StoredEvent } from './stored-event.ts';

const TYPES = ['a.a', 'b.b', 'c.c'];

/** A log of (type, slot) pairs, in pages of five. */
function pagesOf(log: readonly (readonly [type: number, slot: number])[]): LogPages {
  const events = log.map(
    ([type, slot], i) => ({ position: i + 1, type: TYPES[type]!, slot, key: `k${slot}` }) as StoredEvent,
  );
  const stretch = (after: number, upTo: number) => {
    const last = Math.min(upTo, Math.floor(after / 5) * 5 + 5);
    const found = { events, from: after, to: last, last };
    return after % 2 ? found : Promise.resolve(found);
  };
  return { stretch } as unknown as LogPages;
}

test('lanes that are claimed in any way, batch by batch, together get every event once and each slot in order', async () => {
  const log = fc.array(fc.tuple(fc.nat(2), fc.nat(63)), { minLength: 1, maxLength: 60 });
  const claims = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 7 })), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(log, fc.integer({ min: 1, max: 9 }), claims, async (entries, laneCount, claimed) => {
      const pages = pagesOf(entries);
      const types = new Set(['a.a', 'b.b']);
      const positions = new Map(Array.from({ length: laneCount }, (_, lane) => [lane, 0]));
      const got: StoredEvent[] = [];
      const turn = async (lanes: number[], limit: number) => {
        const { events, upTo } = await collect(pages, {
          lanes: new Map(lanes.map((lane) => [lane, positions.get(lane)!])),
          laneCount,
          types,
          head: entries.length,
          events: limit,
          positions: 13,
        });
        expect(events.length).toBeLessThanOrEqual(limit);
        got.push(...events);
        for (const lane of lanes) positions.set(lane, Math.max(positions.get(lane)!, upTo));
      };
      for (const [bits, limit] of claimed) {
        const lanes = [...positions.keys()].filter((lane) => bits & (1 << lane));
        if (lanes.length > 0) await turn(lanes, limit);
      }
      while (Math.min(...positions.values()) < entries.length) await turn([...positions.keys()], 4);
      const wanted = entries.flatMap(([type], i) => (type < 2 ? [i + 1] : []));
      expect(got.map((event) => event.position).sort((a, b) => a - b)).toEqual(wanted);
      for (const slot of new Set(got.map((event) => event.slot))) {
        const order = got.filter((event) => event.slot === slot).map((event) => event.position);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});
