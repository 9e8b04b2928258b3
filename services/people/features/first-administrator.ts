/** The first administrator of a new installation. */
import { type Database, systemClock } from '@moonbase/data';
import { replacePassword } from './change-password.ts';
import { lockAdministrators } from './check-rights.ts';
import { addPerson } from './create-person.ts';
import { temporaryPassword } from './passwords.ts';

export interface SignIn {
  email: string;
  password: string;
}

/**
 * Makes an administrator when there has never been one. Safe to call at every start, from several hosts.
 *
 * @param wanted a random password and `administrator@moonbase.local` unless said
 * @returns how to sign in, when one was made now
 */
export async function ensureFirstAdministrator(
  db: Database,
  wanted: Partial<SignIn> = {},
): Promise<SignIn | undefined> {
  const email = (wanted.email || 'administrator@moonbase.local').trim().toLowerCase();
  const password = wanted.password || temporaryPassword();
  return db.transaction(async (tx) => {
    await lockAdministrators(tx);
    const known = await tx.query(`SELECT FROM people.people WHERE 'administrator' = ANY(roles) LIMIT 1`);
    if (known.rowCount) return undefined;
    await addPerson(
      tx,
      { name: 'Administrator', email, roles: ['administrator'], password },
      systemClock.now(),
    );
    return { email, password };
  });
}

/**
 * Sets a temporary password for whoever can no longer sign in, from the command line.
 *
 * @returns it; undefined when no active person has the address
 */
export async function resetPasswordOf(db: Database, email: string): Promise<string | undefined> {
  const password = temporaryPassword();
  return db.transaction(async (tx) => {
    const found = await tx.query<{ id: string }>(
      'SELECT id FROM people.people WHERE lower(email) = lower($1) AND active FOR UPDATE',
      [email.trim()],
    );
    const id = found.rows[0]?.id;
    if (!id) return undefined;
    await replacePassword(tx, id, password, { temporary: true }, systemClock.now());
    return password;
  });
}
