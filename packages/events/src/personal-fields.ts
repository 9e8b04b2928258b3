/**
 * Personal fields in the log: AES-256-GCM with the person's key. The additional data bind a ciphertext to
 * its event and field, so that it can't be moved to another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** @returns base64 of nonce, tag and ciphertext */
export function encryptField(key: Buffer, eventId: string, field: string, value: unknown): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(`${eventId}\n${field}`));
  const text = cipher.update(JSON.stringify(value), 'utf8');
  const end = cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), text, end]).toString('base64');
}

/** @throws when the key is another's, or the text was changed or moved */
export function decryptField(key: Buffer, eventId: string, field: string, text: string): unknown {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(`${eventId}\n${field}`));
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  return JSON.parse(
    Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString(),
  );
}
