/** What insights does by itself. */
import { job, type ScheduleDeclaration, type SettingDeclaration } from '@moonbase/service';
import { z } from 'zod';
import { keepTables } from './features/keep-tables.ts';

export const insightsJobs = {
  keepTables: job({
    summary: 'Builds the five insight tables from the lake',
    input: z.object({ trigger: z.enum(['schedule', 'person']), request: z.string().optional() }),
    handle: ({ input }, context) => keepTables(input.trigger, context),
    timeout: 1_800,
    concurrency: 1,
  }),
  reconcile: job({
    summary: 'Compares the log, the lake, the live figures and the insight tables',
    input: z.object({}),
    handle: async (_run, { log, warehouse }) => {
      const report = await warehouse.reconcile();
      if (report.differences.length > 0)
        log.error({ differences: report.differences.slice(0, 20) }, 'figures and lake differ');
      return { counts: { differences: report.differences.length, checks: report.checks.length } };
    },
    timeout: 1_800,
    concurrency: 1,
  }),
};

const schedule = z.strictObject({
  /** Five fields, minutes first: `0 * * * *` is every full hour, `0 6 * * *` every day at six. */
  cron: z.string().regex(/^\S+( \S+){4}$/, 'five fields: minute, hour, day, month, weekday'),
  /** IANA name; the organisation's zone unless said. */
  zone: z.string().max(64).optional(),
});

export const insightsSettings: Record<string, SettingDeclaration> = {
  schedule: {
    title: 'When the insight tables are built',
    schema: schedule,
    default: { cron: '0 * * * *' },
  },
};

export const insightsSchedules: Record<string, ScheduleDeclaration> = {
  keepTables: {
    cron: '0 * * * *',
    job: 'keepTables',
    input: { trigger: 'schedule' },
    setting: 'schedule',
  },
  reconcile: { cron: '30 3 * * *', job: 'reconcile', input: {} },
};
