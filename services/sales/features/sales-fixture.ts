/** For tests of this service: a database with agents it knows, and its reactions running. */
import {
  agentsChanged,
  agentsEvents,
  branchesChanged,
  productsChanged,
  teamsChanged,
} from '@moonbase/agents/events.ts';
import { type Clock, newId } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { EventLog, eventMigrations, publish } from '@moonbase/events';
import type { Route } from '@moonbase/http';
import type { RouteRequest, ServiceContext } from '@moonbase/service';
import { createLogger } from '@moonbase/telemetry';
import { salesEvents } from '../events.ts';
import { reactions } from '../reactions.ts';
import type { SaleInput } from '../schema.ts';
import type { Mending } from './copy-agents.ts';
import { retryRejected } from './retry-rejected.ts';

/** The agent, product, branch and teams that every test knows. */
export interface Known {
  north: string;
  south: string;
  red: string;
  blue: string;
  life: string;
  car: string;
  ann: string;
  bob: string;
}

export interface SalesFixture {
  database: TestDatabase;
  context: ServiceContext;
  log: EventLog;
  known: Known;
  /** What the clock says from now on. */
  setNow(iso: string): void;
  /** Calls a handler as a route would. */
  call<R extends Route, A>(
    handler: (request: RouteRequest<R>, context: ServiceContext) => Promise<A>,
    input?: { params?: unknown; query?: unknown; body?: unknown; stream?: unknown },
  ): Promise<A>;
  publishAgent(change?: Partial<AgentState>): Promise<void>;
  /** Resolves when all reactions and the jobs that they enqueued are done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

interface AgentState {
  agentId: string;
  code: string;
  status: 'active' | 'inactive';
  branchId: string;
  teamId: string | null;
  authorisations: { productId: string; from: string; to: string | null }[];
  assignments: { from: string; branchId: string; teamId: string | null }[];
}

const here = new URL('../migrations/', import.meta.url);

/** A believable sale; override what the test is about. */
export function someSale(change: Partial<SaleInput> = {}): SaleInput {
  return {
    source: 'core',
    reference: newId(),
    agent: 'ANN',
    product: 'LIFE',
    amount: '100.00',
    currency: 'USD',
    soldAt: '2026-03-10T10:00:00Z',
    ...change,
  };
}

export async function startSales(): Promise<SalesFixture> {
  const database = await createTestDatabase([eventMigrations, { schema: 'sales', folder: here }]);
  const log = createLogger({ level: 'silent' });
  let now = new Date('2026-03-15T12:00:00Z');
  const clock: Clock = { now: () => now };
  const jobs: Mending[] = [];
  const context = {
    service: 'sales',
    db: database.db,
    clock,
    log,
    organisation: async () => ({ name: 'Test', zone: 'Asia/Colombo', currency: 'USD' }),
    enqueue: async (_tx: unknown, _job: string, input: Mending) => String(jobs.push(input)),
  } as unknown as ServiceContext;
  const events = new EventLog({ db: database.db, declarations: [...agentsEvents, ...salesEvents], log });
  for (const [name, reaction] of Object.entries(reactions))
    events.addConsumer({
      name: `sales.${name}`,
      on: reaction.on,
      lanes: reaction.lanes,
      handle: (batch, tx) => reaction.handle(batch, tx, context),
    });
  await events.start();
  const known: Known = {
    north: newId(),
    south: newId(),
    red: newId(),
    blue: newId(),
    life: newId(),
    car: newId(),
    ann: newId(),
    bob: newId(),
  };
  const fixture: SalesFixture = {
    database,
    context,
    log: events,
    known,
    setNow: (iso) => {
      now = new Date(iso);
    },
    call: (handler, input = {}) =>
      handler(
        {
          params: {},
          query: {},
          body: undefined,
          signal: new AbortController().signal,
          headers: {},
          ...input,
        } as never,
        context,
      ),
    publishAgent: async (change = {}) => {
      await database.db.transaction((tx) =>
        publish(tx, agentsChanged, {
          key: change.agentId ?? known.ann,
          subjects: [change.agentId ?? known.ann],
          occurredAt: now,
          payload: agentState(known, change),
        }),
      );
    },
    settled: async () => {
      do {
        await events.drained();
        for (const input of jobs.splice(0))
          await retryRejected(
            {
              id: newId(),
              input,
              attempt: 1,
              signal: new AbortController().signal,
              progress: async () => {},
            },
            context,
          );
        await events.drained();
      } while (jobs.length > 0);
    },
    stop: async () => {
      await events.stop();
      await database.drop();
    },
  };
  await publishReferences(fixture);
  await fixture.publishAgent();
  await fixture.publishAgent({
    agentId: known.bob,
    code: 'BOB',
    branchId: known.south,
    teamId: known.blue,
    assignments: [{ from: '2020-01-01', branchId: known.south, teamId: known.blue }],
  });
  await fixture.settled();
  return fixture;
}

function agentState(known: Known, change: Partial<AgentState>) {
  return {
    agentId: known.ann,
    code: 'ANN',
    status: 'active' as const,
    branchId: known.north,
    teamId: known.red,
    hireDate: '2020-01-01',
    firstName: 'Ann',
    lastName: 'Perera',
    email: null,
    contact: null,
    authorisations: [
      { productId: known.life, from: '2020-01-01', to: null },
      { productId: known.car, from: '2020-01-01', to: '2026-02-28' },
    ],
    assignments: [{ from: '2020-01-01', branchId: known.north, teamId: known.red }],
    change: 'changed' as const,
    ...change,
  };
}

async function publishReferences({ database, known }: SalesFixture): Promise<void> {
  await database.db.transaction(async (tx) => {
    for (const [branchId, code, zone] of [
      [known.north, 'NORTH', null],
      [known.south, 'SOUTH', 'America/New_York'],
    ] as const)
      await publish(tx, branchesChanged, {
        key: branchId,
        payload: { branchId, code, name: code, region: 'All', zone, active: true },
      });
    for (const [teamId, name] of [
      [known.red, 'Red'],
      [known.blue, 'Blue'],
    ] as const)
      await publish(tx, teamsChanged, { key: teamId, payload: { teamId, name, active: true } });
    for (const [productId, code] of [
      [known.life, 'LIFE'],
      [known.car, 'CAR'],
    ] as const)
      await publish(tx, productsChanged, {
        key: productId,
        payload: {
          productId,
          code,
          type: 'Insurance',
          name: code,
          targetAmount: null,
          currency: null,
          active: true,
        },
      });
  });
}
