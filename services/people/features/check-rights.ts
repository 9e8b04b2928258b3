/** What one may give away, and what must not get lost. */
import type { Queryable } from '@moonbase/data';
import { can, isRole, type Principal, permissionsOf } from '@moonbase/identity';
import { peopleError } from '../errors.ts';

/**
 * Nobody hands out, or takes hold of, rights beyond their own.
 *
 * @param roles those the person has or shall have
 * @throws CodedError `role_unknown`, `role_beyond_own`
 */
export function checkRoles(
  principal: Principal,
  roles: readonly string[],
  wanted: readonly string[] = [],
): void {
  const unknown = wanted.filter((role) => !isRole(role));
  if (unknown.length) {
    throw peopleError('role_unknown', {
      faults: unknown.map((role) => ({
        at: `/roles/${wanted.indexOf(role)}`,
        message: `${role} is not a role`,
      })),
    });
  }
  const beyond = permissionsOf([...roles, ...wanted]).filter((permission) => !can(principal, permission));
  if (beyond.length) throw peopleError('role_beyond_own', { detail: `You lack ${beyond.join(', ')}.` });
}

/** Call before a change that may take an administrator away: such changes then happen one at a time. */
export async function lockAdministrators(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('people.administrators'))`);
}

/** @throws CodedError `last_administrator` when, after the change, there is none */
export async function checkAdministrators(tx: Queryable): Promise<void> {
  const left = await tx.query(
    `SELECT FROM people.people WHERE active AND 'administrator' = ANY(roles) LIMIT 1`,
  );
  if (!left.rowCount) throw peopleError('last_administrator');
}
