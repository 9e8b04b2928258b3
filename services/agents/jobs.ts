/** What agents does by itself. */
import { job, type ScheduleDeclaration } from '@moonbase/service';
import { z } from 'zod';
import { applyAssignments } from './features/apply-assignments.ts';

export const agentsJobs = {
  applyAssignments: job({
    summary: 'Moves agents whose assignment to another branch or team begins today',
    input: z.object({}),
    handle: (_run, context) => applyAssignments(context),
  }),
};

export const agentsSchedules: Record<string, ScheduleDeclaration> = {
  // Shortly after the day begins in the organisation's zone; once more for days that were slept through.
  applyAssignments: { cron: '5 0,6,12 * * *', job: 'applyAssignments', input: {} },
};
