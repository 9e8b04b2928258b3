/** For tests of single features: a database of one's own, a clock that is set, and what was published. */
import { fileURLToPath } from 'node:url';
import { type Clock, type Database, EVERYTHING, newId } from '@moonbase/data';
import { createTestDatabase } from '@moonbase/data/testing';
import { eventMigrations } from '@moonbase/events';
import type { Route } from '@moonbase/http';
import { SYSTEM } from '@moonbase/identity';
import type { Handler, RouteRequest, ServiceContext } from '@moonbase/service';
import type { Agent } from '../schema.ts';
import { createAgent } from './create-agent.ts';
import type { PushedAgent } from './push-agents.ts';

export interface TestContext {
  context: ServiceContext;
  db: Database;
  /** Where the clock stands; set it to move on. */
  clock: Clock & { at: string };
  branches: Record<'north' | 'south', string>;
  teams: Record<'lions' | 'tigers', string>;
  products: Record<'life' | 'motor', string>;
  /** Adds Nimal Perera in the north, with the lions, hired on 1 January 2024 and authorised for life. */
  hire(code: string): Promise<Agent>;
  /** Calls a handler as HTTP would, after validation. */
  call<R extends Route>(handler: Handler<R>, input: Partial<RouteRequest<R>>): ReturnType<Handler<R>>;
  /** Payloads in the inbox of the log, in their order, with their type. */
  published(): Promise<{ type: string; payload: Record<string, unknown> }[]>;
  drop(): Promise<void>;
}

/** 10 March 2026, noon in Colombo. Two branches, teams and products are there. */
export async function createContext(): Promise<TestContext> {
  const folder = new URL(`file://${fileURLToPath(new URL('../migrations/', import.meta.url))}`);
  const database = await createTestDatabase([eventMigrations, { schema: 'agents', folder }]);
  const { db, owner } = database;
  const clock = { at: '2026-03-10T06:30:00Z', now: () => new Date(clock.at) };
  const organisation = { name: 'Test', zone: 'Asia/Colombo', currency: 'LKR' };
  const context = {
    service: 'agents',
    db,
    system: db,
    clock,
    organisation: async () => organisation,
  } as unknown as ServiceContext;
  const [north, south, lions, tigers, life, motor] = Array.from({ length: 6 }, newId) as string[];
  await db.query(
    `INSERT INTO agents.branches (id, code, name, region) VALUES ($1, 'N', 'North', 'Up'), ($2, 'S', 'South', 'Down')`,
    [north, south],
  );
  await db.query(`INSERT INTO agents.teams (id, name) VALUES ($1, 'Lions'), ($2, 'Tigers')`, [lions, tigers]);
  await db.query(
    `INSERT INTO agents.products (id, code, type, name) VALUES ($1, 'LIFE', 'Life', 'Life'), ($2, 'MOTOR', 'Vehicle', 'Motor')`,
    [life, motor],
  );
  const call: TestContext['call'] = (handler, input) =>
    handler(
      { principal: SYSTEM, reach: EVERYTHING, params: {}, query: {}, body: undefined, ...input } as never,
      context,
    );
  return {
    context,
    db,
    clock,
    branches: { north: north!, south: south! },
    teams: { lions: lions!, tigers: tigers! },
    products: { life: life!, motor: motor! },
    call,
    hire: async (code) => {
      const details = { code, firstName: 'Nimal', lastName: 'Perera', hireDate: '2024-01-01' };
      const place = { branchId: north!, teamId: lions! };
      const authorisations = [{ productId: life!, from: '2024-01-01' }];
      return (await call(createAgent, { body: { ...details, ...place, authorisations } })).body;
    },
    published: async () => {
      const rows = await owner.query<{ type: string; payloads: string }>(
        'SELECT type, payloads FROM events.inbox ORDER BY id',
      );
      return rows.rows.flatMap(({ type, payloads }) =>
        payloads
          .trimEnd()
          .split('\n')
          .map((line) => ({ type, payload: JSON.parse(line) })),
      );
    },
    drop: database.drop,
  };
}

/** A row as a core system pushes it. */
export function pushed(code: string, more: Partial<PushedAgent> = {}): PushedAgent {
  return { code, firstName: 'Nimal', lastName: 'Perera', branch: 'N', ...more };
}
