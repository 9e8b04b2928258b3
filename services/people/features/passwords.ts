/** Passwords: hashed by better-auth's scrypt, so that its sign-in reads what is written here. */
import { newId, type Queryable } from '@moonbase/data';
import { randomText } from '@moonbase/identity';
import { hashPassword, verifyPassword } from 'better-auth/crypto';

/** A password to be told once: 71 bits, without characters that are hard to tell apart. */
export function temporaryPassword(): string {
  const text = randomText(60).replaceAll(/[0O1lI]/g, '');
  return [0, 4, 8].map((at) => text.slice(at, at + 4)).join('-');
}

/** Sets a person's password. */
export async function setPassword(
  tx: Queryable,
  personId: string,
  password: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO people.accounts (id, account_id, provider_id, person_id, password, created_at, updated_at)
     VALUES ($1, $2::uuid::text, 'credential', $2::uuid, $3, $4, $4)
     ON CONFLICT (provider_id, account_id) DO UPDATE SET password = excluded.password, updated_at = excluded.updated_at`,
    [newId(), personId, await hashPassword(password), now],
  );
}

/** Whether it is the person's password. */
export async function isPassword(db: Queryable, personId: string, password: string): Promise<boolean> {
  const answer = await db.query<{ password: string | null }>(
    `SELECT password FROM people.accounts WHERE provider_id = 'credential' AND account_id = $1`,
    [personId],
  );
  const hash = answer.rows[0]?.password;
  return hash ? verifyPassword({ hash, password }) : false;
}
