/**
 * The declaration of events: what `events.ts` of a service is made of. Only types live here, so that
 * another service can import them without pulling a server along.
 */
import type { Context } from '@moonbase/telemetry';
import type { z } from 'zod';

export interface EventDeclaration<Payload extends z.ZodType = z.ZodType> {
  /** `noun.fact`, as `sales.recorded`; the noun is the service's. */
  type: `${string}.${string}`;
  /** Raised when the payload changes its meaning; readers accept the new one a release before. */
  version: number;
  payload: Payload;
  /**
   * Top-level payload fields that hold personal data: encrypted in the log with the key of the event's
   * first subject, null for readers once that person is erased, never in the lake. Declare them nullable.
   */
  personal?: readonly string[];
  /** Paths of payload fields that hold a person's id (`agentId`, `shares.*.agentId`): pseudonyms in the lake. */
  people?: readonly string[];
  /**
   * Whose reach it is in, for live streams: everybody's who may see its kind, or those at whose ids these paths point.
   * Unless said, only of those who reach everything.
   */
  reach?:
    | 'everybody'
    | {
        agents?: readonly string[];
        people?: readonly string[];
        teams?: readonly string[];
        branches?: readonly string[];
      };
}

/** What a service publishes. */
export interface NewEvent<D extends EventDeclaration> {
  /** The thing it speaks of: events of one key are delivered in order. */
  key: string;
  payload: z.input<D['payload']>;
  /** Ids of the people whose data it holds, the owner of its personal fields first. */
  subjects?: readonly string[];
  /** When it happened; now unless said. */
  occurredAt?: Date;
  /** Who did it and because of what; the current context unless said (batched writes must say). */
  context?: Partial<Context>;
}

/** All of an event but what it says. */
export interface EventEnvelope {
  /** Dense place in the log, from 1. */
  position: number;
  id: string;
  type: string;
  version: number;
  key: string;
  subjects: string[];
  occurredAt: Date;
  recordedAt: Date;
  /** Who did it: `person:<id>`, `key:<id>` or `system`. */
  actor: string;
  /** The event or request before it. */
  cause: string | null;
  trace: string | null;
}

/**
 * What a reaction receives; frozen, because others receive it too. Of several declarations it is a union
 * that `type` tells apart.
 */
export type Event<D extends EventDeclaration = EventDeclaration> = 0 extends 1 & D
  ? // biome-ignore lint/suspicious/noExplicitAny: `Event<any>` is for tables of handlers of different events.
    any
  : D extends EventDeclaration
    ? EventEnvelope & { type: D['type']; payload: z.output<D['payload']> }
    : never;
