/** A whole installation for a benchmark: a durable PostgreSQL of its own, one host process, one API key. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, masterKeyFile, newId, useMasterKeys } from '@moonbase/data';
import { startEmbeddedServer } from '@moonbase/data/embedded-server';
import { newKey } from '@moonbase/identity';
import { installServices, type Service } from '@moonbase/service';

export interface Installation {
  /** Of the database, as its owner. */
  databaseUrl: string;
  owner: Database;
  folder: string;
  /** Of PostgreSQL's main process. */
  serverPid: number;
  stop(): Promise<void>;
}

export async function startInstallation(services: readonly Service[]): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'moonbase-bench-'));
  // As root, the server is another user's process: it must reach the folder, or the data would lie elsewhere.
  await chmod(folder, 0o755);
  useMasterKeys(masterKeyFile(join(folder, 'secret.key'), { create: true }));
  const server = await startEmbeddedServer({ folder: join(folder, 'postgres') });
  // A benchmark that fails leaves nothing running: the server outlives whoever started it.
  const abandon = () => process.kill(server.pid, 'SIGINT');
  process.once('exit', abandon);
  const owner = new Database({ url: server.url(), role: 'owner', connections: 4 });
  await installServices(owner, services);
  return {
    databaseUrl: server.url(),
    owner,
    folder,
    serverPid: server.pid,
    stop: async () => {
      process.off('exit', abandon);
      await owner.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function makeKey(owner: Database, scopes: string[]): Promise<string> {
  const { secret, prefix, digest } = newKey();
  await owner.query(
    `INSERT INTO people.keys (id, name, prefix, digest, scopes, created_by) VALUES ($1, 'bench', $2, $3, $4, 'bench')`,
    [newId(), prefix, digest, scopes],
  );
  return secret;
}

export interface Process {
  child: ChildProcess;
  /** What its first line says: where it answers. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a file of this folder in a process of its own; its first line of output is its address. */
export async function startProcess(file: string, args: readonly string[]): Promise<Process> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, file), ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  process.once('exit', () => child.kill());
  const exited = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${file} ended before it answered.`)),
  );
  exited.catch(() => {});
  const [line] = await Promise.race([once(child.stdout!, 'data'), exited]);
  return {
    child,
    url: String(line).trim(),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
