import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, makeAuthority, readCertificate } from '@moonbase/data/test-certificates';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mailTransport } from './mail-transport.ts';

let folder: string;
let authority: Authority;
let server: SMTPServer | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-mail-tls-'));
  authority = makeAuthority(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

/** A real mail server on this machine. @returns its port, and what it was given: was it encrypted, by whom */
async function startServer(kind: 'plain' | 'starttls', host = 'mail.example.org') {
  const seen: { secure: boolean; user: string | undefined }[] = [];
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: kind === 'plain' ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    ...(kind === 'starttls' && readCertificate(authority.issue(host))),
    onAuth: ({ username }, session, done) => {
      seen.push({ secure: session.secure, user: username });
      done(null, { user: username });
    },
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        seen.push({ secure: session.secure, user: undefined });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { port: (server.server.address() as AddressInfo).port, seen };
}

/** Sends as if the name led to this machine. */
async function send(port: number, options: { allowed?: string; ca?: string } = {}): Promise<string> {
  const made = mailTransport(`smtp://moon:hunter2@mail.example.org:${port}`, options.allowed);
  const transport = createTransport({
    ...made,
    host: '127.0.0.1',
    tls: { ...made.tls, servername: 'mail.example.org', ca: options.ca && readFileSync(options.ca, 'utf8') },
  });
  try {
    await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 's', text: 't' });
    return 'sent';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    transport.close();
  }
}

test('a server elsewhere that offers no TLS gets neither the mail nor the password', async () => {
  const { port, seen } = await startServer('plain');
  expect(await send(port)).toBe('ETLS');
  expect(seen).toEqual([]);
});

test('with STARTTLS and a certificate of its name, both go encrypted', async () => {
  const { port, seen } = await startServer('starttls');
  expect(await send(port, { ca: authority.ca })).toBe('sent');
  expect(seen).toEqual([
    { secure: true, user: 'moon' },
    { secure: true, user: undefined },
  ]);
});

test('a certificate of nobody known, or of another name, is refused before anything is sent', async () => {
  const first = await startServer('starttls');
  expect(await send(first.port)).not.toBe('sent');
  await new Promise<void>((resolve) => server!.close(() => resolve()));
  const second = await startServer('starttls', 'other.example.org');
  expect(await send(second.port, { ca: authority.ca })).not.toBe('sent');
  expect([...first.seen, ...second.seen]).toEqual([]);
});

test('this machine, and hosts that are named, may be spoken to in the clear', async () => {
  expect(mailTransport('smtp://127.0.0.1:2525', undefined)).toMatchObject({ requireTLS: false, port: 2525 });
  expect(mailTransport('smtp://[::1]', undefined)).toMatchObject({ requireTLS: false, host: '::1' });
  const { port, seen } = await startServer('plain');
  expect(await send(port, { allowed: 'mail.example.org' })).toBe('sent');
  expect(seen.at(-1)).toEqual({ secure: false, user: undefined });
});

test('addresses that turn TLS off are refused, without showing the password', () => {
  for (const parameter of [
    'tls.rejectUnauthorized=false',
    'ignoreTLS=true',
    'requireTLS=false',
    'secure=false',
  ]) {
    const make = () => mailTransport(`smtp://moon:hunter2@mail.example.org?${parameter}`, undefined);
    expect(make).toThrow('turns off TLS');
    expect(make).not.toThrow('hunter2');
  }
  expect(mailTransport('smtps://mail.example.org', undefined)).toMatchObject({ secure: true, port: 465 });
});
