import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server.ts';
import { isAlive } from './server-process.ts';

let folder: string;
const running = new Set<EmbeddedServer>();
const children = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-server-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of running) await server.stop('now');
  children.clear();
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedServerOptions> = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ folder, volatile: true, ...options });
  running.add(server);
  return server;
}

async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server from a Node of its own. */
async function startElsewhere(): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const script = new URL('../fixtures/run-server.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder]);
  children.add(child);
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(`${data}`)),
  );
  return { child, ...JSON.parse(line) };
}

async function die(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

test('a second start has the data of the first, on the same port', async () => {
  const first = await start();
  await ask(first.url(), 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  const second = await start();
  expect(second.port).toBe(first.port);
  expect(await ask(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('the owner of the database is no superuser', async () => {
  const server = await start();
  const [role] = await ask<{ rolsuper: boolean; rolbypassrls: boolean }>(
    server.url(),
    'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
  );
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
});

test('without the password nobody signs in, and other users cannot read it', async () => {
  const server = await start();
  for (const user of ['moonbase', 'postgres']) {
    await expect(ask(`postgres://${user}@127.0.0.1:${server.port}/postgres`, 'SELECT 1')).rejects.toThrow();
  }
  expect((await stat(join(folder, 'password'))).mode & 0o077).toBe(0);
});

test('after kill -9 of Node the server lives on and is taken over', async () => {
  const { child, url, pid } = await startElsewhere();
  await ask(url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await die(child);
  expect(isAlive(pid)).toBe(true);
  const server = await start();
  expect(server.pid).toBe(pid);
  expect(await ask(server.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('after kill -9 of everything it recovers', async () => {
  const { child, url, pid } = await startElsewhere();
  await ask(url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await die(child);
  process.kill(pid, 'SIGKILL');
  const server = await start();
  expect(server.pid).not.toBe(pid);
  expect(await ask(server.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a pid file that names an innocent process is not believed, nor is the process harmed', async () => {
  const first = await start();
  const file = join(folder, 'cluster', 'postmaster.pid');
  const text = await readFile(file, 'utf8');
  await first.stop();
  const { uid, gid } = await stat(join(folder, 'cluster'));
  const innocent = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
  children.add(innocent);
  await writeFile(file, text.replace(/^\d+/, String(innocent.pid)));
  const second = await start();
  expect(second.pid).not.toBe(innocent.pid);
  expect(isAlive(innocent.pid!)).toBe(true);
});

test('when the port of last time is taken meanwhile, another one is used', async () => {
  const first = await start();
  await first.stop();
  const thief = createServer();
  await new Promise<void>((resolve) => thief.listen(first.port, '127.0.0.1', resolve));
  const second = await start();
  thief.close();
  expect(second.port).not.toBe(first.port);
  expect(await ask(second.url(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('two starts at once end with one server', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(two.pid).toBe(one.pid);
  expect(two.port).toBe(one.port);
});

test('a folder that was moved while stopped brings its data along', async () => {
  const before = join(folder, 'before');
  const first = await start({ folder: before });
  await ask(first.url(), 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  await rename(before, join(folder, 'after'));
  const second = await start({ folder: join(folder, 'after') });
  expect(await ask(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a folder that was moved under a running server is served from its new place', async () => {
  const before = join(folder, 'before');
  const first = await start({ folder: before, volatile: false });
  const { pid } = first;
  await ask(first.url(), 'CREATE TABLE kept AS SELECT 7 AS n');
  await rename(before, join(folder, 'after'));
  const second = await start({ folder: join(folder, 'after') });
  expect(second.pid).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
  expect(await ask(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a server that dies is started again on the same port', async () => {
  const restarts: unknown[] = [];
  const server = await start({ volatile: false, onRestart: (error) => void restarts.push(error) });
  await ask(server.url(), 'CREATE TABLE kept AS SELECT 7 AS n');
  process.kill(server.pid, 'SIGKILL');
  const end = Date.now() + 15_000;
  while (restarts.length === 0 && Date.now() < end) await sleep(50);
  expect(restarts).toEqual([undefined]);
  expect(await ask(server.url(), 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a server that was stopped stays stopped', async () => {
  const restarts: unknown[] = [];
  const server = await start({ onRestart: (error) => void restarts.push(error) });
  const { pid } = server;
  await server.stop();
  await sleep(1_500);
  expect(isAlive(pid)).toBe(false);
  expect(restarts).toEqual([]);
  expect(existsSync(join(folder, 'cluster', 'postmaster.pid'))).toBe(false);
});

test('a folder that cannot be used says why', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const [path, reason] of [
    ['file', 'it is a file'],
    ['file/below', 'a part of it is a file'],
  ]) {
    const failure = start({ folder: join(folder, path!) });
    await expect(failure).rejects.toMatchObject({ code: 'data_folder_unusable' });
    await expect(failure).rejects.toThrow(reason);
  }
});

test('data of another PostgreSQL version are left alone', async () => {
  const first = await start();
  await first.stop();
  await writeFile(join(folder, 'cluster', 'PG_VERSION'), '17\n');
  await expect(start()).rejects.toThrow('The data were written by PostgreSQL 17, and this is 18.');
});

test('an initialisation that was cut short is done again', async () => {
  await mkdir(join(folder, 'making-abc', 'cluster'), { recursive: true });
  await writeFile(join(folder, 'making-abc', 'cluster', 'PG_VERSION'), '18\n');
  const server = await start();
  expect(await ask(server.url(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});
