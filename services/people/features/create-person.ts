/** Adding a person. */
import { newId, type Transaction } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { checkRoles } from './check-rights.ts';
import { setPassword, temporaryPassword } from './passwords.ts';
import { announce, type PersonRow, personOf, readRow, refusalOf } from './person-rows.ts';

export interface NewPerson {
  id?: string;
  name: string;
  email: string;
  roles: readonly string[];
  agentId?: string | null | undefined;
  teams?: readonly string[] | undefined;
  branches?: readonly string[] | undefined;
  regions?: readonly string[] | undefined;
  /** None: cannot sign in until one is set. */
  password?: string;
  /** To be changed by its owner. */
  passwordTemporary?: boolean;
}

/**
 * Adds a person and tells the other services.
 *
 * @throws CodedError `email_taken`, `agent_taken`
 */
export async function addPerson(tx: Transaction, person: NewPerson, now: Date): Promise<PersonRow> {
  const id = person.id ?? newId();
  try {
    await tx.query(
      `INSERT INTO people.people (id, name, email, roles, agent_id, teams, branches, regions, password_temporary,
                                  created_at, updated_at)
       VALUES ($1, $2, lower($3), $4, $5, $6, $7, $8, $9, $10, $10)`,
      [
        id,
        person.name,
        person.email.trim(),
        [...new Set(person.roles)],
        person.agentId ?? null,
        [...new Set(person.teams)],
        [...new Set(person.branches)],
        [...new Set(person.regions)],
        person.passwordTemporary ?? false,
        now,
      ],
    );
  } catch (error) {
    throw refusalOf(error);
  }
  if (person.password) await setPassword(tx, id, person.password, now);
  const row = await readRow(tx, id);
  await announce(tx, row, 'created');
  return row;
}

export const createPerson: Handler<typeof peopleApi.createPerson> = async (
  { body, principal },
  { db, clock },
) => {
  checkRoles(principal, [], body.roles);
  const password = temporaryPassword();
  const row = await db.transaction((tx) =>
    addPerson(tx, { ...body, password, passwordTemporary: true }, clock.now()),
  );
  return { status: 201, body: { person: personOf(row), temporaryPassword: password } };
};
