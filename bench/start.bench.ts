/** The second start of an installation, and what it then needs of memory while nothing happens. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { family } from './processor-time.ts';
import { report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const rounds = quick ? 1 : 3;
const folder = mkdtempSync(join(tmpdir(), 'moonbase-bench-'));
chmodSync(folder, 0o755);
const data = join(folder, 'data');
const port = await freePort();
// In production a host does not start on a key of its own making.
const MOON_SECRET_KEY = randomBytes(32).toString('base64');

// The first start makes the database and, but for a quick run, the demo data.
const first = await start();
await first.stop();
const starts: number[] = [];
const memory: number[] = [];
const ofServer: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const moon = await start();
  starts.push(moon.seconds);
  await new Promise((resolve) => setTimeout(resolve, quick ? 1_000 : 20_000));
  const { host, server } = await mebibytes(moon.pid);
  memory.push(host + server);
  ofServer.push(server);
  await moon.stop();
}
rmSync(folder, { recursive: true, force: true });

const took = spread(starts);
const idle = spread(memory);
report('start', [
  {
    claim: 'Second start, from the command to readiness',
    unit: 's',
    figures: { moonbase: took },
    goal: 'under 5 s',
    met: took.median < 5,
    notes: [`the first start took ${first.seconds.toFixed(1)} s, its demo data made in part after readiness`],
  },
  {
    claim: 'Memory of an idle installation (PSS), PostgreSQL included',
    unit: 'MiB',
    figures: { all: idle, 'PostgreSQL of it': spread(ofServer) },
    goal: 'under 600 MiB',
    met: idle.median < 600,
  },
]);

async function start() {
  const flags = ['start', '--data', data, '--port', String(port), ...(quick ? ['--empty'] : [])];
  const began = performance.now();
  const child = spawn(join(import.meta.dirname, '..', 'moon'), flags, {
    stdio: 'ignore',
    env: { ...process.env, LOG_LEVEL: 'error', MOON_SECRET_KEY },
  });
  const gone = once(child, 'exit');
  process.once('exit', () => child.kill());
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) break;
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} before it was ready.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    pid: child.pid!,
    seconds: (performance.now() - began) / 1_000,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** What its processes hold, shared pages counted in part. PostgreSQL is no child: it is in a session of its own. */
async function mebibytes(host: number): Promise<{ host: number; server: number }> {
  const outside = tryRead(join(data, 'postgres', 'elsewhere'))?.trim();
  const lock = tryRead(join(outside ?? join(data, 'postgres'), 'cluster', 'postmaster.pid'));
  if (!lock) throw new Error('PostgreSQL left no postmaster.pid.');
  const sum = (root: number) =>
    family(root).reduce((total, pid) => {
      const kibibytes = /^Pss:\s+(\d+)/m.exec(tryRead(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
      return total + Number(kibibytes ?? 0) / 1024;
    }, 0);
  return { host: sum(host), server: sum(Number(lock.split('\n')[0])) };
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
