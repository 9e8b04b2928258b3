/** For the tests beside: a database with people's tables, and handlers called without HTTP. */
import { type Database, EVERYTHING, newId } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { eventMigrations } from '@moonbase/events';
import { ANONYMOUS, type Principal, permissionsOf, Settings } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import { addPerson } from './create-person.ts';

const sets = [eventMigrations, { schema: 'people', folder: new URL('../migrations/', import.meta.url) }];

export interface PeopleUnderTest extends TestDatabase {
  /** What clocks show; set it to let time pass. */
  now: Date;
  /** Calls a handler; what is left out of the request is empty, and the caller nobody. */
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of each answer.
  call(handler: Handler<any>, request?: Record<string, unknown>): Promise<any>;
  /** Adds a person. @returns as whom to call */
  add(email: string, roles: readonly string[], password?: string): Promise<Principal>;
}

export async function peopleUnderTest(): Promise<PeopleUnderTest> {
  const database = await createTestDatabase(sets);
  const under: PeopleUnderTest = {
    ...database,
    now: new Date('2026-03-02T08:00:00Z'),
    call: (handler, request = {}) =>
      handler(
        {
          params: {},
          query: {},
          body: {},
          headers: {},
          ip: '10.0.0.1',
          secure: false,
          id: newId(),
          principal: ANONYMOUS,
          reach: EVERYTHING,
          signal: new AbortController().signal,
          ...request,
        },
        contextOn(database.db, () => under.now),
      ),
    add: (email, roles, password) =>
      database.db.transaction(async (tx) => {
        const row = await addPerson(
          tx,
          { name: email.split('@')[0]!, email, roles, ...(password ? { password } : {}) },
          under.now,
        );
        return principalOf(row.id, row.name, roles);
      }),
  };
  return under;
}

export function principalOf(id: string, name: string, roles: readonly string[]): Principal {
  return {
    kind: 'person',
    id,
    name,
    roles: [...roles],
    permissions: permissionsOf(roles),
    agentId: null,
    reaches: {},
  };
}

/** What people's handlers use of a context. */
function contextOn(db: Database, now: () => Date): ServiceContext {
  const settings = new Settings({ db });
  const partial: Pick<ServiceContext, 'service' | 'db' | 'system' | 'clock' | 'organisation'> = {
    service: 'people',
    db,
    system: db,
    clock: { now },
    organisation: () => settings.organisation(),
  };
  return partial as ServiceContext;
}
