/**
 * better-auth, set up on our tables. It checks passwords and makes sessions; reading them, on every
 * request of every host, is packages/identity's. It is loaded at the first sign-in: a host where nobody
 * signs in does without its 50 MB.
 */
import {
  type Database,
  encryptSecret,
  newId,
  readSecret,
  type SecretColumn,
  sealColumn,
} from '@moonbase/data';
import { randomText, SESSION_COOKIE } from '@moonbase/identity';

/** Seconds that a browser keeps a session, and the longest that one lives. */
export const SESSION_SECONDS = 30 * 86_400;
/** Seconds that a session lives without being used. */
export const IDLE_SECONDS = 7 * 86_400;

export interface SignInAttempt {
  email: string;
  password: string;
  /** From where, and with what: shown in the list of sessions. */
  ip: string;
  browser: string;
}

type Authentication = Awaited<ReturnType<typeof setUp>>;

const known = new WeakMap<Database, Promise<Authentication>>();

/**
 * Checks email and password and opens a session. Takes the same time whether or not the address is known.
 *
 * @returns the session's token and the person's id; undefined when they don't match or the person is inactive
 */
export async function openSession(
  db: Database,
  attempt: SignInAttempt,
): Promise<{ token: string; personId: string } | undefined> {
  let ready = known.get(db);
  if (!ready) {
    ready = setUp(db);
    known.set(db, ready);
    ready.catch(() => known.delete(db));
  }
  const { authentication, APIError } = await ready;
  try {
    const { token, user } = await authentication.api.signInEmail({
      body: { email: attempt.email, password: attempt.password },
      headers: new Headers({ 'x-forwarded-for': attempt.ip, 'user-agent': attempt.browser.slice(0, 400) }),
    });
    return { token, personId: user.id };
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) return undefined;
    throw error;
  }
}

async function setUp(db: Database) {
  const [{ betterAuth }, { APIError }, { adapterOn }, secret] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/api'),
    import('./authentication-adapter.ts'),
    secretOf(db),
  ]);
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  const authentication = betterAuth({
    appName: 'Moonbase',
    // Only its functions are called, never its routes: the address is never used.
    baseURL: 'http://localhost',
    secret,
    database: adapterOn(db),
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 1, maxPasswordLength: 128 },
    user: { modelName: 'people', fields: { emailVerified: 'email_verified', ...times } },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
      expiresIn: IDLE_SECONDS,
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const person = await db.query('SELECT FROM people.people WHERE id = $1 AND active', [
              session.userId,
            ]);
            return person.rowCount === 1;
          },
        },
      },
    },
    advanced: {
      database: { generateId: () => newId() },
      cookies: { session_token: { name: SESSION_COOKIE } },
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
      useSecureCookies: false,
    },
  });
  return { authentication, APIError };
}

/** Made at the first use, the same for all hosts afterwards; encrypted in the database. */
async function secretOf(db: Database): Promise<string> {
  const place = { purpose: AUTHENTICATION_SECRET.purpose, row: 'authentication' };
  await db.query(
    `INSERT INTO people.secrets (name, value) VALUES ('authentication', $1) ON CONFLICT (name) DO NOTHING`,
    [await encryptSecret(db, place, randomText(48))],
  );
  const answer = await db.query<{ value: string }>(
    `SELECT value FROM people.secrets WHERE name = 'authentication'`,
  );
  return readSecret(db, place, answer.rows[0]!.value);
}

/** Where the service's secrets lie. */
export const AUTHENTICATION_SECRET: SecretColumn = {
  purpose: 'people.secrets',
  table: 'people.secrets',
  id: 'name',
  column: 'value',
};

/** Encrypts what a release before encryption left in the clear. */
export async function sealAuthenticationSecret({ db }: { db: Database }): Promise<void> {
  await sealColumn(db, AUTHENTICATION_SECRET);
}
