import { expect, test } from 'vitest';
import { credentialsOf, SESSION_COOKIE, sessionCookie } from './credentials.ts';

test('a key comes as a bearer token or in X-API-Key, a session in its cookie', () => {
  expect(credentialsOf({ authorization: 'Bearer mb_x_y' }, false)).toEqual({ key: 'mb_x_y' });
  expect(credentialsOf({ 'x-api-key': ' mb_x_y ' }, false)).toEqual({ key: 'mb_x_y' });
  expect(credentialsOf({ cookie: `theme=dark; ${SESSION_COOKIE}=abc` }, false)).toEqual({ session: 'abc' });
  expect(credentialsOf({ cookie: 'theme=dark', authorization: 'Basic x' }, false)).toEqual({});
});

test('a key wins over a cookie', () => {
  expect(credentialsOf({ authorization: 'Bearer k', cookie: `${SESSION_COOKIE}=abc` }, false)).toEqual({
    key: 'k',
  });
});

test('the cookie cannot be read by scripts, and travels only over https where that is spoken', () => {
  expect(sessionCookie('abc', { seconds: 60, secure: true })).toBe(
    '__Host-moonbase_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure',
  );
  expect(sessionCookie('', { seconds: 60, secure: false })).toMatch(/^moonbase_session=; .*Max-Age=0$/);
});

test('by https only the cookie counts that no neighbouring host can set, and by http only the other', () => {
  const cookie = 'moonbase_session=tossed; __Host-moonbase_session=mine';
  expect(credentialsOf({ cookie }, true)).toEqual({ session: 'mine' });
  expect(credentialsOf({ cookie }, false)).toEqual({ session: 'tossed' });
  expect(credentialsOf({ cookie: 'moonbase_session=tossed' }, true)).toEqual({});
});
