/** Rows of people, the shape they are answered in, and the event that tells of them. */
import type { Queryable, Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { z } from 'zod';
import { peopleError } from '../errors.ts';
import { peopleChanged } from '../events.ts';
import type { person } from '../schema.ts';

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  roles: string[];
  agent_id: string | null;
  teams: string[];
  branches: string[];
  regions: string[];
  active: boolean;
  zone: string | null;
  locale: string | null;
  password_temporary: boolean;
  last_seen_at: Date | null;
  created_at: Date;
}

/** Everybody who was not erased. */
export const selectPeople = `
  SELECT p.id, p.name, p.email, p.roles, p.agent_id, p.teams, p.branches, p.regions, p.active, p.zone, p.locale, p.password_temporary, p.created_at,
    (SELECT max(coalesce(s.last_used_at, s.created_at)) FROM people.sessions s WHERE s.person_id = p.id AND NOT s.pending) AS last_seen_at
  FROM people.people p WHERE p.erased_at IS NULL`;

/** @throws CodedError `person_unknown` */
export async function readRow(db: Queryable, id: string): Promise<PersonRow> {
  const answer = await db.query<PersonRow>(`${selectPeople} AND p.id = $1`, [id]);
  const row = answer.rows[0];
  if (!row) throw peopleError('person_unknown');
  return row;
}

/** As {@link readRow}, and nobody else changes the person until the transaction ends. */
export async function lockRow(tx: Queryable, id: string): Promise<PersonRow> {
  const locked = await tx.query('SELECT FROM people.people WHERE id = $1 AND erased_at IS NULL FOR UPDATE', [
    id,
  ]);
  if (!locked.rowCount) throw peopleError('person_unknown');
  return readRow(tx, id);
}

export function personOf(row: PersonRow): z.input<typeof person> {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    agentId: row.agent_id,
    teams: row.teams,
    branches: row.branches,
    regions: row.regions,
    active: row.active,
    zone: row.zone,
    locale: row.locale,
    passwordTemporary: row.password_temporary,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}

/** Tells the other services the person's state after a change. */
export async function announce(
  tx: Transaction,
  row: PersonRow,
  change: 'created' | 'changed' | 'deactivated' | 'reactivated',
): Promise<void> {
  await publish(tx, peopleChanged, {
    key: row.id,
    subjects: [row.id],
    payload: {
      personId: row.id,
      name: row.name,
      email: row.email,
      roles: row.roles,
      agentId: row.agent_id,
      teams: row.teams,
      branches: row.branches,
      regions: row.regions,
      active: row.active,
      zone: row.zone,
      locale: row.locale,
      change,
    },
  });
}

/** Says which rule of the table a change would have broken. */
export function refusalOf(error: unknown): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint === 'people_email') return peopleError('email_taken');
  if (code === '23505' && constraint === 'people_agent') return peopleError('agent_taken');
  return error;
}
