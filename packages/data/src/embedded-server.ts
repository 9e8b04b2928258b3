/**
 * The embedded PostgreSQL: a real server of our own, from binaries in an npm package, in a folder of ours.
 *
 * It is started with `pg_ctl`, hence in a session of its own: a terminal's Ctrl-C does not reach it, and it
 * outlives a killed Moonbase. The next start finds it by its `postmaster.pid` and takes it over.
 *
 * The way to a running server, whatever was left behind:
 * 1. no cluster → `initdb` under another name, renamed when whole;
 * 2. a living server of this folder → wait until it answers, take it over (or stop it first, if the folder
 *    was moved under it: it would look for files at the old place);
 * 3. a `postmaster.pid` without such a server → removed, since PostgreSQL itself would believe any process
 *    that has the pid by now;
 * 4. start, on the port of last time if it is free.
 */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { createCluster, readPassword } from './create-cluster.ts';
import { DataError } from './errors.ts';
import { freePort, isFree } from './free-port.ts';
import { chooseServerHome, type ServerHome, type ServerHomeOptions } from './server-home.ts';
import { hasGone, isAlive, isServerOf, readPidFile } from './server-process.ts';

const run = promisify(execFile);

export interface EmbeddedServerOptions extends ServerHomeOptions {
  /** Folder for the data; made when missing. */
  folder: string;
  /** Port on 127.0.0.1; last time's, or a free one, unless said. */
  port?: number;
  /** For tests: commits do not wait for the disk. */
  volatile?: boolean;
  /** Starts the server again when it has died; told of each time, with an error if that failed. */
  onRestart?: (error?: unknown) => void;
}

export interface EmbeddedServer {
  /** Of a database, `moonbase` unless said, as the role that owns it. Holds the password. */
  url(database?: string): string;
  readonly port: number;
  readonly pid: number;
  /** Checkpoints and stops; clients are disconnected. `now`: without the checkpoint. */
  stop(how?: 'now'): Promise<void>;
}

interface Place {
  home: ServerHome;
  cluster: string;
  password: string;
  options: EmbeddedServerOptions;
}

/**
 * Starts the server, or takes over one that a killed run left behind.
 *
 * @throws DataError `data_folder_unusable`, `server_failed`
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const home = await chooseServerHome(options.folder, options);
  const place = {
    home,
    cluster: join(home.serverFolder, 'cluster'),
    password: await readPassword(home),
    options,
  };
  if (!existsSync(place.cluster)) await createCluster(home, place.cluster, place.password);
  await checkVersion(place);
  const port = await bringUp(place);
  await ensureDatabase(place, port);
  const stopWatching = options.onRestart ? watch(place, port, options.onRestart) : () => {};
  return {
    port,
    get pid() {
      return readPidFile(place.cluster)?.pid ?? 0;
    },
    url: (database = 'moonbase') => urlOf('moonbase', place.password, port, database),
    stop: async (how) => {
      stopWatching();
      await stop(place, how === 'now' ? 'immediate' : 'fast');
    },
  };
}

function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

async function checkVersion({ home, cluster }: Place): Promise<void> {
  const [data, { stdout }] = await Promise.all([
    readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => ''),
    run(home.binary('postgres'), ['--version'], home.spawn).catch((cause) => {
      throw new DataError('server_failed', { detail: (cause as Error).message, cause });
    }),
  ]);
  const binary = / (\d+)\./.exec(stdout)?.[1];
  if (data.trim() === binary) return;
  const detail = data
    ? `The data were written by PostgreSQL ${data.trim()}, and this is ${binary}.`
    : `${cluster} is no PostgreSQL data folder.`;
  throw new DataError('server_failed', { detail });
}

async function bringUp(place: Place): Promise<number> {
  const remembered = Number(await readFile(join(place.home.folder, 'port'), 'utf8').catch(() => ''));
  let port = place.options.port ?? (remembered || (await freePort()));
  for (let attempt = 1; ; attempt += 1) {
    const running = await takeOver(place);
    if (running) return remember(place, running);
    if (place.options.port === undefined && !(await isFree(port))) port = await freePort();
    try {
      await start(place, port);
      return remember(place, port);
    } catch (error) {
      // Another start was faster, or somebody took the port meanwhile.
      if (attempt === 3) throw error;
      await sleep(100 * attempt);
    }
  }
}

async function remember({ home }: Place, port: number): Promise<number> {
  await writeFile(join(home.folder, 'port'), `${port}\n`).catch(() => {});
  return port;
}

/** The port of a living server of this folder, once it answers; cleans up after a dead one. */
async function takeOver(place: Place): Promise<number | undefined> {
  const { cluster } = place;
  const end = Date.now() + 60_000;
  while (true) {
    const file = readPidFile(cluster);
    if (!file) return undefined;
    if (!isServerOf(file, cluster)) {
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      return undefined;
    }
    const answer = file.port ? await ask(place, file.port) : 'not yet';
    if (answer === 'ours') return file.port;
    if (answer === 'moved') {
      process.kill(file.pid, 'SIGINT');
      if (await hasGone(file.pid, 30_000)) return undefined;
    }
    if (Date.now() > end) {
      throw new DataError('server_failed', {
        detail: `The server that is there (process ${file.pid}) does not answer.`,
      });
    }
    await sleep(50);
  }
}

/** What the server on the port says of itself. Starting up, recovering and stopping are `not yet`. */
async function ask({ cluster, password }: Place, port: number): Promise<'ours' | 'moved' | 'not yet'> {
  const client = administrator(port, password);
  try {
    await client.connect();
    const answer = await client.query<{ folder: string }>(
      `SELECT current_setting('data_directory') AS folder`,
    );
    const { folder } = answer.rows[0]!;
    return existsSync(folder) && realpathSync(folder) === realpathSync(cluster) ? 'ours' : 'moved';
  } catch {
    return 'not yet';
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Chosen for a small machine that runs everything: about 60 MiB when idle, and little that grows.
 * Errors are logged without the row they speak of (`terse`), which may be personal.
 */
function settingsOf(port: number, options: EmbeddedServerOptions): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=128MB',
    'work_mem=16MB',
    'effective_cache_size=1GB',
    'random_page_cost=1.1',
    'max_wal_size=2GB',
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_logical_replication_workers=0',
    'io_workers=2',
    'jit=off',
    'autovacuum_naptime=20s',
    'log_checkpoints=off',
    'log_error_verbosity=terse',
    ...(options.volatile ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
}

async function start({ home, cluster, options }: Place, port: number): Promise<void> {
  const log = join(home.serverFolder, 'postgres.log');
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 16 * 1024 * 1024) await truncate(log);
  const flags = settingsOf(port, options)
    .map((setting) => `-c ${setting}`)
    .join(' ');
  try {
    await run(
      home.binary('pg_ctl'),
      ['start', '-D', cluster, '-l', log, '-w', '-t', '120', '-o', flags],
      home.spawn,
    );
  } catch (cause) {
    const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' | ');
    throw new DataError('server_failed', { detail: `${log}: ${tail}`, cause });
  }
}

async function stop({ cluster }: Place, mode: 'fast' | 'immediate'): Promise<void> {
  const file = readPidFile(cluster);
  if (!file || !isServerOf(file, cluster)) return;
  process.kill(file.pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  if (await hasGone(file.pid, 60_000)) return;
  process.kill(file.pid, 'SIGQUIT');
  await hasGone(file.pid, 10_000);
}

/** Looks every second whether the server lives, and starts it again on the same port if not. */
function watch(place: Place, port: number, onRestart: (error?: unknown) => void): () => void {
  let pid = readPidFile(place.cluster)?.pid ?? 0;
  let busy = false;
  let stopped = false;
  const timer = setInterval(async () => {
    if (busy || isAlive(pid)) return;
    busy = true;
    try {
      if (!(await takeOver(place)) && !stopped) await start(place, port);
      pid = readPidFile(place.cluster)?.pid ?? 0;
      onRestart();
    } catch (error) {
      onRestart(error);
    } finally {
      busy = false;
    }
  }, 1_000);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function administrator(port: number, password: string): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  return client;
}

/** The role that owns everything, not a superuser, and its database. */
async function ensureDatabase({ password }: Place, port: number): Promise<void> {
  const client = administrator(port, password);
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('moonbase.database'))`);
    const known = await client.query(`SELECT FROM pg_database WHERE datname = 'moonbase'`);
    if (known.rowCount) return;
    await client.query('SET scram_iterations = 64');
    await client.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'moonbase') THEN
          CREATE ROLE moonbase LOGIN CREATEROLE CREATEDB PASSWORD '${password}';
        END IF;
      END $$`);
    await client.query('CREATE DATABASE moonbase OWNER moonbase');
  } finally {
    await client.end();
  }
}
