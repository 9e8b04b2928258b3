/** Every job and schedule of people. */
import { job, type ScheduleDeclaration } from '@moonbase/service';
import { z } from 'zod';
import { tidy } from './features/tidy.ts';

export const peopleJobs = {
  tidy: job({
    summary: 'Forgets expired sessions and old sign-in attempts',
    input: z.object({}),
    handle: async (_run, { db, clock }) => ({ counts: await tidy(db, clock.now()) }),
  }),
};

export const peopleSchedules: Record<string, ScheduleDeclaration> = {
  nightly: { cron: '40 3 * * *', job: 'tidy' },
};
