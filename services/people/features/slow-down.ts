/**
 * Slows guessing down, for all hosts together. An attempt is counted before it is made, so that many at
 * once gain nothing; a right password takes the count back. After a few free attempts each further one
 * must wait twice as long as the one before, a quarter of an hour at most. An hour of quiet forgets.
 *
 * Addresses that nobody has are slowed down like those that somebody has: the wait tells nothing.
 */
import { createHash } from 'node:crypto';
import type { Queryable } from '@moonbase/data';
import { peopleError } from '../errors.ts';

/** What is counted, and how many attempts are free. */
export interface Counted {
  subject: string;
  free: number;
}

/** Attempts on one account, whoever makes them. Digested: the table keeps no addresses. */
export function onAccount(name: string): Counted {
  const digest = createHash('sha256').update(name.trim().toLowerCase()).digest('base64url');
  return { subject: `account ${digest}`, free: 5 };
}

/** Attempts from one place, on whatever account. */
export function fromPlace(ip: string): Counted {
  return { subject: `place ${ip}`, free: 30 };
}

const LONGEST = 900;

/**
 * Counts an attempt.
 *
 * @throws CodedError `sign_in_slowed` when it comes too early
 */
export async function countAttempt(db: Queryable, counted: Counted, now: Date): Promise<void> {
  const taken = await db.query(
    `INSERT INTO people.failures AS f (subject, count, last_at, blocked_until) VALUES ($1, 1, $2, $2)
     ON CONFLICT (subject) DO UPDATE SET
       count = CASE WHEN f.last_at < $2 - interval '1 hour' THEN 1 ELSE f.count + 1 END,
       last_at = $2,
       blocked_until = CASE WHEN f.last_at < $2 - interval '1 hour' OR f.count + 1 < $3 THEN $2
         ELSE $2 + least($4, 2.0 ^ least(20, f.count + 1 - $3)) * interval '1 s' END
     WHERE f.blocked_until <= $2`,
    [counted.subject, now, counted.free, LONGEST],
  );
  if (taken.rowCount) return;
  const blocked = await db.query<{ blocked_until: Date }>(
    'SELECT blocked_until FROM people.failures WHERE subject = $1',
    [counted.subject],
  );
  const until = blocked.rows[0]?.blocked_until ?? now;
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  throw peopleError('sign_in_slowed', {
    detail: `Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`,
    retryAfter: seconds,
  });
}

/** The attempt was right: an account's count starts anew, a place gets this one back. */
export async function forgiveAttempt(db: Queryable, counted: Counted): Promise<void> {
  await db.query(
    counted.subject.startsWith('account ')
      ? 'DELETE FROM people.failures WHERE subject = $1'
      : `UPDATE people.failures SET count = greatest(0, count - 1), blocked_until = last_at WHERE subject = $1`,
    [counted.subject],
  );
}
