/** A whole installation, as people meet it: started, killed, started again, misused. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedServer } from '@moonbase/data/embedded-server';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, type RunningCommand, runMoon } from '../../testing.ts';

let folder: string;
let port: number;
let running: RunningCommand[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-start-'));
  await chmod(folder, 0o755);
  port = await freePort();
  running = [];
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }
  await killServer(join(folder, 'data'));
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const data = (name = 'data') => join(folder, name);
const url = () => `http://127.0.0.1:${port}`;

function start(args: string[] = [], env: Record<string, string> = {}, name = 'data'): RunningCommand {
  const command = runMoon(['start', '--port', String(port), '--data', data(name), ...args], { env });
  running.push(command);
  return command;
}

const ready = (command: RunningCommand) => command.says('Ctrl-C stops it.');

async function stop(command: RunningCommand, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  command.child.kill(signal);
  const { code, errors } = await command.ended;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
}

/** Pid of the embedded server of the folder; 0 where none runs. */
function serverPid(folderOfData: string): number {
  try {
    const pid = Number(
      readFileSync(join(folderOfData, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 0);
    return pid;
  } catch {
    return 0;
  }
}

async function killServer(folderOfData: string, signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
  const pid = serverPid(folderOfData);
  if (!pid) return;
  process.kill(pid, signal);
  while (serverPid(folderOfData) === pid) await sleep(20);
}

function signInOf({ out }: RunningCommand): { email: string; password: string } {
  const [, email = ''] = /Sign in\s+(\S+)/.exec(out) ?? [];
  const [, password = ''] = /Password\s+(\S+)/.exec(out) ?? [];
  return { email, password };
}

const signIn = (given: { email: string; password: string }) =>
  fetch(`${url()}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });

test('one installation: first start, keys, a second start beside it, stopped, started again', async () => {
  const first = start(['--empty']);
  await ready(first);
  expect(first.out).toContain(`Console   ${url()}`);
  const given = signInOf(first);
  expect((await fetch(`${url()}/health/ready`)).status).toBe(200);
  expect((await signIn(given)).status).toBe(200);
  expect((await signIn({ ...given, password: 'not the password' })).status).toBe(401);

  const key = runMoon(['key', 'create', '--scope', 'sales:read', '--data', data()]);
  const made = await key.ended;
  expect(made).toMatchObject({ code: 0, errors: '' });
  expect(made.out).toMatch(/^mb_\S+\n$/);
  const asKey = { authorization: `Bearer ${made.out.trim()}` };
  expect((await fetch(`${url()}/api/sales`, { headers: asKey })).status).toBe(200);
  expect((await fetch(`${url()}/api/people`, { headers: asKey })).status).toBe(403);
  expect((await fetch(`${url()}/api/sales`)).status).toBe(401);

  const status = await runMoon(['status', '--data', data()]).ended;
  expect(status).toMatchObject({ code: 0, errors: '' });
  expect(status.out).toContain('ready');
  expect(status.out).not.toContain('NOT READY');

  const locked = await start(['--port', String(await freePort())]).ended;
  expect(locked.code).toBe(1);
  expect(locked.errors).toMatch(
    /^moon: Another Moonbase is using this data folder\. .* Stop it, or .*--data\.\n$/,
  );
  const taken = await start([], {}, 'other').ended;
  expect(taken.code).toBe(1);
  expect(taken.errors).toBe(
    `moon: Port ${port} is in use. Stop what uses it, or choose another: --port ${port + 1}.\n`,
  );
  expect((await fetch(`${url()}/health/ready`)).status).toBe(200);

  await stop(first);
  expect(serverPid(data())).toBe(0);
  expect(await readdir(data())).not.toContain('installation.json');
  const offline = await runMoon(['status', '--data', data()]).ended;
  expect(offline).toMatchObject({ code: 1, errors: expect.stringContaining('No Moonbase runs on') });
  const laterKey = await runMoon(['key', 'create', '--scope', 'people:read', '--data', data()]).ended;
  expect(laterKey).toMatchObject({ code: 0, errors: '' });
  expect(serverPid(data())).toBe(0);

  // The best of three: what else the machine does is not the question.
  let best = Number.POSITIVE_INFINITY;
  let second = first;
  for (let turn = 0; turn < 3 && best >= 5_000; turn += 1) {
    if (second !== first) await stop(second);
    const begun = performance.now();
    second = start();
    await ready(second);
    best = Math.min(best, performance.now() - begun);
  }
  expect(best).toBeLessThan(5_000);
  expect(second.out).not.toContain('Password');
  expect(second.out).not.toContain('demo');
  expect((await signIn(given)).status).toBe(200);
  expect((await fetch(`${url()}/api/sales`, { headers: asKey })).status).toBe(200);
  const asLaterKey = { authorization: `Bearer ${laterKey.out.trim()}` };
  expect((await fetch(`${url()}/api/people`, { headers: asLaterKey })).status).toBe(200);
  await stop(second, 'SIGTERM');
}, 240_000);

test('after kill -9 it comes up again, with the server alive or killed as well', async () => {
  const first = start(['--empty']);
  await ready(first);
  const given = signInOf(first);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(serverPid(data())).not.toBe(0);

  const second = start();
  await ready(second);
  expect((await signIn(given)).status).toBe(200);
  second.child.kill('SIGKILL');
  await killServer(data(), 'SIGKILL');
  await second.ended;

  const third = start();
  await ready(third);
  expect((await signIn(given)).status).toBe(200);
  await stop(third);
}, 240_000);

test('the demo data are filled once; a first start that was cut short begins anew and ends the same', async () => {
  const cut = start();
  await cut.says('Filling the demo data');
  cut.child.kill('SIGKILL');
  await cut.ended;

  const again = start();
  await ready(again);
  expect(again.out).toContain('The first start was cut short: beginning anew.');
  const given = signInOf(again);
  const counted = await countSales();
  expect(counted).toBeGreaterThan(1_000);
  await stop(again);

  const third = start();
  await ready(third);
  expect(third.out).not.toContain('Filling');
  expect(await countSales()).toBe(counted);
  expect((await signIn(given)).status).toBe(200);
  await stop(third);

  const whole = start([], {}, 'whole');
  await ready(whole);
  expect(await countSales('whole')).toBe(counted);
  await stop(whole);
}, 400_000);

async function countSales(name = 'data'): Promise<number> {
  const { databaseUrl } = JSON.parse(await readFile(join(data(name), 'installation.json'), 'utf8'));
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const answer = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM sales.sales');
    return answer.rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

test('a signal while it starts leaves nothing behind, and the next start works', async () => {
  for (const sign of ['lock', 'postgres/cluster/postmaster.pid']) {
    const command = start(['--empty']);
    while (!existsSync(join(data(), sign))) await sleep(10);
    await stop(command);
    expect(serverPid(data())).toBe(0);
    expect(await readdir(data())).not.toContain('lock');
  }
  const next = start(['--empty']);
  await ready(next);
  await stop(next);
}, 240_000);

test('PostgreSQL killed under a running Moonbase comes back by itself', async () => {
  const command = start(['--empty']);
  await ready(command);
  const given = signInOf(command);
  await killServer(data(), 'SIGKILL');
  const end = Date.now() + 30_000;
  let status = 0;
  while (status !== 200 && Date.now() < end) {
    await sleep(200);
    status = await fetch(`${url()}/health/ready`).then(
      (answer) => answer.status,
      () => 0,
    );
  }
  expect(status).toBe(200);
  expect((await signIn(given)).status).toBe(200);
  await stop(command);
}, 240_000);

test('the administrator is whom the environment says', async () => {
  const given = { email: 'ann@example.org', password: 'a long sentence is good' };
  const command = start(['--empty'], { MOON_ADMIN_EMAIL: given.email, MOON_ADMIN_PASSWORD: given.password });
  await ready(command);
  expect((await signIn(given)).status).toBe(200);
  await stop(command);
}, 240_000);

test('idle, Node and PostgreSQL together stay under 600 MiB', async () => {
  const command = start();
  await ready(command);
  const server = serverPid(data());
  const mebibytes = async () => {
    const pids = (await readdir('/proc'))
      .map(Number)
      .filter((pid) => pid && (pid === server || parentOf(pid) === server));
    expect(pids.length).toBeGreaterThan(3);
    const sizes = [command.child.pid ?? 0, ...pids].map(proportionalSize);
    return sizes.reduce((sum, each) => sum + each, 0) / 1024;
  };
  // Idle is when what followed from the demo is done and its memory given back.
  await expect.poll(mebibytes, { timeout: 120_000, interval: 2_000 }).toBeLessThan(600);
  await stop(command);
}, 300_000);

function parentOf(pid: number): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return 0;
  }
}

/** Resident memory with each shared page divided by its users, in KiB. */
function proportionalSize(pid: number): number {
  const [, size = '0'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(size);
}

describe('what cannot work is told in one line with the remedy:', () => {
  const failing = async (args: string[], env: Record<string, string> = {}) => {
    const { code, errors } = await start(args, env).ended;
    expect(code).toBe(1);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
    expect(errors).not.toMatch(/\n\s+at /);
    expect(errors).not.toContain('hunter2');
    return errors;
  };

  test('a DATABASE_URL of the wrong form, to nowhere, or to a server that refuses', async () => {
    const wrong = await failing([], { DATABASE_URL: 'mysql://root:hunter2@localhost/moon' });
    expect(wrong).toContain('DATABASE_URL is not of the right form. An example: postgres://');
    const nowhere = await failing([], {
      DATABASE_URL: `postgres://moon:hunter2@127.0.0.1:${await freePort()}/moon`,
    });
    expect(nowhere).toContain('Nothing listens there. Check DATABASE_URL');
    const elsewhere = 'postgres://moon:hunter2@no-such-host.invalid/moon';
    const plain = await failing([], { DATABASE_URL: elsewhere });
    expect(plain).toContain('Add ?sslmode=verify-full to DATABASE_URL');
    const noHost = await failing([], { DATABASE_URL: `${elsewhere}?sslmode=verify-full` });
    expect(noHost).toContain('There is no host of that name. Check DATABASE_URL');
    const deaf = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const address = deaf.address();
    const deafPort = address && typeof address === 'object' ? address.port : 0;
    const noServer = await failing([], {
      DATABASE_URL: `postgres://moon:hunter2@127.0.0.1:${deafPort}/moon`,
    });
    deaf.close();
    expect(noServer).toContain('PostgreSQL cannot be reached.');
  }, 120_000);

  test('a password that is wrong, and a database that is not there', async () => {
    const command = start(['--empty']);
    await ready(command);
    const { databaseUrl } = JSON.parse(await readFile(join(data(), 'installation.json'), 'utf8'));
    const other = ['--data', data('other'), '--port', String(await freePort())];
    const password = await failing(other, { DATABASE_URL: databaseUrl.replace(/:[^:@]+@/, ':hunter2@') });
    expect(password).toContain('The password is wrong. Check DATABASE_URL');
    const database = await failing(other, { DATABASE_URL: `${databaseUrl}_not` });
    expect(database).toContain('There is no database of that name. Check DATABASE_URL');
    await stop(command);
  }, 240_000);

  test('a data folder that is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await failing(['--data', join(folder, 'file')])).toContain('it is a file. Choose a folder');
  });

  test('a port that is none, and an address of another machine', async () => {
    expect(await failing(['--port', '70000'])).toContain('70000 is no port.');
    expect(await failing(['--host', '192.0.2.1'])).toContain('192.0.2.1 is no address of this machine.');
  });
});

test('with DATABASE_URL it works there, without demo data, and starts no server of its own', async () => {
  const server = await startEmbeddedServer({ folder: join(folder, 'server'), volatile: true });
  try {
    const command = start([], { DATABASE_URL: server.url() });
    await ready(command);
    expect(command.out).not.toContain('Filling');
    expect((await signIn(signInOf(command))).status).toBe(200);
    expect(await countSales()).toBe(0);
    expect(await readdir(data())).not.toContain('postgres');
    await stop(command);
  } finally {
    await server.stop('now');
  }
}, 240_000);

test('below a folder of mode 0700 it works', async () => {
  await mkdir(join(folder, 'closed'));
  await chmod(join(folder, 'closed'), 0o700);
  const command = start(['--empty'], {}, 'closed/data');
  await ready(command);
  expect((await signIn(signInOf(command))).status).toBe(200);
  await stop(command);
  // As root, the data had to go outside.
  const elsewhere = await readFile(join(data('closed/data'), 'postgres/elsewhere'), 'utf8').catch(() => '');
  if (elsewhere) await rm(elsewhere.trim(), { recursive: true, force: true });
}, 240_000);
