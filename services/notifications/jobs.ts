/** What notifications does outside a transaction. */
import { job } from '@moonbase/service';
import { z } from 'zod';
import { DELIVERY_RETRIES, deliver } from './features/deliver.ts';
import { sumUpAnomalies } from './features/tell-anomalies.ts';

export const notificationsJobs = {
  deliver: job({
    summary: 'Delivers a notification by mail or webhook',
    input: z.object({ notificationId: z.uuid() }),
    handle: (run, context) => deliver(context, run, run.input.notificationId),
    retries: DELIVERY_RETRIES,
    // 15 s, doubled each time: the last attempt is a little over an hour after the first.
    retryDelay: 15,
    timeout: 60,
    concurrency: 4,
  }),
  'sum-up-anomalies': job({
    summary: 'Sums up what looked unusual beyond the first few of an hour',
    input: z.object({}),
    handle: sumUpAnomalies,
    concurrency: 1,
  }),
};

export const notificationsSchedules = {
  /** Just after each hour: the reaction enqueues nothing, so that a job is there whatever happens. */
  'sum-up-anomalies': { cron: '1 * * * *', job: 'sum-up-anomalies', input: {} },
};
