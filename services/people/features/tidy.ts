/** Forgets what has passed: expired sessions, attempts of yesterday, keys that were made for one run. */
import type { Database } from '@moonbase/data';

/** @returns how many rows of each are gone */
export async function tidy(db: Database, now: Date): Promise<Record<string, number>> {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const sessions = await db.query(
    'DELETE FROM people.sessions WHERE expires_at < $1 OR (pending AND created_at < $2)',
    [now, before(1)],
  );
  const failures = await db.query('DELETE FROM people.failures WHERE last_at < $1', [before(1)]);
  const verifications = await db.query('DELETE FROM people.verifications WHERE expires_at < $1', [now]);
  const keys = await db.query(
    `DELETE FROM people.keys WHERE created_by = 'system' AND expires_at < $1 AND expires_at - created_at < interval '2 days'`,
    [before(7)],
  );
  return {
    sessions: sessions.rowCount ?? 0,
    failures: failures.rowCount ?? 0,
    verifications: verifications.rowCount ?? 0,
    keys: keys.rowCount ?? 0,
  };
}
