import { type Context, withContext } from '@moonbase/telemetry';
import type { EventEnvelope } from './declarations.ts';

/**
 * The context of what follows from an event: its id is the cause; actor and trace are taken over. For a
 * reaction that publishes for several events at once.
 *
 * @example
 *   await publish(tx, targetsReached, events.map((event) => ({ key, payload, context: causedBy(event) })));
 */
export function causedBy(event: Pick<EventEnvelope, 'id' | 'actor' | 'trace'>): Partial<Context> {
  return { cause: event.id, actor: event.actor, traceId: event.trace ?? undefined };
}

/** Runs a handler in the context of its event; of several, in that of the system. */
export function withCause<T>(events: readonly EventEnvelope[], fn: () => T): T {
  const [first] = events;
  const context =
    first && events.length === 1 ? causedBy(first) : { cause: null, actor: 'system', traceId: undefined };
  return withContext({ ...context, requestId: undefined }, fn);
}
