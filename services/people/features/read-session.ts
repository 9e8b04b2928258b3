/** Who is signed in, and changing one's own profile. */
import type { Principal } from '@moonbase/identity';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { z } from 'zod';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import type { sessionView } from '../schema.ts';
import { changeRow } from './change-person.ts';
import { readRow } from './person-rows.ts';

type SessionView = z.input<typeof sessionView>;

/** @throws CodedError `not_a_person` */
export function personIdOf(principal: Principal): string {
  if (principal.kind !== 'person') throw peopleError('not_a_person');
  return principal.id;
}

/** @param permissionsOf the permissions of the person's roles */
export async function viewSession(
  context: ServiceContext,
  personId: string,
  permissionsOf: (roles: string[]) => string[],
): Promise<SessionView> {
  const row = await readRow(context.db, personId);
  return {
    person: {
      id: row.id,
      name: row.name,
      email: row.email,
      roles: row.roles,
      agentId: row.agent_id,
      zone: row.zone,
      locale: row.locale,
      passwordTemporary: row.password_temporary,
    },
    permissions: permissionsOf(row.roles),
    organisation: await context.organisation(),
  };
}

export const readSession: Handler<typeof peopleApi.readSession> = async ({ principal }, context) => ({
  status: 200,
  body: await viewSession(context, personIdOf(principal), () => principal.permissions),
});

export const changeProfile: Handler<typeof peopleApi.changeProfile> = async (
  { principal, body },
  context,
) => {
  const id = personIdOf(principal);
  await context.db.transaction((tx) => changeRow(tx, id, body, context.clock.now()));
  return { status: 200, body: await viewSession(context, id, () => principal.permissions) };
};
