/** What can go wrong in insights, and what to do about it. */
import { errorsOf } from '@moonbase/http/errors';
import { warehouseErrors } from '@moonbase/warehouse/errors.ts';

export const insightsError = errorsOf({
  insight_beyond_reach: {
    status: 403,
    message: 'This tells of more than you may see.',
    remedy: 'Ask an administrator for a role that reaches it; the list shows the questions that you may ask.',
  },
  insight_unknown: {
    status: 404,
    message: 'There is no such insight.',
    remedy: 'Take a name from GET /api/insights.',
  },
  period_reversed: {
    status: 422,
    message: 'The period ends before it begins.',
    remedy: 'Exchange from and to.',
  },
  table_empty: {
    status: 404,
    message: 'The insight tables were not kept by then.',
    remedy: 'Ask for a later time, or start a run.',
  },
  run_in_progress: {
    status: 409,
    message: 'The insight tables are being built right now.',
    remedy: 'Wait a few seconds and look at the list of runs.',
  },
  saved_query_unknown: {
    status: 404,
    message: 'There is no such query, or it is not shared with you.',
    remedy: 'Take one from GET /api/queries.',
  },
  saved_query_foreign: {
    status: 403,
    message: 'Only its owner can change this query.',
    remedy: 'Save it as your own and change that.',
  },
  revision_conflict: {
    status: 409,
    message: 'The query was changed meanwhile.',
    remedy: 'Read it again and repeat your change.',
  },
  ...warehouseErrors,
});
