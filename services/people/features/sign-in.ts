/** Signing in with email and password, and signing out. */
import { credentialsOf, digestOf, forgetRights, permissionsOf, sessionCookie } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import { openSession, SESSION_SECONDS } from './authentication.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { viewSession } from './read-session.ts';
import { countAttempt, forgiveAttempt, fromPlace, onAccount } from './slow-down.ts';

export const signIn: Handler<typeof peopleApi.signIn> = async ({ body, ip, secure, headers }, context) => {
  // Whoever signs in is nobody yet, and nobody's reach holds no account.
  const { system: db, clock } = context;
  const account = onAccount(body.email);
  const place = fromPlace(ip);
  await countAttempt(db, place, clock.now());
  await countAttempt(db, account, clock.now());
  const session = await openSession(db, {
    email: body.email.trim(),
    password: body.password,
    ip,
    browser: String(headers['user-agent'] ?? ''),
  });
  if (!session) throw peopleError('sign_in_refused');
  await completeSignIn(db, session, { secondFactor: false });
  await forgiveAttempt(db, account);
  await forgiveAttempt(db, place);
  const view = await viewSession({ ...context, db }, session.personId, permissionsOf);
  return {
    status: 200,
    body: view,
    headers: {
      'set-cookie': sessionCookie(session.token, {
        seconds: SESSION_SECONDS,
        secure,
      }),
    },
  };
};

export const signOut: Handler<typeof peopleApi.signOut> = async ({ headers, secure }, { db }) => {
  const { session } = credentialsOf(headers, secure);
  if (session) {
    await db.query('DELETE FROM people.sessions WHERE token = $1', [digestOf(session)]);
    forgetRights();
  }
  return {
    status: 204,
    body: null,
    headers: { 'set-cookie': sessionCookie('', { seconds: 0, secure }) },
  };
};
