/** What a host tells about itself, and what people can set right: the Status page and `moon status`. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';

const when = z
  .date()
  .transform((date) => date.toISOString())
  .or(z.iso.datetime());

export const Consumer = z.object({
  name: z.string(),
  position: z.number(),
  lag: z.number(),
  parked: z.number(),
});

export const RecentError = z.object({
  at: when,
  service: z.string(),
  code: z.string(),
  /** Where it happened: a route, a job, a consumer. */
  where: z.string(),
  message: z.string(),
  requestId: z.string().nullable(),
});

export const SystemStatus = z.object({
  version: z.string(),
  startedAt: when,
  ready: z.boolean(),
  checks: z.record(
    z.string(),
    z.object({ ok: z.boolean(), milliseconds: z.number(), error: z.string().optional() }),
  ),
  services: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      routes: z.number(),
      requests: z.number(),
      errors: z.number(),
      p50Milliseconds: z.number().nullable(),
      p99Milliseconds: z.number().nullable(),
    }),
  ),
  head: z.number(),
  consumers: z.array(Consumer),
  memoryBytes: z.number(),
  eventLoopLagMilliseconds: z.number(),
  connections: z.object({ total: z.number(), idle: z.number(), waiting: z.number() }),
});

export const Job = z.object({
  service: z.string(),
  job: z.string(),
  summary: z.string(),
  waiting: z.number(),
  later: z.number(),
  running: z.number(),
  dead: z.number(),
  age: z.number().describe('Seconds that the oldest has waited'),
});

export const Schedule = z.object({
  service: z.string(),
  name: z.string(),
  job: z.string(),
  cron: z.string(),
  zone: z.string(),
  next: when.nullable(),
});

export const Run = z.object({
  id: z.string(),
  attempt: z.number(),
  service: z.string(),
  job: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'dead', 'lost', 'released']),
  tick: when.nullable(),
  startedAt: when,
  endedAt: when.nullable(),
  counts: z.record(z.string(), z.number()).nullable(),
  error: z.string().nullable(),
  progressDone: z.number().nullable(),
  progressTotal: z.number().nullable(),
});

export const DeadJob = z.object({
  id: z.string(),
  service: z.string(),
  job: z.string(),
  error: z.string().nullable(),
  attempts: z.number(),
  enqueuedAt: when,
  diedAt: when,
});

export const Parked = z.object({
  consumer: z.string(),
  key: z.string(),
  position: z.number(),
  type: z.string(),
  version: z.number(),
  error: z.string(),
  attempts: z.number(),
  parkedAt: when,
  retryAt: when.nullable(),
  behind: z.number(),
});

const byId = z.object({ id: z.uuid() });
const byKey = z.strictObject({ consumer: z.string().max(200), key: z.string().max(500) });

export const systemApi = {
  readStatus: {
    method: 'GET',
    path: '/system/status',
    summary: 'Whether it works, part by part: services, requests, consumers and their lag, memory',
    allow: 'system:read',
    responses: { 200: SystemStatus },
  },
  listJobs: {
    method: 'GET',
    path: '/system/jobs',
    summary: 'Jobs with what waits, and schedules with their next run',
    allow: 'system:read',
    responses: { 200: z.object({ jobs: z.array(Job), schedules: z.array(Schedule) }) },
  },
  listRuns: {
    method: 'GET',
    path: '/system/runs',
    summary: 'The history of runs, the latest first',
    allow: 'system:read',
    query: z.object({
      service: z.string().max(50).optional(),
      job: z.string().max(100).optional(),
      state: z.enum(['running', 'succeeded', 'failed', 'dead', 'lost', 'released']).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(500).optional(),
    }),
    responses: { 200: z.object({ items: z.array(Run), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  listDeadJobs: {
    method: 'GET',
    path: '/system/dead-jobs',
    summary: 'Jobs whose retries are used up, the latest first',
    allow: 'system:read',
    responses: { 200: z.object({ items: z.array(DeadJob) }) },
  },
  replayDeadJob: {
    method: 'POST',
    path: '/system/dead-jobs/:id/replay',
    summary: 'Try a dead job once more, under its id',
    allow: 'system:write',
    params: byId,
    responses: { 204: z.null() },
    errors: ['dead_letter_unknown'],
  },
  discardDeadJob: {
    method: 'DELETE',
    path: '/system/dead-jobs/:id',
    summary: 'Give a dead job up; its runs stay in the history',
    allow: 'system:write',
    params: byId,
    responses: { 204: z.null() },
    errors: ['dead_letter_unknown'],
  },
  listParked: {
    method: 'GET',
    path: '/system/parked',
    summary: 'Keys whose events wait because a reaction failed on one',
    allow: 'system:read',
    responses: { 200: z.object({ items: z.array(Parked) }) },
  },
  replayParked: {
    method: 'POST',
    path: '/system/parked/replay',
    summary: 'Handle the waiting events of a key now, in their order',
    allow: 'system:write',
    body: byKey,
    responses: { 200: z.object({ handled: z.number(), left: z.number() }) },
    errors: ['consumer_unknown'],
  },
  discardParked: {
    method: 'POST',
    path: '/system/parked/discard',
    summary: 'Give up the first waiting event of a key; those behind it are handled',
    allow: 'system:write',
    body: byKey,
    responses: { 200: z.object({ left: z.number() }) },
  },
  listErrors: {
    method: 'GET',
    path: '/system/errors',
    summary: 'What went wrong lately: answers of 500 and above, failed runs, parked events',
    allow: 'system:read',
    responses: { 200: z.object({ items: z.array(RecentError) }) },
  },
} as const satisfies Api;
