/**
 * What the CLI needs of the people service, straight in the database: nobody can sign in before the first
 * administrator is there. Loaded by name, since packages know no services.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Database, systemClock } from '@moonbase/data';
import { type Principal, SYSTEM } from '@moonbase/identity';
import { repository } from './find-services.ts';

interface SignIn {
  email: string;
  password: string;
}

async function load<Module>(feature: string): Promise<Module> {
  const file = join(repository, 'services', 'people', 'features', `${feature}.ts`);
  return import(pathToFileURL(file).href);
}

/** Makes the first administrator where there has never been one. @returns how to sign in, when made now */
export async function ensureFirstAdministrator(
  db: Database,
  wanted: Partial<SignIn>,
): Promise<SignIn | undefined> {
  const people = await load<{
    ensureFirstAdministrator(db: Database, wanted: Partial<SignIn>): Promise<SignIn | undefined>;
  }>('first-administrator');
  return people.ensureFirstAdministrator(db, wanted);
}

/** Makes an API key that ends by itself within a day, should nobody take it back. */
export async function makeKey(
  db: Database,
  scopes: string[],
): Promise<{ secret: string; revoke(): Promise<void> }> {
  const keys = await load<{
    createKey(
      db: Database,
      key: { name: string; scopes: string[]; expiresAt: Date },
    ): Promise<{ id: string; secret: string }>;
    revokeKey(
      request: { params: { id: string }; principal: Principal },
      context: { db: Database; clock: typeof systemClock },
    ): Promise<unknown>;
  }>('keep-keys');
  const expiresAt = new Date(Date.now() + 24 * 3_600_000);
  const { id, secret } = await keys.createKey(db, { name: 'for a moon command', scopes, expiresAt });
  const revoke = async () => {
    await keys.revokeKey({ params: { id }, principal: SYSTEM }, { db, clock: systemClock });
  };
  return { secret, revoke };
}
