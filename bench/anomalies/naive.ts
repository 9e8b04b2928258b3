/**
 * The peer: what one would write in an afternoon. Mean and three standard deviations of everything the agent
 * sold of a product, of the sales a day, of the cancellations a day; every place not seen before; every export out
 * of hours.
 */

import { daysBetween } from '../../services/anomalies/features/day-counts.ts';
import { weekdayOf } from '../../services/anomalies/features/export-out-of-hours.ts';
import { browserFamily, networkOf } from '../../services/anomalies/features/new-place.ts';
import type { Year } from './made-up-year.ts';

class Moments {
  n = 0;
  #sum = 0;
  #squares = 0;
  add(value: number): void {
    this.n += 1;
    this.#sum += value;
    this.#squares += value * value;
  }
  /** Whether the value is more than three standard deviations from the mean, of `n` values. */
  isFar(value: number, n = this.n): boolean {
    if (n < 8) return false;
    const mean = this.#sum / n;
    return Math.abs(value - mean) > 3 * Math.sqrt(Math.max(0, this.#squares / n - mean * mean));
  }
}

export function findNaively(year: Year): Record<string, Set<string>> {
  const found = {
    'unusual-amount': new Set<string>(),
    'unusual-count': new Set<string>(),
    'cancellation-burst': new Set<string>(),
    'new-place': new Set<string>(),
    'export-out-of-hours': new Set<string>(),
  };
  const amounts = new Map<string, Moments>();
  const of = (map: Map<string, Moments>, key: string) => {
    if (!map.has(key)) map.set(key, new Moments());
    return map.get(key)!;
  };
  const counts = new Map<string, Map<string, number>>();
  const count = (subject: string, day: string) => {
    const days = counts.get(subject) ?? new Map<string, number>();
    counts.set(subject, days);
    days.set(day, (days.get(day) ?? 0) + 1);
  };
  for (const event of year.sales) {
    if (event.type === 'sales.recorded') {
      const { after } = event.payload;
      const agent = after.shares[0]!.agentId;
      const moments = of(amounts, `${agent} ${after.productId}`);
      if (moments.isFar(Number(after.amount))) found['unusual-amount'].add(after.saleId);
      moments.add(Number(after.amount));
      count(`sales ${agent}`, after.day);
    }
    if (event.type === 'sales.cancelled') {
      const day = event.occurredAt.toISOString().slice(0, 10);
      count(`agent ${event.payload.before.shares[0]!.agentId}`, day);
      count(`branch ${event.payload.before.branchId}`, day);
    }
  }
  for (const [subject, days] of counts) {
    const moments = new Moments();
    const first = [...days.keys()].sort()[0]!;
    for (const [day, number] of [...days].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (number > 1 && moments.isFar(number, Math.max(moments.n, daysBetween(first, day)))) {
        if (subject.startsWith('sales ')) found['unusual-count'].add(`${subject.slice(6)} ${day}`);
        else found['cancellation-burst'].add(`${subject} ${day}`);
      }
      moments.add(number);
    }
  }
  const places = new Map<string, Set<string>>();
  for (const { payload } of year.signIns) {
    const known = places.get(payload.personId) ?? new Set<string>();
    const place = `${networkOf(payload.place!)} ${browserFamily(payload.browser)}`;
    if (known.size > 0 && !known.has(place)) found['new-place'].add(payload.sessionId);
    places.set(payload.personId, known.add(place));
  }
  for (const { payload, occurredAt } of year.exports) {
    const day = occurredAt.toISOString().slice(0, 10);
    const hour = occurredAt.getUTCHours();
    if (weekdayOf(day) === 7 || hour < 7 || hour >= 20)
      found['export-out-of-hours'].add(`person:${payload.personId} ${day}`);
  }
  return found;
}
