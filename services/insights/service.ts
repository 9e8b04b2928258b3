/** Insights: live figures, dashboards, insight tables and SQL over what the other services tell. */
import { defineService } from '@moonbase/service';
import { insightsApi } from './api.ts';
import { insightsError } from './errors.ts';
import { askInsight, listInsights } from './features/ask-insight.ts';
import { exportInsight } from './features/export-insight.ts';
import { lakeViews } from './features/lake-views.ts';
import { listFilters } from './features/list-filters.ts';
import { readOverview } from './features/read-overview.ts';
import { exportInsightTable, listRuns, readInsightTable, startRun } from './features/read-table.ts';
import { checks, reconcile } from './features/reconcile.ts';
import { reconcileCommand } from './features/reconcile-command.ts';
import { exportQuery, readCatalogue, runQuery } from './features/run-query.ts';
import { changeQuery, createQuery, deleteQuery, listQueries, readQuery } from './features/saved-queries.ts';
import { questions } from './insights.ts';
import { insightsJobs, insightsSchedules, insightsSettings } from './jobs.ts';
import { insightsReactions } from './reactions.ts';
import { insightsPersonal } from './schema.ts';
import { seed } from './seed.ts';

export const insights = defineService({
  name: 'insights',
  title: 'Insights',
  migrations: new URL('./migrations/', import.meta.url),
  api: insightsApi,
  personal: insightsPersonal,
  errors: insightsError.table,
  reactions: insightsReactions,
  jobs: insightsJobs,
  schedules: insightsSchedules,
  settings: insightsSettings,
  insights: questions,
  commands: [reconcileCommand],
  seed,
  start: async ({ warehouse }) => warehouse.define({ views: lakeViews, checks }),
  handlers: {
    listInsights,
    askInsight,
    exportInsight,
    listFilters,
    readOverview,
    readInsightTable,
    exportInsightTable,
    listRuns,
    startRun,
    listQueries,
    createQuery,
    readCatalogue,
    runQuery,
    exportQuery,
    readQuery,
    changeQuery,
    deleteQuery,
    reconcile,
  },
});
