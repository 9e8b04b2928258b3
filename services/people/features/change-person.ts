/** Changing, deactivating and reactivating a person. */
import type { Transaction } from '@moonbase/data';
import { forgetRights } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { checkAdministrators, checkRoles, lockAdministrators } from './check-rights.ts';
import { announce, lockRow, type PersonRow, personOf, readRow, refusalOf } from './person-rows.ts';

export interface PersonChange {
  name?: string | undefined;
  email?: string | undefined;
  roles?: readonly string[] | undefined;
  agentId?: string | null | undefined;
  teams?: readonly string[] | undefined;
  branches?: readonly string[] | undefined;
  regions?: readonly string[] | undefined;
  active?: boolean | undefined;
  zone?: string | null | undefined;
  locale?: string | null | undefined;
}

/**
 * Changes what is given, ends the sessions of whoever is deactivated, and tells the other services; what
 * is so already changes nothing and tells nobody.
 *
 * @throws CodedError `person_unknown`, `email_taken`, `agent_taken`
 */
export async function changeRow(
  tx: Transaction,
  id: string,
  change: PersonChange,
  now: Date,
): Promise<PersonRow> {
  const before = await lockRow(tx, id);
  const after = {
    name: change.name ?? before.name,
    email: change.email?.trim().toLowerCase() ?? before.email,
    roles: change.roles ? [...new Set(change.roles)] : before.roles,
    agent_id: change.agentId === undefined ? before.agent_id : change.agentId,
    teams: change.teams ? [...new Set(change.teams)] : before.teams,
    branches: change.branches ? [...new Set(change.branches)] : before.branches,
    regions: change.regions ? [...new Set(change.regions)] : before.regions,
    active: change.active ?? before.active,
    zone: change.zone === undefined ? before.zone : change.zone,
    locale: change.locale === undefined ? before.locale : change.locale,
  };
  const changed = Object.entries(after).some(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof PersonRow]),
  );
  if (!changed) return before;
  try {
    await tx.query(
      `UPDATE people.people SET name = $2, email = $3, roles = $4, agent_id = $5, active = $6, zone = $7, locale = $8,
         teams = $9, branches = $10, regions = $11, updated_at = $12 WHERE id = $1`,
      [
        ...[id, after.name, after.email, after.roles, after.agent_id, after.active, after.zone, after.locale],
        ...[after.teams, after.branches, after.regions, now],
      ],
    );
  } catch (error) {
    throw refusalOf(error);
  }
  if (before.active && !after.active)
    await tx.query('DELETE FROM people.sessions WHERE person_id = $1', [id]);
  tx.afterCommit(forgetRights);
  const row = await readRow(tx, id);
  const kind = before.active === after.active ? 'changed' : after.active ? 'reactivated' : 'deactivated';
  await announce(tx, row, kind);
  return row;
}

export const changePerson: Handler<typeof peopleApi.changePerson> = async (request, { db, clock }) => {
  const { params, body, principal } = request;
  const row = await db.transaction(async (tx) => {
    const rightsMove = body.roles !== undefined || body.active !== undefined;
    if (rightsMove) await lockAdministrators(tx);
    const before = await lockRow(tx, params.id);
    checkRoles(principal, before.roles, body.roles);
    const after = await changeRow(tx, params.id, body, clock.now());
    if (rightsMove) await checkAdministrators(tx);
    return after;
  });
  return { status: 200, body: personOf(row) };
};
