/** Sessions: seeing and ending one's own, and ending all of somebody else. */
import { credentialsOf, digestOf, forgetRights } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import { checkRoles } from './check-rights.ts';
import { lockRow } from './person-rows.ts';
import { personIdOf } from './read-session.ts';

interface SessionRow {
  id: string;
  current: boolean;
  user_agent: string | null;
  ip_address: string | null;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date;
}

export const listSessions: Handler<typeof peopleApi.listSessions> = async (request, { db, clock }) => {
  const { session } = credentialsOf(request.headers, request.secure);
  const answer = await db.query<SessionRow>(
    `SELECT id, token = $2 AS current, user_agent, ip_address, created_at, last_used_at, expires_at
     FROM people.sessions WHERE person_id = $1 AND expires_at > $3 AND NOT pending
     ORDER BY coalesce(last_used_at, created_at) DESC, id`,
    [personIdOf(request.principal), session ? digestOf(session) : '', clock.now()],
  );
  const items = answer.rows.map((row) => ({
    id: row.id,
    current: row.current,
    browser: row.user_agent || null,
    address: row.ip_address || null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  }));
  return { status: 200, body: { items } };
};

export const endSession: Handler<typeof peopleApi.endSession> = async ({ params, principal }, { db }) => {
  const ended = await db.query('DELETE FROM people.sessions WHERE id = $1 AND person_id = $2', [
    params.id,
    principal.id,
  ]);
  if (!ended.rowCount) throw peopleError('session_unknown');
  forgetRights();
  return { status: 204, body: null };
};

export const endSessionsOf: Handler<typeof peopleApi.endSessionsOf> = async (request, { db }) => {
  const { params, principal } = request;
  await db.transaction(async (tx) => {
    checkRoles(principal, (await lockRow(tx, params.id)).roles);
    await tx.query('DELETE FROM people.sessions WHERE person_id = $1', [params.id]);
    tx.afterCommit(forgetRights);
  });
  return { status: 204, body: null };
};
