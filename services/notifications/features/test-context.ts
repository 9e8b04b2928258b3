/** For tests of single features: a database of one's own, a clock that is set, and what was published. */

import { agentsChanged, branchesChanged } from '@moonbase/agents/events.ts';
import { type Clock, type Database, EVERYTHING, newId } from '@moonbase/data';
import { createTestDatabase } from '@moonbase/data/testing';
import { type Event, type EventDeclaration, eventMigrations } from '@moonbase/events';
import type { Route } from '@moonbase/http';
import { type Principal, SYSTEM } from '@moonbase/identity';
import { peopleChanged } from '@moonbase/people/events.ts';
import { type Handler, privacyMigrations, type RouteRequest, type ServiceContext } from '@moonbase/service';
import type { z } from 'zod';
import { followEvents } from './follow-events.ts';

export interface TestContext {
  context: ServiceContext;
  db: Database;
  /** Where the clock stands; set it to move on. */
  clock: Clock & { at: string };
  /** Whether webhooks may go to private addresses; false at first. */
  webhooks: { allowPrivateAddresses: boolean };
  /** Ids of the notifications that wait for delivery, in their order. */
  enqueued: string[];
  /** Calls a handler as HTTP would, after validation. */
  call<R extends Route>(handler: Handler<R>, input: Partial<RouteRequest<R>>): ReturnType<Handler<R>>;
  /** Lets events come in, in one transaction. */
  react(...events: Event[]): Promise<void>;
  /** Payloads in the inbox of the log, in their order. */
  published(): Promise<Record<string, unknown>[]>;
  /** Every notification, the oldest first. */
  rows(): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** 10 March 2026, noon in Colombo; nobody is there. */
export async function createContext(): Promise<TestContext> {
  const folder = new URL('../migrations/', import.meta.url);
  const database = await createTestDatabase([
    ...[eventMigrations, privacyMigrations],
    { schema: 'notifications', folder },
  ]);
  const { db, owner } = database;
  const clock = { at: '2026-03-10T06:30:00Z', now: () => new Date(clock.at) };
  const webhooks = { allowPrivateAddresses: false };
  const enqueued: string[] = [];
  const context = {
    service: 'notifications',
    db,
    system: db,
    clock,
    organisation: async () => ({ name: 'Serendib', zone: 'Asia/Colombo', currency: 'LKR' }),
    setting: async () => webhooks,
    enqueue: async (_tx: unknown, _job: string, input: { notificationId: string }) => {
      enqueued.push(input.notificationId);
      return newId();
    },
  } as unknown as ServiceContext;
  return {
    ...{ context, db, clock, webhooks, enqueued },
    call: (handler, input) =>
      handler(
        { principal: SYSTEM, reach: EVERYTHING, params: {}, query: {}, body: undefined, ...input } as never,
        context,
      ),
    react: (...events) => db.transaction((tx) => followEvents(events, tx, context)),
    published: async () => {
      const answer = await owner.query<{ payloads: string }>('SELECT payloads FROM events.inbox ORDER BY id');
      return answer.rows.flatMap(({ payloads }) =>
        payloads
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    },
    rows: async () =>
      (await db.query('SELECT * FROM notifications.notifications ORDER BY created_at, recipient, channel'))
        .rows,
    drop: database.drop,
  };
}

let position = 0;

/** An event as the log delivers it. */
export function eventOf<D extends EventDeclaration>(
  declaration: D,
  key: string,
  payload: z.output<D['payload']>,
): Event<D> {
  position += 1;
  return {
    position,
    id: newId(),
    type: declaration.type,
    version: 1,
    key,
    subjects: [key],
    occurredAt: new Date('2026-03-10T06:29:00Z'),
    recordedAt: new Date('2026-03-10T06:29:00Z'),
    actor: 'system',
    cause: null,
    trace: null,
    payload,
  } as Event<D>;
}

export interface Somebody {
  id: string;
  name: string;
  email?: string | null;
}

export function agentEvent(
  of: Somebody,
  more: Partial<z.output<(typeof agentsChanged)['payload']>> = {},
): Event<typeof agentsChanged> {
  const [firstName = null, lastName = null] = of.name.split(' ');
  return eventOf(agentsChanged, of.id, {
    agentId: of.id,
    code: `C-${of.name}`,
    status: 'active',
    branchId: newId(),
    teamId: null,
    hireDate: null,
    email: of.email ?? null,
    contact: null,
    ...{ firstName, lastName },
    authorisations: [],
    assignments: [],
    change: 'created',
    ...more,
  });
}

export function branchEvent(id: string, region: string): Event<typeof branchesChanged> {
  return eventOf(branchesChanged, id, {
    ...{ branchId: id, code: id.slice(-6), name: region, region, zone: null, active: true },
  });
}

export function personEvent(
  of: Somebody,
  more: Partial<z.output<(typeof peopleChanged)['payload']>> = {},
): Event<typeof peopleChanged> {
  return eventOf(peopleChanged, of.id, {
    personId: of.id,
    name: of.name,
    email: of.email ?? null,
    roles: [],
    agentId: null,
    teams: [],
    branches: [],
    regions: [],
    active: true,
    zone: null,
    locale: null,
    change: 'created',
    ...more,
  });
}

/** Somebody who is signed in. */
export function principal(id: string, more: Partial<Principal> = {}): Principal {
  return {
    kind: 'person',
    id,
    name: '',
    roles: [],
    permissions: ['notifications:read'],
    agentId: null,
    reaches: {},
    ...more,
  };
}
