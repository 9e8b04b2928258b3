/** Where this installation's master keys come from, and what is refused in production. */
import { join } from 'node:path';
import {
  isLoopback,
  localMasterKey,
  type MasterKeySource,
  masterKeyFile,
  readKeyFile,
  readMasterKeys,
  useMasterKeys,
} from '@moonbase/data';
import { type Environment, variables } from './environment.ts';
import { Failure } from './failure.ts';

export interface SecretKeys {
  source: MasterKeySource;
  /** For people: the variable or the file. */
  from: string;
  /** The data folder's own file, where the environment names no key. */
  laptopFile?: string;
}

/** Finds the keys; a laptop's are made at the first use. @throws DataError `secret_key_missing`, `secret_key_malformed` */
export function secretKeysOf(environment: Environment, dataFolder: string): SecretKeys {
  const { MOON_SECRET_KEY: text, MOON_SECRET_KEY_FILE: file } = environment;
  if (text && file)
    throw new Failure('MOON_SECRET_KEY and MOON_SECRET_KEY_FILE are both set.', 'Set one of them.');
  if (text) {
    const keys = readMasterKeys(text).map(localMasterKey);
    return { source: () => keys, from: 'MOON_SECRET_KEY' };
  }
  if (file) {
    readKeyFile(file);
    return { source: masterKeyFile(file), from: 'MOON_SECRET_KEY_FILE' };
  }
  const laptopFile = join(dataFolder, 'secret.key');
  return { source: masterKeyFile(laptopFile, { create: true }), from: laptopFile, laptopFile };
}

/** The same, and has this process encrypt with them. */
export function takeSecretKeys(environment: Environment, dataFolder: string): SecretKeys {
  const keys = secretKeysOf(environment, dataFolder);
  useMasterKeys(keys.source);
  return keys;
}

/** Production is what says so, and a server of its own that others can reach. */
export function isProduction(environment: Environment, host: string): boolean {
  const { MOON_ENV, NODE_ENV, DATABASE_URL } = environment;
  if (MOON_ENV) return MOON_ENV === 'production';
  return NODE_ENV === 'production' || (DATABASE_URL !== undefined && !isLoopback(host));
}

/** Ids of master keys that everybody can read here: of the example, and of the tests. */
export const KNOWN_MASTER_KEYS: readonly string[] = ['04abf97c7ae299c5', '45f17508ef32cd49'];

/** Passwords of examples, in lower case. */
const KNOWN_PASSWORDS = new Set(
  [
    ...['MOON_ADMIN_PASSWORD', 'MOON_BACKUP_PASSPHRASE'].map(
      (name) => variables[name as 'MOON_ADMIN_PASSWORD'].example,
    ),
    ...[variables.DATABASE_URL.example, variables.SMTP_URL.example].map((url) => new URL(url).password),
    ...['secret', 'password', 'postgres', 'moonbase', 'changeme', 'change-me', 'administrator'],
    ...[
      'password12',
      'password123',
      'moonbase123',
      'administrator1',
      '1234567890',
      'correct horse battery staple',
    ],
  ].map((word) => word.toLowerCase()),
);

/**
 * Refuses to start in production with a secret that is made by default or that everybody can know. Values are
 * never shown.
 *
 * @throws Failure, one line
 */
export async function checkSecrets(environment: Environment, keys: SecretKeys): Promise<void> {
  const make = 'Make one: openssl rand -base64 32.';
  if (keys.laptopFile)
    throw new Failure(
      'Moonbase does not start in production with a master key that it made by itself.',
      'Set MOON_SECRET_KEY or MOON_SECRET_KEY_FILE: openssl rand -base64 32.',
    );
  const masters = await keys.source();
  if (masters.some(({ id }) => KNOWN_MASTER_KEYS.includes(id)))
    throw new Failure(`${keys.from} is the key of an example.`, make);
  const bytes =
    keys.from === 'MOON_SECRET_KEY'
      ? readMasterKeys(environment.MOON_SECRET_KEY!)
      : readKeyFile(environment.MOON_SECRET_KEY_FILE!);
  if (bytes.some(isGuessable)) throw new Failure(`${keys.from} is not random.`, make);
  for (const name of ['MOON_ADMIN_PASSWORD', 'MOON_BACKUP_PASSPHRASE'] as const) {
    if (KNOWN_PASSWORDS.has((environment[name] ?? '').toLowerCase()))
      throw new Failure(`${name} is a password that everybody knows.`, 'Choose another, or leave it out.');
  }
  for (const name of ['DATABASE_URL', 'SMTP_URL'] as const) {
    const url = URL.parse(environment[name] ?? '');
    if (
      url &&
      !isLoopback(url.hostname) &&
      KNOWN_PASSWORDS.has(decodeURIComponent(url.password).toLowerCase())
    )
      throw new Failure(`The password in ${name} is one that everybody knows.`, 'Change it on that server.');
  }
}

/** 32 random bytes have about 30 different ones, and hardly ever are all of them text. */
function isGuessable(key: Buffer): boolean {
  return new Set(key).size < 16 || key.every((byte) => byte >= 0x20 && byte < 0x7f);
}
