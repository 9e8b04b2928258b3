/** The host's own service: its state and its upkeep. Every host has it. */

import { EventsError } from '@moonbase/events';
import { decodeCursor, encodeCursor, errorsOf, forgetIdempotencyKeys } from '@moonbase/http';
import { JobsError } from '@moonbase/jobs';
import { z } from 'zod';
import { version } from './build.ts';
import { defineService, type Handlers, job, type Service } from './declaration.ts';
import type { Host } from './host.ts';
import { processState, requestsByService } from './measure-host.ts';
import { recentErrors } from './recent-errors.ts';
import { systemApi } from './system-api.ts';

const systemError = errorsOf({
  dead_letter_unknown: {
    status: 404,
    message: 'There is no dead job with this id.',
    remedy: 'Load the list again: somebody may have replayed it.',
  },
  consumer_unknown: {
    status: 404,
    message: 'This host runs no such consumer.',
    remedy: 'Load the list again; names look like sales.progress.',
  },
});

const runCursor = z.tuple([z.iso.datetime(), z.uuid(), z.number().int()]);

export function systemService(host: Host): Service {
  const startedAt = host.clock.now();
  return defineService({
    name: 'system',
    title: 'System',
    api: systemApi,
    handlers: handlers(host, startedAt),
    errors: systemError.table,
    jobs: {
      tidy: job({
        summary: 'Forgets old idempotency keys',
        input: z.object({}),
        handle: async () => ({
          counts: {
            keys: await forgetIdempotencyKeys(host.db, host.clock.now()),
          },
        }),
      }),
    },
    schedules: { tidy: { cron: '17 3 * * *', job: 'tidy', input: {} } },
  });
}

function handlers(host: Host, startedAt: Date): Handlers<typeof systemApi> {
  return {
    readStatus: async () => {
      const [report, consumers] = await Promise.all([host.health.report(), host.events.positions()]);
      const requests = await requestsByService();
      return {
        status: 200,
        body: {
          version,
          startedAt,
          ...report,
          services: host.services.map(({ name, title, api = {} }) => ({
            name,
            title,
            routes: Object.keys(api).length,
            ...(requests.get(name) ?? {
              requests: 0,
              errors: 0,
              p50Milliseconds: null,
              p99Milliseconds: null,
            }),
          })),
          head: host.events.head,
          consumers: [...consumers].sort((one, other) => one.name.localeCompare(other.name)),
          ...(await processState(host)),
        },
      };
    },
    listJobs: async () => ({
      status: 200,
      body: {
        jobs: await host.jobs.overview(),
        schedules: (await host.jobs.schedules()).map((schedule) => ({
          ...schedule,
          next: schedule.next ?? null,
        })),
      },
    }),
    listRuns: async ({ query: { cursor, limit, ...filter } }) => {
      const [startedAt, id, attempt] = cursor ? decodeCursor(runCursor, cursor) : [];
      const before = startedAt && id && attempt ? { startedAt: new Date(startedAt), id, attempt } : undefined;
      const items = await host.jobs.runs({ ...filter, limit, before });
      const last = items.length === limit ? items.at(-1) : undefined;
      const next = last ? encodeCursor(last.startedAt.toISOString(), last.id, last.attempt) : null;
      return { status: 200, body: { items, next } };
    },
    listDeadJobs: async () => ({ status: 200, body: { items: await host.jobs.dead() } }),
    replayDeadJob: async ({ params }) => {
      await known(host.jobs.replay(params.id));
      return { status: 204, body: null };
    },
    discardDeadJob: async ({ params }) => {
      await known(host.jobs.discard(params.id));
      return { status: 204, body: null };
    },
    listParked: async () => ({ status: 200, body: { items: await host.events.parked() } }),
    replayParked: async ({ body: { consumer, key } }) => ({
      status: 200,
      body: await known(host.events.replay(consumer, key)),
    }),
    discardParked: async ({ body: { consumer, key } }) => ({
      status: 200,
      body: { left: await host.events.discard(consumer, key) },
    }),
    listErrors: async () => ({ status: 200, body: { items: await recentErrors(host) } }),
  };
}

/** The platform's errors in the words of this service's table. */
async function known<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JobsError && error.code === 'dead_letter_unknown') {
      throw systemError('dead_letter_unknown', { cause: error });
    }
    if (error instanceof EventsError && error.code === 'unknown_consumer') {
      throw systemError('consumer_unknown', { cause: error });
    }
    throw error;
  }
}
