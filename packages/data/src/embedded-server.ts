/**
 * The embedded PostgreSQL: a real server of our own, from binaries in an npm package, in a folder of ours.
 *
 * It is started with `pg_ctl`, hence in a session of its own: a terminal's Ctrl-C does not reach it, and it
 * outlives a killed Moonbase. The next start finds it by its `postmaster.pid` and takes it over.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { DataError } from './errors.ts';
import { chooseServerHome, type ServerHome } from './server-home.ts';

const run = promisify(execFile);

export interface EmbeddedServerOptions {
  /** Folder for the data; made when missing. */
  folder: string;
  /** Port on 127.0.0.1; a free one unless said. */
  port?: number;
  /** For tests: commits do not wait for the disk. */
  volatile?: boolean;
}

export interface EmbeddedServer {
  /** Of a database, `moonbase` unless said, as the role that owns it. */
  url(database?: string): string;
  readonly port: number;
  /** Checkpoints and stops; clients are disconnected. */
  stop(): Promise<void>;
}

/**
 * Starts the server, or takes over one that a killed run left behind.
 *
 * @throws DataError `data_folder_unusable`, `server_failed`
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const home = await chooseServerHome(options.folder);
  const cluster = join(home.folder, 'cluster');
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(home, cluster);
  const port = (await runningPort(cluster)) ?? (await start(home, cluster, options));
  await ensureDatabase(port);
  return {
    port,
    url: (database = 'moonbase') => `postgres://moonbase@127.0.0.1:${port}/${database}`,
    stop: async () => {
      await run(home.binary('pg_ctl'), ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'], home.spawn);
    },
  };
}

async function initialise(home: ServerHome, cluster: string): Promise<void> {
  await mkdir(home.folder, { recursive: true });
  const args = [
    '-D',
    cluster,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  try {
    await run(home.binary('initdb'), args, home.spawn);
  } catch (cause) {
    throw new DataError('server_failed', { detail: (cause as { stderr?: string }).stderr?.trim(), cause });
  }
}

/** The port of a living server on this folder, if there is one. */
async function runningPort(cluster: string): Promise<number | undefined> {
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = pidFile.split('\n');
  if (!pid || !port) return undefined;
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: 'postgres',
    database: 'postgres',
  });
  try {
    await client.connect();
    const answer = await client.query<{ folder: string }>(
      `SELECT current_setting('data_directory') AS folder`,
    );
    return answer.rows[0]?.folder === cluster ? Number(port) : undefined;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

async function start(home: ServerHome, cluster: string, options: EmbeddedServerOptions): Promise<number> {
  const port = options.port ?? (await freePort());
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=128MB',
    'max_wal_size=2GB',
    'wal_compression=pglz',
    'jit=off',
    ...(options.volatile ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  const log = join(home.folder, 'postgres.log');
  const flags = settings.map((setting) => `-c ${setting}`).join(' ');
  try {
    await run(
      home.binary('pg_ctl'),
      ['start', '-D', cluster, '-l', log, '-w', '-t', '60', '-o', flags],
      home.spawn,
    );
  } catch (cause) {
    const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' | ');
    throw new DataError('server_failed', { detail: `${log}: ${tail}`, cause });
  }
  await writeFile(join(home.folder, 'port'), String(port)).catch(() => {});
  return port;
}

/** The role that owns everything, not a superuser, and its database. */
async function ensureDatabase(port: number): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    const known = await client.query(`SELECT FROM pg_database WHERE datname = 'moonbase'`);
    if (known.rowCount) return;
    await client.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'moonbase') THEN
          CREATE ROLE moonbase LOGIN CREATEROLE CREATEDB;
        END IF;
      END $$`);
    await client.query('CREATE DATABASE moonbase OWNER moonbase');
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
