/** What notifications does outside a transaction. */
import { job } from '@moonbase/service';
import { z } from 'zod';
import { DELIVERY_RETRIES, deliver } from './features/deliver.ts';

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
};
