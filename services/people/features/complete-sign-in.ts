/**
 * The last step of signing in. better-auth makes a session when the password is right; it stays pending, and
 * nobody can act with it, until this makes it usable and tells the other services, in one transaction.
 */
import type { Database } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { digestOf } from '@moonbase/identity';
import { peopleError } from '../errors.ts';
import { peopleSignedIn } from '../events.ts';

/** @throws CodedError `sign_in_refused` when the person was deactivated, or the session ended, in between */
export async function completeSignIn(
  db: Database,
  { token, personId }: { token: string; personId: string },
  { secondFactor }: { secondFactor: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    // Whoever deactivates the person waits for this, and then ends the session too.
    const active = await tx.query('SELECT FROM people.people WHERE id = $1 AND active FOR SHARE', [personId]);
    if (!active.rowCount) throw peopleError('sign_in_refused');
    const opened = await tx.query<{ id: string; place: string | null; browser: string | null }>(
      `UPDATE people.sessions SET pending = false WHERE token = $1 AND person_id = $2 AND pending
       RETURNING id, nullif(ip_address, '') AS place, nullif(user_agent, '') AS browser`,
      [digestOf(token), personId],
    );
    const session = opened.rows[0];
    if (!session) throw peopleError('sign_in_refused');
    await publish(tx, peopleSignedIn, {
      key: personId,
      subjects: [personId],
      payload: {
        personId,
        sessionId: session.id,
        place: session.place,
        browser: session.browser,
        secondFactor,
      },
    });
  });
}
