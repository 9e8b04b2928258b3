/** Where a request carries its credentials, and the cookie of a session. */

/** Name of the cookie that holds a session's token. */
export const SESSION_COOKIE = 'moonbase_session';
/** By https: browsers take such a name from this very host only, for all of it, and never in the clear. */
const SECURE_COOKIE = `__Host-${SESSION_COOKIE}`;

export interface Credentials {
  /** An API key: `Authorization: Bearer mb_…` or `X-API-Key: mb_…`. */
  key?: string;
  /** A session's token, from the cookie. */
  session?: string;
}

/**
 * Reads the credentials of a request. A key wins over a cookie: whoever sends both means the key.
 *
 * @param secure it came by https: then only the cookie counts that no other host can have set
 */
export function credentialsOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secure: boolean,
): Credentials {
  const authorization = headers.authorization;
  if (typeof authorization === 'string' && /^bearer /i.test(authorization)) {
    return { key: authorization.slice(7).trim() };
  }
  const key = headers['x-api-key'];
  if (typeof key === 'string') return { key: key.trim() };
  const cookie = headers.cookie;
  if (typeof cookie !== 'string') return {};
  const wanted = secure ? SECURE_COOKIE : SESSION_COOKIE;
  for (const part of cookie.split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value) return { session: value };
  }
  return {};
}

/**
 * The `Set-Cookie` header that hands a session's token to a browser, or takes it back.
 *
 * @param token empty to take the cookie back
 * @param options `seconds` the browser keeps it; `secure` when it came over https
 */
export function sessionCookie(token: string, options: { seconds: number; secure: boolean }): string {
  const seconds = token ? options.seconds : 0;
  const name = options.secure ? SECURE_COOKIE : SESSION_COOKIE;
  const secure = options.secure ? '; Secure' : '';
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}
