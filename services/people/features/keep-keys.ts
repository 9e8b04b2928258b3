/** API keys for core systems: created, listed, revoked. The secret is shown once and never kept. */
import { newId, type Queryable } from '@moonbase/data';
import { actorOf, can, forgetRights, isPermission, newKey } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { z } from 'zod';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import type { key } from '../schema.ts';

export interface NewKeyOptions {
  name: string;
  /** Permissions, as `sales:write`. */
  scopes: readonly string[];
  /** Never unless said. */
  expiresAt?: Date | null | undefined;
  /** `person:<id>`, `key:<id>`; `system` unless said. */
  createdBy?: string;
}

export interface CreatedKey {
  id: string;
  /** Shown once. */
  secret: string;
  prefix: string;
}

/**
 * Creates an API key.
 *
 * @throws CodedError `scope_unknown`
 * @example
 *   const { secret } = await createKey(db, { name: 'core system', scopes: ['sales:write'] });
 */
export async function createKey(db: Queryable, options: NewKeyOptions): Promise<CreatedKey> {
  const unknown = options.scopes.filter((scope) => !isPermission(scope));
  if (unknown.length || options.scopes.length === 0) {
    throw peopleError('scope_unknown', {
      detail: unknown.length ? `There is no ${unknown.join(', ')}.` : 'A key needs at least one.',
      faults: unknown.map((scope) => ({
        at: `/scopes/${options.scopes.indexOf(scope)}`,
        message: `${scope} is not a permission`,
      })),
    });
  }
  const id = newId();
  const { secret, prefix, digest } = newKey();
  await db.query(
    `INSERT INTO people.keys (id, name, prefix, digest, scopes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      options.name,
      prefix,
      digest,
      [...new Set(options.scopes)],
      options.createdBy ?? 'system',
      options.expiresAt ?? null,
    ],
  );
  return { id, secret, prefix };
}

interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

const selectKeys = `SELECT id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at, last_used_at FROM people.keys`;

function keyOf(row: KeyRow, now: Date): z.input<typeof key> {
  return {
    id: row.id,
    name: row.name,
    prefix: `mb_${row.prefix}`,
    scopes: row.scopes,
    status: row.revoked_at ? 'revoked' : row.expires_at && row.expires_at <= now ? 'expired' : 'active',
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

export const listKeys: Handler<typeof peopleApi.listKeys> = async (_request, { db, clock }) => {
  const answer = await db.query<KeyRow>(`${selectKeys} ORDER BY created_at DESC, id DESC LIMIT 1000`);
  const now = clock.now();
  return { status: 200, body: { items: answer.rows.map((row) => keyOf(row, now)) } };
};

export const createKeyHandler: Handler<typeof peopleApi.createKey> = async (
  { body, principal },
  { db, clock },
) => {
  const beyond = body.scopes.filter((scope) => isPermission(scope) && !can(principal, scope));
  if (beyond.length) throw peopleError('scope_beyond_own', { detail: `You lack ${beyond.join(', ')}.` });
  const now = clock.now();
  const expiresAt = body.days ? new Date(now.getTime() + body.days * 86_400_000) : null;
  const created = await createKey(db, { ...body, expiresAt, createdBy: actorOf(principal) });
  const answer = await db.query<KeyRow>(`${selectKeys} WHERE id = $1`, [created.id]);
  return { status: 201, body: { key: keyOf(answer.rows[0]!, now), secret: created.secret } };
};

export const revokeKey: Handler<typeof peopleApi.revokeKey> = async (
  { params, principal },
  { db, clock },
) => {
  const revoked = await db.query(
    'UPDATE people.keys SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL',
    [params.id, clock.now(), actorOf(principal)],
  );
  if (!revoked.rowCount) throw peopleError('key_unknown');
  forgetRights();
  return { status: 204, body: null };
};
