import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createJobsDatabase } from '../testing.ts';
import { Jobs, type Run, type RunResult } from './jobs.ts';

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

const spec = { summary: 'Encodes a film', input: z.object({}), retries: 1, retryDelay: 0 };

function host(handle: (run: Run) => Promise<RunResult>): Jobs {
  const jobs = new Jobs({ db: database.db, poll: 50 });
  jobs.define('films', 'encode', spec, handle);
  hosts.push(jobs);
  return jobs;
}

const encode = (jobs: Jobs) => database.db.transaction((tx) => jobs.enqueue(tx, 'films', 'encode', {}));

test('a stopping host lets a job finish, and starts no other', async () => {
  let started = 0;
  let finished = 0;
  const jobs = host(async () => {
    started += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    finished += 1;
    return undefined;
  });
  await jobs.start();
  await encode(jobs);
  await expect.poll(() => started).toBe(1);
  await jobs.stop();
  expect(finished).toBe(1);
  expect(await jobs.runs()).toMatchObject([{ state: 'succeeded' }]);
  await encode(jobs);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(started).toBe(1);
});

test('a job that heeds the signal is given back without losing an attempt', async () => {
  const attempts: number[] = [];
  const first = host(async (run) => {
    attempts.push(run.attempt);
    await once(run.signal, 'abort');
    throw run.signal.reason;
  });
  await first.start();
  const id = await encode(first);
  await expect.poll(() => attempts).toEqual([1]);
  await first.stop();
  expect(await first.runs({ id })).toMatchObject([{ state: 'released' }]);
  const second = host(async (run) => {
    attempts.push(run.attempt);
    if (run.attempt < 3) throw new Error('once more');
    return undefined;
  });
  await second.start();
  await second.idle();
  expect(attempts).toEqual([1, 2, 3]);
  expect((await second.runs({ id }))[0]).toMatchObject({ state: 'succeeded' });
});

test('a job that does not heed the signal is given back once the time to stop is up', async () => {
  let finish = () => {};
  const first = host(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return undefined;
  });
  await first.start();
  const id = await encode(first);
  await expect.poll(async () => (await first.runs()).length).toBe(1);
  const began = performance.now();
  await first.stop({ within: 100 });
  expect(performance.now() - began).toBeLessThan(2000);
  const second = host(async () => ({ counts: { films: 1 } }));
  await second.start();
  await second.idle();
  finish();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await second.runs({ id })).toMatchObject([
    { attempt: 2, state: 'succeeded', counts: { films: 1 } },
    { attempt: 1, state: 'released' },
  ]);
});

test('a job whose process is killed runs again under its id', async () => {
  const child: ChildProcess = fork(new URL('../fixtures/killed-host.ts', import.meta.url), {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = (await once(child, 'message')) as [{ running: string }];
  child.kill('SIGKILL');
  await once(child, 'exit');

  const seen: [string, number][] = [];
  const jobs = host(async (run) => {
    seen.push([run.id, run.attempt]);
    return undefined;
  });
  await jobs.start();
  expect(await jobs.recover()).toBe(0);
  expect(seen).toEqual([]);
  // Half a minute passes.
  await database.db.query(
    `UPDATE jobs_boss.job SET heartbeat_on = now() - interval '31 s' WHERE state = 'active'`,
  );
  // The host looks by itself, too: whichever comes first finds it lost.
  await jobs.recover();
  await expect.poll(() => seen).toEqual([[message.running, 2]]);
  await jobs.idle();
  expect(await jobs.runs({ id: message.running })).toMatchObject([
    { attempt: 2, state: 'succeeded' },
    { attempt: 1, state: 'lost', error: 'The host that ran it stopped answering.' },
  ]);
});

test('a job that kills its host every time ends as a dead letter', async () => {
  const jobs = host(async () => new Promise(() => {}));
  await jobs.start();
  const id = await encode(jobs);
  const latest = async () => (await jobs.runs({ id }))[0];
  for (const attempt of [1, 2]) {
    await expect.poll(latest).toMatchObject({ attempt, state: 'running' });
    const lose = async () => {
      await database.db.query(
        `UPDATE jobs_boss.job SET heartbeat_on = now() - interval '31 s' WHERE state = 'active'`,
      );
      await jobs.recover();
      return (await jobs.runs({ id })).find((run) => run.attempt === attempt)?.state;
    };
    // A sign of life of the host may come between: it is taken again then.
    await expect.poll(lose).not.toBe('running');
  }
  expect((await jobs.runs({ id })).map((run) => run.state)).toEqual(['dead', 'lost']);
  expect(await jobs.dead()).toMatchObject([{ id, attempts: 2 }]);
});

test('a run that was given up and ends all the same changes nothing', async () => {
  const finishes: (() => void)[] = [];
  const jobs = host(async (run) => {
    await new Promise<void>((resolve) => {
      finishes.push(resolve);
    });
    return { counts: { attempt: run.attempt } };
  });
  await jobs.start();
  const id = await encode(jobs);
  await expect.poll(() => finishes.length).toBe(1);
  await database.db.query(`UPDATE jobs_boss.job SET heartbeat_on = now() - interval '31 s'`);
  await jobs.recover();
  finishes[0]!();
  await expect.poll(() => finishes.length).toBe(2);
  expect((await jobs.runs({ id })).map((run) => run.state)).toEqual(['running', 'lost']);
  finishes[1]!();
  await jobs.idle();
  expect(await jobs.runs({ id })).toMatchObject([
    { state: 'succeeded', counts: { attempt: 2 } },
    { state: 'lost', counts: null },
  ]);
});
