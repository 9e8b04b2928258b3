/**
 * Secrets at rest that must stay readable: encrypted with the data key of their purpose (data-keys.ts). What is
 * only compared (passwords, API keys, session tokens) stays a digest and does not come here.
 *
 * The purpose and the row are bound into the ciphertext: moved to another row or table, it can't be read.
 */
import { type DataKey, dataKeyFor, dataKeysOf } from './data-keys.ts';
import type { Queryable } from './database.ts';
import { DataError } from './errors.ts';
import { decryptBytes, encryptBytes } from './master-keys.ts';

/** Begins every encrypted text, so that one can be told from what was stored before. */
const MARK = 'sealed1:';
/** The first byte of encrypted bytes. */
const VERSION = 1;
/** Version and key id; a nonce and a tag follow. */
const HEAD = 17;
const LEAST = HEAD + 12 + 16;

/** Where a secret stands: which column of which table, and the row's id. */
export interface SecretPlace {
  purpose: string;
  row: string;
}

const bound = (key: DataKey, row: string) => `moonbase secret\n${key.purpose}\n${row}`;

/** Encrypts many of a purpose: the key is read once. */
export async function sealer(
  db: Queryable,
  purpose: string,
): Promise<(row: string, secret: Buffer) => Buffer> {
  const key = await dataKeyFor(db, purpose);
  const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(key.id.replaceAll('-', ''), 'hex')]);
  return (row, secret) => Buffer.concat([head, encryptBytes(key.key, secret, bound(key, row))]);
}

/** Decrypts many of a purpose. The function throws DataError `secret_unreadable`. */
export async function opener(
  db: Queryable,
  purpose: string,
  sealed: readonly Buffer[],
): Promise<(row: string, sealed: Buffer) => Buffer> {
  const keys = await dataKeysOf(db, new Set(sealed.filter(isSealedBytes).map(keyOf)));
  return (row, bytes) => {
    const key = isSealedBytes(bytes) ? keys.get(keyOf(bytes)) : undefined;
    if (key?.purpose !== purpose) throw new DataError('secret_unreadable', { detail: `${purpose}, ${row}.` });
    try {
      return decryptBytes(key.key, bytes.subarray(HEAD), bound(key, row));
    } catch (cause) {
      throw new DataError('secret_unreadable', { detail: `${purpose}, ${row}.`, cause });
    }
  };
}

/** Encrypts a text. @throws DataError `secret_key_missing`, `secret_key_wrong`, `secret_key_retired` */
export async function encryptSecret(db: Queryable, place: SecretPlace, secret: string): Promise<string> {
  const seal = await sealer(db, place.purpose);
  return `${MARK}${seal(place.row, Buffer.from(secret)).toString('base64url')}`;
}

/** Decrypts a text. @throws DataError `secret_unreadable`, `secret_key_missing`, `secret_key_wrong` */
export async function decryptSecret(db: Queryable, place: SecretPlace, sealed: string): Promise<string> {
  const bytes = Buffer.from(isSealed(sealed) ? sealed.slice(MARK.length) : '', 'base64url');
  const open = await opener(db, place.purpose, [bytes]);
  return open(place.row, bytes).toString();
}

/** The same, for what may still lie in the clear until the service's `start` has encrypted it (`sealColumn`). */
export async function readSecret(db: Queryable, place: SecretPlace, stored: string): Promise<string> {
  return isSealed(stored) ? decryptSecret(db, place, stored) : stored;
}

/** Whether a stored text is encrypted already. */
export function isSealed(text: string): boolean {
  return text.startsWith(MARK);
}

export function isSealedBytes(bytes: Buffer): boolean {
  return bytes.length >= LEAST && bytes[0] === VERSION;
}

function keyOf(sealed: Buffer): string {
  const hex = sealed.toString('hex', 1, HEAD);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The secrets of a column: the row's id as text, and the secret as text or bytes. */
export interface SecretColumn {
  purpose: string;
  /** `notifications.endpoints` */
  table: string;
  id: string;
  column: string;
}

/**
 * Encrypts what a column still holds in the clear: for services' `start`, after an update from a release that
 * did not encrypt. Safe on several hosts at once. Names come from code, never from outside.
 *
 * @returns how many
 */
export async function sealColumn(
  db: Queryable,
  { purpose, table, id, column }: SecretColumn,
): Promise<number> {
  let done = 0;
  const rows = await db.query<{ id: string; secret: string }>(
    `SELECT ${id}::text AS id, ${column} AS secret FROM ${table} WHERE ${column} NOT LIKE '${MARK}%'`,
  );
  for (const row of rows.rows) {
    const sealed = await encryptSecret(db, { purpose, row: row.id }, row.secret);
    const changed = await db.query(
      `UPDATE ${table} SET ${column} = $3 WHERE ${id}::text = $1 AND ${column} = $2`,
      [row.id, row.secret, sealed],
    );
    done += changed.rowCount ?? 0;
  }
  return done;
}
