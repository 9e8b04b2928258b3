/** Changing one's own password, and setting a temporary one for somebody else. */
import type { Transaction } from '@moonbase/data';
import { credentialsOf, digestOf, forgetRights } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import { checkRoles } from './check-rights.ts';
import { isPassword, setPassword, temporaryPassword } from './passwords.ts';
import { lockRow } from './person-rows.ts';
import { personIdOf } from './read-session.ts';
import { countAttempt, forgiveAttempt, onAccount } from './slow-down.ts';

export const changePassword: Handler<typeof peopleApi.changePassword> = async (request, { db, clock }) => {
  const { body, principal, headers, secure } = request;
  const id = personIdOf(principal);
  // Whoever found an open session must not guess the password with it.
  const account = onAccount(id);
  await countAttempt(db, account, clock.now());
  if (!(await isPassword(db, id, body.current))) throw peopleError('password_wrong');
  await forgiveAttempt(db, account);
  const { session } = credentialsOf(headers, secure);
  await db.transaction(async (tx) => {
    await lockRow(tx, id);
    await replacePassword(tx, id, body.next, { temporary: false, keep: session }, clock.now());
  });
  return { status: 204, body: null };
};

export const resetPassword: Handler<typeof peopleApi.resetPassword> = async (request, { db, clock }) => {
  const { params, principal } = request;
  const password = temporaryPassword();
  await db.transaction(async (tx) => {
    checkRoles(principal, (await lockRow(tx, params.id)).roles);
    await replacePassword(tx, params.id, password, { temporary: true }, clock.now());
  });
  return { status: 200, body: { temporaryPassword: password } };
};

/** Sets the password and ends the person's sessions, except the one whose token is to be kept. */
export async function replacePassword(
  tx: Transaction,
  id: string,
  password: string,
  options: { temporary: boolean; keep?: string | undefined },
  now: Date,
): Promise<void> {
  await setPassword(tx, id, password, now);
  await tx.query('UPDATE people.people SET password_temporary = $2, updated_at = $3 WHERE id = $1', [
    id,
    options.temporary,
    now,
  ]);
  await tx.query('DELETE FROM people.sessions WHERE person_id = $1 AND token <> $2', [
    id,
    options.keep ? digestOf(options.keep) : '',
  ]);
  tx.afterCommit(forgetRights);
}
