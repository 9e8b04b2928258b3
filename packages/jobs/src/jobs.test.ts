import { Database } from '@moonbase/data';
import type { TestDatabase } from '@moonbase/data/testing';
import { context, withContext } from '@moonbase/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createJobsDatabase, enqueued, hurry } from '../testing.ts';
import { type JobSpec, Jobs, JobsError, type Run, type RunResult } from './jobs.ts';

let database: TestDatabase;
let hosts: Jobs[] = [];
beforeEach(async () => {
  database = await createJobsDatabase();
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.stop({ within: 500 })));
  hosts = [];
  await database.drop();
});

const spec: JobSpec = {
  summary: 'Sends a letter',
  input: z.object({ to: z.string() }),
  retries: 2,
  retryDelay: 0,
};

function host(handle: (run: Run) => Promise<RunResult>, changes: Partial<JobSpec> = {}): Jobs {
  const jobs = new Jobs({ db: database.db, poll: 50 });
  jobs.define('post', 'send-letter', { ...spec, ...changes }, handle);
  hosts.push(jobs);
  return jobs;
}

const send = (jobs: Jobs, to: string, options = {}) =>
  database.db.transaction((tx) => jobs.enqueue(tx, 'post', 'send-letter', { to }, options));

test('a job enqueued in a transaction runs once after the commit, and its run is kept', async () => {
  const letters: unknown[] = [];
  const jobs = host(async (run) => {
    letters.push(run.input);
    return { counts: { letters: 1 } };
  });
  await jobs.start();
  const id = await send(jobs, 'Amal');
  await jobs.idle();
  expect(letters).toEqual([{ to: 'Amal' }]);
  expect(await jobs.runs()).toMatchObject([
    {
      id,
      attempt: 1,
      service: 'post',
      job: 'send-letter',
      state: 'succeeded',
      counts: { letters: 1 },
      error: null,
    },
  ]);
  expect(await jobs.dead()).toEqual([]);
});

test('a job enqueued in a transaction that rolls back never exists', async () => {
  let ran = 0;
  const jobs = host(async () => {
    ran += 1;
    return undefined;
  });
  await jobs.start();
  await expect(
    database.db.transaction(async (tx) => {
      await jobs.enqueue(tx, 'post', 'send-letter', { to: 'Amal' });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await jobs.idle();
  expect(ran).toBe(0);
  expect(await enqueued(database.db, 'post', 'send-letter')).toEqual([]);
});

test('a job starts right after the commit, without waiting for the next look', async () => {
  let ranAt = 0;
  const jobs = new Jobs({ db: database.db, poll: 60_000 });
  hosts.push(jobs);
  jobs.define('post', 'send-letter', spec, async () => {
    ranAt = performance.now();
    return undefined;
  });
  await jobs.start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const committed = performance.now();
  await send(jobs, 'Amal');
  await expect.poll(() => ranAt, { timeout: 2000, interval: 5 }).toBeGreaterThan(committed);
  expect(ranAt - committed).toBeLessThan(500);
});

test('a job enqueued by a process that does not run it is found by polling', async () => {
  const letters: unknown[] = [];
  const sender = host(async () => undefined);
  await send(sender, 'Amal');
  const jobs = host(async (run) => {
    letters.push(run.input);
    return undefined;
  });
  await jobs.start();
  await expect.poll(() => letters, { timeout: 3000 }).toEqual([{ to: 'Amal' }]);
});

test('a failing job is tried again under its id, then is a dead letter, and can be replayed', async () => {
  const attempts: [string, number][] = [];
  let broken = true;
  const jobs = host(async (run) => {
    attempts.push([run.id, run.attempt]);
    if (broken) throw new Error('The post office is closed.');
    return undefined;
  });
  await jobs.start();
  const id = await send(jobs, 'Amal');
  await jobs.idle();
  expect(attempts).toEqual([
    [id, 1],
    [id, 2],
    [id, 3],
  ]);
  expect(await jobs.dead()).toMatchObject([
    {
      id,
      service: 'post',
      job: 'send-letter',
      input: { to: 'Amal' },
      attempts: 3,
      error: 'The post office is closed.',
    },
  ]);
  expect((await jobs.runs({ id })).map((run) => run.state)).toEqual(['dead', 'failed', 'failed']);
  broken = false;
  await jobs.replay(id);
  await jobs.idle();
  expect(attempts.at(-1)).toEqual([id, 4]);
  expect(await jobs.dead()).toEqual([]);
  await expect(jobs.replay(id)).rejects.toThrow(JobsError);
});

test('a discarded dead letter is gone, and its runs stay', async () => {
  const jobs = host(
    async () => {
      throw new Error('no');
    },
    { retries: 0 },
  );
  await jobs.start();
  const id = await send(jobs, 'Amal');
  await jobs.idle();
  await jobs.discard(id);
  expect(await jobs.dead()).toEqual([]);
  expect(await jobs.runs({ id })).toMatchObject([{ state: 'dead', error: 'no' }]);
});

test('a retry waits longer each time', async () => {
  const jobs = host(
    async () => {
      throw new Error('no');
    },
    { retryDelay: 60, retries: 3 },
  );
  await jobs.start();
  await send(jobs, 'Amal');
  const delay = async () => {
    const answer = await database.db.query<{ seconds: number }>(
      'SELECT extract(epoch FROM start_after - now())::float8 AS seconds FROM jobs_boss.job',
    );
    return answer.rows[0]!.seconds;
  };
  await jobs.idle();
  const first = await delay();
  expect(first).toBeGreaterThan(55);
  await hurry(database.db);
  await jobs.idle();
  expect(await delay()).toBeGreaterThan(Math.min(first, 119));
  expect(await jobs.runs()).toHaveLength(2);
});

test('an input that does not fit is refused before it is kept', async () => {
  const jobs = host(async () => undefined);
  await expect(
    database.db.transaction((tx) => jobs.enqueue(tx, 'post', 'send-letter', { whom: 'Amal' })),
  ).rejects.toMatchObject({ code: 'input_invalid' });
  await expect(
    database.db.transaction((tx) => jobs.enqueue(tx, 'post', 'burn-letter', {})),
  ).rejects.toMatchObject({ code: 'job_unknown' });
  expect(await enqueued(database.db, 'post', 'send-letter')).toEqual([]);
});

test('of jobs with one key only one waits or runs; without a key all do', async () => {
  const letters: string[] = [];
  const jobs = host(async (run) => {
    letters.push((run.input as { to: string }).to);
    return undefined;
  });
  const first = await send(jobs, 'Amal', { singletonKey: 'a' });
  expect(await send(jobs, 'Bimal', { singletonKey: 'a' })).toBe(first);
  expect(await send(jobs, 'Chitra', { singletonKey: 'c' })).not.toBe(first);
  await send(jobs, 'Dilani');
  await send(jobs, 'Dilani');
  await jobs.start();
  await jobs.idle();
  expect(letters.sort()).toEqual(['Amal', 'Chitra', 'Dilani', 'Dilani']);
  expect(await send(jobs, 'Bimal', { singletonKey: 'a' })).not.toBe(first);
});

test('many jobs are enqueued in one statement, and no more run side by side than declared', async () => {
  let side = 0;
  let most = 0;
  const jobs = host(
    async () => {
      side += 1;
      most = Math.max(most, side);
      await new Promise((resolve) => setTimeout(resolve, 2));
      side -= 1;
      return undefined;
    },
    { concurrency: 4 },
  );
  await jobs.start();
  const inputs = Array.from({ length: 100 }, (_, index) => ({ input: { to: `person ${index}` } }));
  const ids = await database.db.transaction((tx) => jobs.enqueueAll(tx, 'post', 'send-letter', inputs));
  expect(new Set(ids).size).toBe(100);
  await jobs.idle();
  expect(most).toBe(4);
  expect(await jobs.runs({ state: 'succeeded', limit: 200 })).toHaveLength(100);
});

test('as many transactions as there are connections may enqueue at once', async () => {
  const jobs = host(async () => undefined);
  await jobs.start();
  const few = new Database({ url: database.url, connections: 2 });
  const second = new Jobs({ db: few, poll: 50 });
  hosts.push(second);
  second.define('post', 'send-letter', spec, async () => undefined);
  await second.start();
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      few.transaction((tx) => second.enqueue(tx, 'post', 'send-letter', { to: `person ${index}` })),
    ),
  );
  // Either of the two may have claimed the last ones.
  await Promise.all([jobs.idle(), second.idle()]);
  expect(await jobs.runs({ state: 'succeeded' })).toHaveLength(20);
  await second.stop();
  await few.close();
});

test('a job for later waits until then', async () => {
  let ran = 0;
  const jobs = host(async () => {
    ran += 1;
    return undefined;
  });
  await jobs.start();
  await send(jobs, 'Amal', { startAfter: new Date(Date.now() + 60_000) });
  await jobs.idle();
  expect(ran).toBe(0);
  expect(await jobs.overview()).toMatchObject([{ job: 'send-letter', waiting: 0, later: 1 }]);
  await hurry(database.db);
  await jobs.idle();
  expect(ran).toBe(1);
});

test('a run knows what enqueued it, and acts as the system', async () => {
  let seen: unknown;
  const jobs = host(async () => {
    seen = context();
    return undefined;
  });
  await jobs.start();
  await withContext({ actor: 'person:1', cause: 'event-7', traceId: 'abc' }, () => send(jobs, 'Amal'));
  await jobs.idle();
  expect(seen).toMatchObject({ actor: 'system', cause: 'event-7', traceId: 'abc' });
});

test('progress is kept while a job runs', async () => {
  let finish = () => {};
  const jobs = host(async (run) => {
    await run.progress(3, 10);
    await run.progress(4, 10);
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return undefined;
  });
  await jobs.start();
  await send(jobs, 'Amal');
  await expect.poll(async () => (await jobs.runs())[0]?.progressDone).toBe(3);
  expect((await jobs.runs())[0]).toMatchObject({ state: 'running', progressTotal: 10, endedAt: null });
  finish();
  await jobs.idle();
  expect((await jobs.runs())[0]).toMatchObject({ state: 'succeeded', progressDone: 4 });
});

test('a job that takes too long is aborted and fails', async () => {
  let aborted: unknown;
  const jobs = host(
    async (run) => {
      run.signal.addEventListener('abort', () => {
        aborted = run.signal.reason;
      });
      await new Promise(() => {});
      return undefined;
    },
    { timeout: 0.05, retries: 0 },
  );
  await jobs.start();
  await send(jobs, 'Amal');
  await jobs.idle();
  expect(aborted).toMatchObject({ code: 'timed_out' });
  expect(await jobs.dead()).toHaveLength(1);
});
