/**
 * Texts in a file that only a passphrase opens: scrypt makes the key, AES-256-GCM seals each line with its place
 * and whether it is the last, so that lines can be neither changed, moved, dropped nor cut off unnoticed.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { Failure } from './failure.ts';

const HEAD = 'moonbase-sealed-1';
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const NONCE = 12;
const TAG = 16;

export function seal(texts: readonly string[], passphrase: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(passphrase, salt, 32, COST);
  // A line of its own says where the end is, also of nothing.
  const lines = [...texts, ''].map((text, place) => {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(`${place} ${place === texts.length ? 'end' : 'more'}`));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  });
  return `${[`${HEAD} ${salt.toString('base64')}`, ...lines].join('\n')}\n`;
}

/** @throws Failure when the passphrase is another, or the file is not whole */
export function openSealed(content: string, passphrase: string): string[] {
  const [head = '', ...lines] = content.trimEnd().split('\n');
  const [name, salt] = head.split(' ');
  if (name !== HEAD || !salt || lines.length === 0)
    throw new Failure('This is no file of sealed keys.', 'Choose one that `moon backup keys` wrote.');
  const key = scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, COST);
  try {
    return lines
      .map((line, place) => {
        const bytes = Buffer.from(line, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(Buffer.from(`${place} ${place === lines.length - 1 ? 'end' : 'more'}`));
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString();
      })
      .slice(0, -1);
  } catch (cause) {
    throw new Failure(
      'The keys could not be read: the passphrase is another, or the file is not whole.',
      'Check MOON_BACKUP_PASSPHRASE, or take another backup.',
      { cause },
    );
  }
}
