/**
 * Secrets and their digests. An API key reads `mb_<prefix>_<random>`: the prefix names it in lists and
 * logs, the random part carries 190 bits. Only SHA-256 digests are stored; secrets of that strength need
 * no slow hash.
 */
import { hash, randomBytes } from 'node:crypto';

export interface NewKey {
  /** Shown once. */
  secret: string;
  prefix: string;
  digest: string;
}

export function newKey(): NewKey {
  const prefix = randomText(8).toLowerCase();
  const secret = `mb_${prefix}_${randomText(32)}`;
  return { secret, prefix, digest: digestOf(secret) };
}

/** What is stored of a secret: its SHA-256 in hexadecimal. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Whether it has the form of a key: others are refused without asking the database. */
export function looksLikeKey(secret: string): boolean {
  return /^mb_[0-9a-z]{8}_[0-9A-Za-z]{32}$/.test(secret);
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random letters and digits, each equally likely. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 × 62: bytes above would favour the first letters.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}
