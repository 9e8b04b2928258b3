/**
 * Erasing a person, for good: name, address, sessions and password go; in the event log the person's key is
 * deleted; other services' copies go because `people.erased` tells them. Their id stays where they acted.
 */
import type { Transaction } from '@moonbase/data';
import { eraseSubject, publish } from '@moonbase/events';
import { forgetRights, type Principal } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { peopleErased } from '../events.ts';
import { checkAdministrators, checkRoles, lockAdministrators } from './check-rights.ts';
import { lockRow } from './person-rows.ts';

/** @throws CodedError `person_unknown`, also when erased before */
export async function erase(tx: Transaction, id: string, now: Date): Promise<void> {
  await lockRow(tx, id);
  await tx.query('DELETE FROM people.sessions WHERE person_id = $1', [id]);
  await tx.query('DELETE FROM people.accounts WHERE person_id = $1', [id]);
  await tx.query(
    `UPDATE people.people SET name = 'Erased person', email = 'erased-' || id || '@invalid', image = NULL, roles = '{}',
       agent_id = NULL, teams = '{}', branches = '{}', regions = '{}', active = false, zone = NULL, locale = NULL, password_temporary = false,
       erased_at = $2, updated_at = $2 WHERE id = $1`,
    [id, now],
  );
  await publish(tx, peopleErased, { key: id, subjects: [id], payload: { personId: id } });
  await eraseSubject(tx, id);
  tx.afterCommit(forgetRights);
}

/** As {@link erase}, for whoever may: nobody erases somebody with rights beyond their own, or the last administrator. */
export async function eraseWithRights(
  tx: Transaction,
  id: string,
  { clock }: ServiceContext,
  asker: Principal,
): Promise<void> {
  await lockAdministrators(tx);
  checkRoles(asker, (await lockRow(tx, id)).roles);
  await erase(tx, id, clock.now());
  await checkAdministrators(tx);
}

export const erasePerson: Handler<typeof peopleApi.erasePerson> = async ({ params, principal }, context) => {
  await context.db.transaction((tx) => eraseWithRights(tx, params.id, context, principal));
  return { status: 204, body: null };
};
