/** What can go wrong with the database before a service's own rules are asked. */
export const dataErrors = {
  commit_unknown: {
    message: 'The connection was lost while committing, so the outcome is unknown.',
    remedy: 'Send the same request again with the same reference or idempotency key.',
  },
  rolled_back: {
    message: 'A statement failed and its error was passed over, so the whole transaction was undone.',
    remedy: 'This is a fault of the program: report it with the log of that moment.',
  },
  migration_changed: {
    message: 'A migration that has already run was changed.',
    remedy: 'Restore the file and put the change into a new migration.',
  },
  migration_failed: {
    message: 'A migration failed and was rolled back.',
    remedy: 'Correct the file named below and start again.',
  },
  host_role_missing: {
    message: 'The role moonbase_host or moonbase_request is missing and the database user may not create it.',
    remedy:
      'Let an administrator run: CREATE ROLE moonbase_host NOLOGIN; CREATE ROLE moonbase_request NOLOGIN; GRANT moonbase_host, moonbase_request TO <user of DATABASE_URL>;',
  },
  unreachable: {
    message: 'PostgreSQL cannot be reached.',
    remedy: 'Check DATABASE_URL: postgres://user:password@host:port/database, and that the server runs.',
  },
  too_old: {
    message: 'This PostgreSQL is older than version 15.',
    remedy: 'Use PostgreSQL 15 or newer, or unset DATABASE_URL for the embedded one.',
  },
  secret_key_missing: {
    message: 'There is no master key to encrypt secrets with.',
    remedy:
      'Set MOON_SECRET_KEY to what "openssl rand -base64 32" prints, or MOON_SECRET_KEY_FILE to a file that holds it, and keep it apart from the database.',
  },
  secret_key_malformed: {
    message: 'The master key has not the right form.',
    remedy:
      'It is base64 of 32 bytes, as "openssl rand -base64 32" prints; an older one may follow after a comma.',
  },
  secret_key_wrong: {
    message: 'The master key is not the one that the secrets in this database are encrypted under.',
    remedy:
      'Give the former key; to change it, give both, the new one first, and run: ./moon secrets rotate.',
  },
  secret_key_retired: {
    message: 'The master key was rotated away and may not encrypt any more.',
    remedy: 'Give the key that "./moon secrets rotate" went to.',
  },
  secret_unreadable: {
    message: 'A secret in the database cannot be decrypted: it was changed, or moved from another place.',
    remedy: 'Restore the row named below from a backup, or make the secret anew.',
  },
  plaintext_refused: {
    message: 'The connection to PostgreSQL would not be encrypted and verified.',
    remedy:
      'Add ?sslmode=verify-full to DATABASE_URL (and &sslrootcert=<file> for a CA of your own), or name the host in MOON_ALLOW_PLAINTEXT where the network itself is trusted.',
  },
  data_folder_locked: {
    message: 'Another Moonbase is using this data folder.',
    remedy: 'Stop it, or choose another folder with --data.',
  },
  data_folder_unusable: {
    message: 'The data folder cannot be used.',
    remedy: 'Choose a folder you may write to with --data.',
  },
  server_failed: {
    message: 'The embedded PostgreSQL did not start.',
    remedy: 'Read the last lines of its log, named below.',
  },
} as const;

export type DataErrorCode = keyof typeof dataErrors;

export class DataError extends Error {
  readonly code: DataErrorCode;
  readonly remedy: string;

  constructor(code: DataErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { message, remedy } = dataErrors[code];
    super(options.detail ? `${message} ${options.detail}` : message, { cause: options.cause });
    this.name = 'DataError';
    this.code = code;
    this.remedy = remedy;
  }
}
