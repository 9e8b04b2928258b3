/**
 * The master keys: they wrap the data keys that encrypt secrets in the database, and lie outside of it, so that
 * a copy of the database alone gives nothing away.
 *
 * The first key is the one that wraps; further ones are older and still unwrap, until `moon secrets rotate` is
 * done. Where keys are kept by a key service, `MasterKey` is what to implement: it sees data keys, never secrets.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DataError } from './errors.ts';

export interface MasterKey {
  /** Tells it from others and gives nothing away. */
  readonly id: string;
  /** @param bound what the data key is and is for: it unwraps with the same text only */
  wrap(dataKey: Buffer, bound: string): Promise<Buffer>;
  unwrap(wrapped: Buffer, bound: string): Promise<Buffer>;
}

/** Where this process gets its master keys: the current one first. Asked again whenever one is needed. */
export type MasterKeySource = () => readonly MasterKey[] | Promise<readonly MasterKey[]>;

let source: MasterKeySource | undefined;

/** Says where this process gets its master keys. */
export function useMasterKeys(from: MasterKeySource): void {
  source = from;
}

/** @throws DataError `secret_key_missing` */
export async function masterKeys(): Promise<readonly MasterKey[]> {
  const keys = (await source?.()) ?? [];
  if (keys.length === 0) throw new DataError('secret_key_missing');
  return keys;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM of bytes; `bound` is the associated data. @returns nonce, tag, ciphertext */
export function encryptBytes(key: Buffer, bytes: Buffer, bound: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(bound));
  const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** @throws where the key is another, or bytes or `bound` are not those of the encryption */
export function decryptBytes(key: Buffer, sealed: Buffer, bound: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
}

/** A master key that this process holds: 32 bytes. */
export function localMasterKey(key: Buffer): MasterKey {
  return {
    id: createHash('sha256').update('moonbase master key\n').update(key).digest('hex').slice(0, 16),
    wrap: async (dataKey, bound) => encryptBytes(key, dataKey, bound),
    unwrap: async (wrapped, bound) => decryptBytes(key, wrapped, bound),
  };
}

/** The keys of a text: base64 of 32 bytes each, the current one first, apart by spaces, commas or lines. */
export function readMasterKeys(text: string): Buffer[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const key = Buffer.from(word, 'base64');
    const same = key.toString('base64').replace(/=+$/, '') === word.replace(/=+$/, '');
    if (key.length !== 32 || !same) throw new DataError('secret_key_malformed');
    return key;
  });
}

/** A file of keys, which is made with a random one where it is missing and `create` is set. Mode 0600. */
export function masterKeyFile(file: string, options: { create?: boolean } = {}): MasterKeySource {
  return () => readKeyFile(file, options).map(localMasterKey);
}

/** @throws DataError `secret_key_missing`, `secret_key_malformed` */
export function readKeyFile(file: string, { create = false }: { create?: boolean } = {}): Buffer[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || !create)
      throw new DataError('secret_key_missing', { detail: `${file}: ${code}.`, cause });
    try {
      writeKeyFile(file, [randomBytes(32)], { fresh: true });
    } catch (error) {
      // Another process made it meanwhile: theirs holds.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    text = readFileSync(file, 'utf8');
  }
  const keys = readMasterKeys(text);
  if (keys.length === 0) throw new DataError('secret_key_missing', { detail: `${file} is empty.` });
  return keys;
}

/** Writes the keys whole or not at all, and onto the disk: without them nothing can be read. */
export function writeKeyFile(file: string, keys: readonly Buffer[], options: { fresh?: boolean } = {}): void {
  const draft = options.fresh ? file : `${file}.${process.pid}.draft`;
  const handle = openSync(draft, options.fresh ? 'wx' : 'w', 0o600);
  try {
    writeSync(handle, keys.map((key) => `${key.toString('base64')}\n`).join(''));
    fsyncSync(handle);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  if (!options.fresh) renameSync(draft, file);
}
