import { expect, test } from 'vitest';
import { credentialsOf, SESSION_COOKIE, sessionCookie } from './credentials.ts';

test('a key comes as a bearer token or in X-API-Key, a session in its cookie', () => {
  expect(credentialsOf({ authorization: 'Bearer mb_x_y' })).toEqual({ key: 'mb_x_y' });
  expect(credentialsOf({ 'x-api-key': ' mb_x_y ' })).toEqual({ key: 'mb_x_y' });
  expect(credentialsOf({ cookie: `theme=dark; ${SESSION_COOKIE}=abc` })).toEqual({ session: 'abc' });
  expect(credentialsOf({ cookie: 'theme=dark', authorization: 'Basic x' })).toEqual({});
});

test('a key wins over a cookie', () => {
  expect(credentialsOf({ authorization: 'Bearer k', cookie: `${SESSION_COOKIE}=abc` })).toEqual({ key: 'k' });
});

test('the cookie cannot be read by scripts, and travels only over https where that is spoken', () => {
  expect(sessionCookie('abc', { seconds: 60, secure: true })).toBe(
    'moonbase_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure',
  );
  expect(sessionCookie('', { seconds: 60, secure: false })).toMatch(/^moonbase_session=; .*Max-Age=0$/);
});
