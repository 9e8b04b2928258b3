/** Connections that leave this machine are encrypted, and the server's name is verified. */
import { isIP } from 'node:net';
import pg from 'pg';
import { DataError } from './errors.ts';

/** Whether a host is this machine: a name or address of the loopback, or the path of a socket. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (name.startsWith('/')) return true;
  if (isIP(name) === 4) return name.startsWith('127.');
  if (isIP(name) === 6) return name === '::1' || /^::ffff:(127\.|7f)/.test(name);
  return name === 'localhost' || name.endsWith('.localhost');
}

/** The hosts of a list as `MOON_ALLOW_PLAINTEXT` holds it. */
export function hostsOf(list: string | undefined): string[] {
  return (list ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '');
}

/**
 * @param allowed hosts that may be spoken to without TLS
 * @throws DataError `plaintext_refused`: it would be spoken to in the clear, or whoever answers would be believed
 */
export function checkEncrypted(url: string, allowed: readonly string[] = []): void {
  // What the driver makes of the address, which may name host and sslmode among its parameters.
  const { host, ssl } = new pg.Client({ connectionString: url });
  if (isLoopback(host) || allowed.includes(host.toLowerCase())) return;
  const { rejectUnauthorized, checkServerIdentity } = (ssl || {}) as {
    rejectUnauthorized?: boolean;
    checkServerIdentity?: unknown;
  };
  const verified = Boolean(ssl) && rejectUnauthorized !== false && !checkServerIdentity;
  const modes = new URL(url).searchParams.getAll('sslmode');
  if (verified && modes.length > 0 && modes.every((mode) => mode === 'verify-full')) return;
  throw new DataError('plaintext_refused', { detail: `The host is ${host}.` });
}
