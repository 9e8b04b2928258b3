/** What commissions does by itself. */
import { job } from '@moonbase/service';
import { z } from 'zod';
import { closeJob } from './features/close-month.ts';
import { refreshStatements } from './features/refresh-statements.ts';

export const jobs = {
  refresh: job({
    summary: 'Computes open statements anew after what they depend on has changed',
    input: z.object({ agents: z.array(z.uuid()) }),
    handle: refreshStatements,
    concurrency: 1,
    retryDelay: 1,
  }),
  close: job({
    summary: 'Closes a month: freezes, numbers and settles the statement of every agent',
    input: z.object({ closing: z.uuid(), month: z.string(), actor: z.string() }),
    handle: closeJob,
    concurrency: 1,
    timeout: 3_600,
  }),
};
