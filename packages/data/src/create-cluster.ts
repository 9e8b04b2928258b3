/** The embedded server's data folder ("cluster") and password, made once. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataError } from './errors.ts';
import type { ServerHome } from './server-home.ts';

const run = promisify(execFile);

/** The password of both roles, so that other users of the machine cannot sign in to the server. */
export async function readPassword(home: ServerHome): Promise<string> {
  const file = join(home.folder, 'password');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch(() => {});
    return (await readFile(file, 'utf8')).trim();
  }
}

/**
 * Runs `initdb`. It works under another name and renames when done, so that one that was cut short is never
 * taken for a whole one.
 */
export async function createCluster(home: ServerHome, cluster: string, password: string): Promise<void> {
  const { uid, gid } = home.spawn;
  await removeHalfMade(home.serverFolder);
  const making = await mkdtemp(join(home.serverFolder, 'making-'));
  const passwordFile = join(making, 'password');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await run('chown', ['-R', `${uid ?? process.getuid?.()}:${gid ?? process.getgid?.()}`, making]);
    // Few rounds of hashing: the password is random and long, and tests connect often.
    const flags = ['-A', 'scram-sha-256', '--set', 'scram_iterations=64', '--pwfile', passwordFile];
    const locale = ['-E', 'UTF8', '--locale=C', '--no-instructions'];
    await run(
      home.binary('initdb'),
      ['-D', join(making, 'cluster'), '-U', 'postgres', ...flags, ...locale],
      home.spawn,
    );
    await rename(join(making, 'cluster'), cluster).catch((error: NodeJS.ErrnoException) => {
      // Two at once: the first one's cluster stands.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new DataError('server_failed', { detail: said ?? (cause as Error).message, cause });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** What a killed `initdb` left behind; a younger one may be another start's at work. */
async function removeHalfMade(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('making-')) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > 600_000) await rm(join(folder, name), { recursive: true, force: true });
  }
}
