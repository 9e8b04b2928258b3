/** The database of an installation: `DATABASE_URL`, or the embedded server under the data folder. */
import { join } from 'node:path';
import { checkEncrypted, Database, DataError, hostsOf } from '@moonbase/data';
import { startEmbeddedServer } from '@moonbase/data/embedded-server';

export interface OpenedDatabase {
  /** As the role that owns everything. */
  url: string;
  embedded: boolean;
  /** `now`: without waiting for what is under way. */
  close(how?: 'now'): Promise<void>;
}

/**
 * @param onRestart told when the embedded server had died and was started again, with an error if it was not
 * @throws DataError `plaintext_refused`, `unreachable`, `too_old`, `data_folder_unusable`, `server_failed`
 */
export async function openDatabase(options: {
  databaseUrl: string | undefined;
  /** Hosts that may be spoken to without TLS. */
  allowPlaintext?: string;
  dataFolder: string;
  onRestart?: (error?: unknown) => void;
}): Promise<OpenedDatabase> {
  const { databaseUrl, allowPlaintext, dataFolder, onRestart } = options;
  if (databaseUrl) {
    checkEncrypted(databaseUrl, hostsOf(allowPlaintext));
    await checkDatabase(databaseUrl);
    return { url: databaseUrl, embedded: false, close: async () => {} };
  }
  const server = await startEmbeddedServer({ folder: join(dataFolder, 'postgres'), onRestart });
  return { url: server.url(), embedded: true, close: (how) => server.stop(how) };
}

/** What a server that refuses says, in words; never the URL, which holds a password. */
const refusals: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there.',
  ENOTFOUND: 'There is no host of that name.',
  EAI_AGAIN: 'There is no host of that name.',
  ETIMEDOUT: 'It does not answer.',
  '28P01': 'The password is wrong.',
  '28000': 'The user may not sign in.',
  '3D000': 'There is no database of that name.',
};

/** Whether the server answers and is new enough. @throws DataError `unreachable`, `too_old` */
export async function checkDatabase(url: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const database = new Database({ url, role: 'owner', connections: 1 });
  try {
    const answer = await database.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    );
    const version = answer.rows[0]?.version ?? 0;
    if (version < 150_000) {
      throw new DataError('too_old', { detail: `It is ${Math.floor(version / 10_000)}.` });
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    const why = refusals[code ?? ''] ?? (/timeout/i.test(message) ? 'It does not answer.' : message);
    const detail = `${hostname}:${port || 5432}${pathname}: ${why}`;
    throw new DataError('unreachable', { detail, cause });
  } finally {
    await database.close();
  }
}
