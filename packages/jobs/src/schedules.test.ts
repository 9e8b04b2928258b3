import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createJobsDatabase } from '../testing.ts';
import { Jobs, type Timing } from './jobs.ts';
import { latestTick, nextTick } from './schedules.ts';

let database: TestDatabase;
let hosts: Jobs[] = [];
let now = new Date();
beforeEach(async () => {
  now = new Date('2026-03-01T05:59:30Z');
  database = await createJobsDatabase();
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.stop({ within: 500 })));
  hosts = [];
  await database.drop();
});

function host(
  ran: unknown[],
  options: { override?: () => Promise<Timing | undefined>; zone?: string } = {},
): Jobs {
  const jobs = new Jobs({ db: database.db, poll: 60_000, clock: { now: () => now }, zone: options.zone });
  jobs.define('reports', 'build', { summary: 'Builds the report', input: z.object({}) }, async () => {
    ran.push(now.toISOString());
    return undefined;
  });
  jobs.schedule('reports', 'hourly', { cron: '0 * * * *', job: 'build', override: options.override });
  hosts.push(jobs);
  return jobs;
}

async function lookAll(): Promise<void> {
  await Promise.all(hosts.map((each) => each.look()));
  await Promise.all(hosts.map((each) => each.idle()));
}

test('a tick runs once whatever the number of hosts, and its run says which tick it was', async () => {
  const ran: unknown[] = [];
  for (const jobs of [host(ran), host(ran), host(ran)]) await jobs.start();
  await lookAll();
  expect(ran).toEqual([]);
  now = new Date('2026-03-01T06:00:05Z');
  await lookAll();
  await lookAll();
  expect(ran).toHaveLength(1);
  expect((await hosts[0]!.runs())[0]?.tick).toEqual(new Date('2026-03-01T06:00:00Z'));
  now = new Date('2026-03-01T07:00:00Z');
  await lookAll();
  expect(ran).toHaveLength(2);
  expect(await hosts[1]!.schedules()).toMatchObject([
    {
      name: 'hourly',
      job: 'build',
      cron: '0 * * * *',
      zone: 'UTC',
      lastTick: new Date('2026-03-01T07:00:00Z'),
      next: new Date('2026-03-01T08:00:00Z'),
    },
  ]);
});

test('ticks that passed while no host ran count as one, the latest', async () => {
  const ran: unknown[] = [];
  const jobs = host(ran);
  await jobs.start();
  await lookAll();
  await jobs.stop();
  hosts = [];
  now = new Date('2026-03-01T09:20:00Z');
  await host(ran).start();
  await lookAll();
  await lookAll();
  expect(ran).toHaveLength(1);
  expect((await hosts[0]!.runs())[0]?.tick).toEqual(new Date('2026-03-01T09:00:00Z'));
});

test('cron and zone can be changed while it runs, and hold from then on', async () => {
  const ran: unknown[] = [];
  let timing: Timing | undefined;
  const jobs = host(ran, { override: async () => timing });
  await jobs.start();
  await lookAll();
  timing = { cron: '30 11 * * *', zone: 'Asia/Colombo' }; // 06:00 UTC
  await lookAll();
  now = new Date('2026-03-01T06:00:00Z');
  await lookAll();
  expect(ran).toHaveLength(1);
  now = new Date('2026-03-01T07:00:00Z');
  await lookAll();
  expect(ran).toHaveLength(1);
  timing = { cron: 'nonsense', zone: 'Asia/Colombo' };
  await lookAll();
  now = new Date('2026-03-01T08:00:00Z');
  await lookAll();
  expect(ran).toHaveLength(2);
});

test('a change of the cron does not bring back ticks of the past', async () => {
  const ran: unknown[] = [];
  let timing: Timing | undefined;
  const jobs = host(ran, { override: async () => timing });
  await jobs.start();
  await lookAll();
  timing = { cron: '55 * * * *', zone: 'UTC' };
  await lookAll();
  expect(ran).toEqual([]);
});

test('a schedule that is none is refused at once', () => {
  const jobs = host([]);
  const declare = (cron: string, zone?: string) => () =>
    jobs.schedule('reports', 'x', { cron, zone, job: 'build' });
  expect(declare('* * *')).toThrow('five fields');
  expect(declare('99 * * * *')).toThrow('schedule is not one');
  expect(declare('0 * * * *', 'Mars/Olympus')).toThrow('schedule is not one');
  expect(() => jobs.schedule('reports', 'x', { cron: '0 * * * *', job: 'burn' })).toThrow('no such job');
});

test('days follow the zone through a change of the clock', () => {
  const timing = { cron: '30 2 * * *', zone: 'Europe/Berlin' };
  // 2026-03-29 has no half past two in Berlin; the day after has.
  expect(nextTick(timing, new Date('2026-03-29T12:00:00Z'))).toEqual(new Date('2026-03-30T00:30:00Z'));
  expect(latestTick(timing, new Date('2026-03-28T01:30:00Z'))).toEqual(new Date('2026-03-28T01:30:00Z'));
});
