/** Queries that analysts keep: seen by their owner, and by everyone who may query once shared. */
import { newId, type Queryable, type Transaction } from '@moonbase/data';
import type { Event } from '@moonbase/events';
import type { Principal } from '@moonbase/identity';
import type { peopleErased } from '@moonbase/people/events.ts';
import type { Handler } from '@moonbase/service';
import type { insightsApi, SavedQuery } from '../api.ts';
import { insightsError } from '../errors.ts';

interface StoredQuery {
  id: string;
  owner: string;
  owner_name: string;
  title: string;
  sql: string;
  shared: boolean;
  revision: number;
  updated_at: Date;
}

const ownerOf = (principal: Principal) => `${principal.kind}:${principal.id}`;

function shown(row: StoredQuery, principal: Principal): SavedQuery {
  return {
    id: row.id,
    title: row.title,
    sql: row.sql,
    shared: row.shared,
    mine: row.owner === ownerOf(principal),
    ownerName: row.owner_name,
    revision: row.revision,
    updatedAt: row.updated_at.toISOString(),
  };
}

export const listQueries: Handler<typeof insightsApi.listQueries> = async ({ principal }, { db }) => {
  const found = await db.query<StoredQuery>(
    'SELECT * FROM insights.queries WHERE owner = $1 OR shared ORDER BY owner <> $1, lower(title), id',
    [ownerOf(principal)],
  );
  return { status: 200, body: { items: found.rows.map((row) => shown(row, principal)) } };
};

export const readQuery: Handler<typeof insightsApi.readQuery> = async ({ params, principal }, { db }) => ({
  status: 200,
  body: shown(await find(db, params.id, principal), principal),
});

export const createQuery: Handler<typeof insightsApi.createQuery> = async (
  { body, principal },
  { clock, db },
) => {
  const made = await db.query<StoredQuery>(
    `INSERT INTO insights.queries (id, owner, owner_name, title, sql, shared, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING *`,
    [newId(), ownerOf(principal), principal.name, body.title, body.sql, body.shared, clock.now()],
  );
  return { status: 201, body: shown(made.rows[0]!, principal) };
};

export const changeQuery: Handler<typeof insightsApi.changeQuery> = async (
  { body, params, principal },
  { clock, db },
) => {
  await findOwn(db, params.id, principal);
  const changed = await db.query<StoredQuery>(
    `UPDATE insights.queries SET title = $3, sql = $4, shared = $5, updated_at = $6, revision = revision + 1
      WHERE id = $1 AND ($2::int IS NULL OR revision = $2) RETURNING *`,
    [params.id, body.revision ?? null, body.title, body.sql, body.shared, clock.now()],
  );
  const row = changed.rows[0];
  if (!row) throw insightsError('revision_conflict');
  return { status: 200, body: shown(row, principal) };
};

export const deleteQuery: Handler<typeof insightsApi.deleteQuery> = async ({ params, principal }, { db }) => {
  await findOwn(db, params.id, principal);
  await db.query('DELETE FROM insights.queries WHERE id = $1', [params.id]);
  return { status: 204, body: undefined };
};

/** People's names go with the people, and so do queries that they kept to themselves. */
export async function forgetOwners(
  events: readonly Event<typeof peopleErased>[],
  tx: Transaction,
): Promise<void> {
  const owners = events.map((event) => `person:${event.payload.personId}`);
  await tx.query('DELETE FROM insights.queries WHERE owner = ANY($1) AND NOT shared', [owners]);
  await tx.query(`UPDATE insights.queries SET owner_name = 'Erased person' WHERE owner = ANY($1)`, [owners]);
}

async function find(db: Queryable, id: string, principal: Principal): Promise<StoredQuery> {
  const found = await db.query<StoredQuery>(
    'SELECT * FROM insights.queries WHERE id = $1 AND (owner = $2 OR shared)',
    [id, ownerOf(principal)],
  );
  if (!found.rows[0]) throw insightsError('saved_query_unknown', { detail: id });
  return found.rows[0];
}

async function findOwn(db: Queryable, id: string, principal: Principal): Promise<void> {
  const found = await find(db, id, principal);
  if (found.owner !== ownerOf(principal)) throw insightsError('saved_query_foreign');
}
