import { expect, test } from 'vitest';
import { checkEncrypted, hostsOf, isLoopback } from './encrypted-connection.ts';

test.each([
  'postgres://moon:secret@db.example.org/moon?sslmode=verify-full',
  'postgres://moon:secret@127.0.0.1:5432/moon',
  'postgres://moon:secret@localhost/moon?sslmode=disable',
  'postgres://moon:secret@[::1]/moon',
  'postgres://moon:secret@db.example.org/moon?host=/var/run/postgresql',
])('%s may be spoken to', (url) => {
  expect(() => checkEncrypted(url)).not.toThrow();
});

test.each([
  'postgres://moon:secret@db.example.org/moon',
  'postgres://moon:secret@db.example.org/moon?sslmode=disable',
  'postgres://moon:secret@db.example.org/moon?sslmode=no-verify',
  'postgres://moon:secret@db.example.org/moon?sslmode=prefer',
  'postgres://moon:secret@db.example.org/moon?sslmode=verify-full&sslmode=no-verify',
  'postgres://moon:secret@db.example.org/moon?sslmode=verify-full&uselibpqcompat=true&sslmode=require',
  // The parameter wins over the host that stands first.
  'postgres://moon:secret@localhost/moon?host=db.example.org',
  'postgres://moon:secret@127.0.0.1.example.org/moon',
])('%s may not', (url) => {
  let error: Error | undefined;
  try {
    checkEncrypted(url);
  } catch (thrown) {
    error = thrown as Error;
  }
  expect(error).toMatchObject({ code: 'plaintext_refused' });
  expect(error?.message).not.toContain('secret');
});

test('hosts that are named may be spoken to in the clear, and no others', () => {
  const allowed = hostsOf('postgres, DB.internal');
  expect(() => checkEncrypted('postgres://moon@postgres/moon', allowed)).not.toThrow();
  expect(() => checkEncrypted('postgres://moon@db.internal/moon', allowed)).not.toThrow();
  expect(() => checkEncrypted('postgres://moon@db.internal.example.org/moon', allowed)).toThrow('encrypted');
});

test('what is this machine', () => {
  for (const host of [
    'localhost',
    '127.0.0.1',
    '127.3.2.1',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    'a.localhost',
    '/tmp',
  ])
    expect(isLoopback(host)).toBe(true);
  for (const host of ['0.0.0.0', '10.0.0.1', '::', 'localhost.example.org', '127.0.0.1.nip.io', ''])
    expect(isLoopback(host)).toBe(false);
});
