/**
 * Gives a turn's events to the handler: all in one call, or carefully, event by event, to find out who is at
 * fault. An event that fails is set aside with its key, to be tried again after a pause, and the lane goes on.
 *
 * When everything fails, it is not the events: after three failures in a row without a success a lane stops
 * before the next event and waits, longer each time. So an outage sets at most a few keys aside. An event on
 * which the lane stopped as often as the policy allows is parked, too: a lane always goes on in the end.
 */
import type { Transaction } from '@moonbase/data';
import type { ConsumerOptions } from './consumer.ts';
import type { Event } from './declarations.ts';
import { describeError, type Parking } from './parked.ts';
import { type RetryPolicy, retryIn } from './retry-policy.ts';
import type { StoredEvent } from './stored-event.ts';
import { tryHandler } from './try-handler.ts';
import type { Lane } from './turn.ts';
import { withCause } from './with-cause.ts';

/** Failures in a row that count as the events' own fault. */
export const OWN_FAULT = 3;

export interface Delivery {
  stored: readonly StoredEvent[];
  decode: (stored: StoredEvent) => Event;
  consumer: ConsumerOptions;
  policy: RetryPolicy;
  careful: boolean;
  laneOf: (stored: StoredEvent) => Lane;
  /** Keys with parked events; grows. */
  blocked: Set<string>;
}

export interface Delivered {
  /** Events that went well. */
  handled: number;
  parking: Parking[];
}

/** Lanes are changed to what they are afterwards. @throws what the handler throws, if not careful */
export async function deliver(tx: Transaction, delivery: Delivery): Promise<Delivered> {
  const { consumer, blocked, laneOf } = delivery;
  const ready: Event[] = [];
  const parking: Parking[] = [];
  const stopped = new Set<Lane>();
  let handled = 0;
  const park = (stored: StoredEvent, entry: Omit<Parking, 'stored'>) => {
    blocked.add(stored.key);
    parking.push({ stored, ...entry });
    laneOf(stored).parked += 1;
  };
  for (const stored of delivery.stored) {
    if (stopped.has(laneOf(stored))) continue;
    if (blocked.has(stored.key)) {
      park(stored, { error: null, attempts: 0, retryIn: null });
      continue;
    }
    let event: Event;
    try {
      event = delivery.decode(stored);
    } catch (error) {
      // Another try would not read it either: it waits for a release that does, and a person.
      park(stored, { error: describeError(error), attempts: 1, retryIn: null });
      continue;
    }
    if (!delivery.careful) {
      ready.push(event);
      continue;
    }
    const failure = await tryHandler(tx, (inner) =>
      withCause([event], () => consumer.handle([event], inner)),
    );
    if (!failure) {
      handled += 1;
      laneOf(stored).failures = 0;
    } else if (!failed(stored, failure.error)) stopped.add(laneOf(stored));
  }
  if (ready.length > 0) await withCause(ready, () => consumer.handle(ready, tx));
  return { handled: handled + ready.length, parking };

  /** @returns whether the lane goes on */
  function failed(stored: StoredEvent, cause: unknown): boolean {
    const { policy } = delivery;
    const lane = laneOf(stored);
    const error = describeError(cause);
    lane.failures += 1;
    const stops = lane.failures - OWN_FAULT;
    if (stops <= 0) park(stored, { error, attempts: 1, retryIn: retryIn(policy, 1) });
    else if (stops % policy.attempts === 0) park(stored, { error, attempts: policy.attempts, retryIn: null });
    else {
      lane.position = stored.position - 1;
      lane.waits = policy.backoff(stops);
      return false;
    }
    return true;
  }
}
