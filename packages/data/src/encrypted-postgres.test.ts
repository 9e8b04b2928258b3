/** A real PostgreSQL that speaks TLS: what `sslmode=verify-full` refuses. */
import { appendFileSync, chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authority, makeAuthority } from '../test-certificates.ts';
import { Database } from './database.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

let folder: string;
let server: EmbeddedServer;
let authority: Authority;
let cluster: string;

/** Gives the server another certificate. */
async function present(host: string): Promise<void> {
  const { cert, key } = authority.issue(host);
  const { uid, gid } = statSync(join(cluster, 'PG_VERSION'));
  for (const [from, name] of [
    [cert, 'server.crt'],
    [key, 'server.key'],
  ] as const) {
    const to = join(cluster, name);
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    chownSync(to, uid, gid);
  }
  appendFileSync(join(cluster, 'postgresql.conf'), '\nssl = on\n');
  process.kill(server.pid, 'SIGHUP');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-tls-'));
  chmodSync(folder, 0o755);
  server = await startEmbeddedServer({ folder: join(folder, 'postgres'), volatile: true });
  cluster = join(folder, 'postgres', 'cluster');
  authority = makeAuthority(folder);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether a connection is encrypted, or why there is none. */
async function attempt(parameters: string): Promise<string> {
  const url = `${server.url('postgres').replace('127.0.0.1', 'localhost')}?${parameters}`;
  const db = new Database({ url, role: 'owner', connections: 1 });
  try {
    const answer = await db.query<{ ssl: boolean; version: string }>(
      'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    return answer.rows[0]!.ssl ? 'encrypted' : 'in the clear';
  } catch (error) {
    return (error as { code?: string; message: string }).code ?? (error as Error).message;
  } finally {
    await db.close();
  }
}

test('verify-full takes a server with a certificate of its name and of a known authority, and no other', async () => {
  const verified = `sslmode=verify-full&sslrootcert=${encodeURIComponent(authority.ca)}`;
  expect(await attempt(verified)).toMatch(/does not support SSL/);
  await present('localhost');
  // The reload takes a moment.
  await expect.poll(() => attempt(verified)).toBe('encrypted');
  expect(await attempt('sslmode=verify-full')).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/);
  const other = makeAuthority(folder, 'another');
  expect(await attempt(`sslmode=verify-full&sslrootcert=${encodeURIComponent(other.ca)}`)).toMatch(
    /UNABLE_TO|SELF_SIGNED|certificate/,
  );
  await present('db.example.org');
  await expect.poll(() => attempt(verified)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
});
