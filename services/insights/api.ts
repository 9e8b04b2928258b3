/** Every route of insights. Imports only zod and types, so that pages can import it. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import {
  chart,
  column,
  filterName,
  groups,
  insightTables,
  named,
  otherCurrency,
  overview,
  row,
  text,
} from './schema.ts';

const day = z.iso.date();
const byName = z.object({ name: z.string().max(100) });
const byId = z.object({ id: z.uuid() });
const format = z.enum(['csv', 'parquet']);

/** What narrows a question. Filters that it doesn't obey are ignored. */
const narrowed = {
  /** First and last business day, both counted. */
  from: day.optional(),
  to: day.optional(),
  branch: z.uuid().optional(),
  team: z.uuid().optional(),
  product: z.uuid().optional(),
  /** ISO 4217; the organisation's unless said. Amounts in other currencies are told beside the answer. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
};

const insight = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  group: z.enum(groups),
  filters: z.array(filterName),
  columns: z.array(column),
  chart,
  /** A row leads to its sales: filter of /sales → column of the row. */
  drill: z.record(z.string(), z.string()).nullable(),
});

const answer = z.object({
  name: z.string(),
  columns: z.array(column),
  rows: z.array(row),
  /** Null: over all time. */
  from: day.nullable(),
  to: day.nullable(),
  currency: z.string(),
  /** What the same question leaves out because it is in other currencies. */
  others: z.array(otherCurrency),
  /** Of the event log: every event up to it is counted. */
  position: z.int(),
  generatedAt: z.iso.datetime(),
});
export type InsightAnswer = z.output<typeof answer>;

const run = z.object({
  id: z.string(),
  trigger: z.enum(['schedule', 'person', 'backfill']),
  aggregationDate: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  position: z.int().nullable(),
  currency: z.string().nullable(),
  /** Rows by table. */
  rows: z.record(z.string(), z.int()).nullable(),
  error: z.string().nullable(),
});
export type Run = z.output<typeof run>;

const savedQuery = z.object({
  id: z.string(),
  title: z.string(),
  sql: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
  ownerName: z.string(),
  revision: z.int(),
  updatedAt: z.iso.datetime(),
});
export type SavedQuery = z.output<typeof savedQuery>;

const queryInput = z.strictObject({
  title: text(120),
  sql: text(20_000),
  shared: z.boolean().default(false),
});

const queryRun = z.strictObject({
  sql: text(20_000),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** Most rows of the answer. */
  rows: z.int().min(1).max(10_000).default(1_000),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

const queryErrors = [
  'insight_beyond_reach',
  'query_refused',
  'query_wrong',
  'query_forbidden',
  'query_timeout',
  'query_too_large',
] as const;

const difference = z.object({
  what: z.string(),
  figure: z.string(),
  source: z.union([z.string(), z.number(), z.null()]),
  lake: z.union([z.string(), z.number(), z.null()]),
});
const typeCount = z.object({ count: z.int(), first: z.int().nullable(), last: z.int().nullable() });

export const insightsApi = {
  listInsights: {
    method: 'GET',
    path: '/insights',
    summary: 'The questions that can be asked',
    allow: 'insights:read',
    responses: { 200: z.object({ items: z.array(insight) }) },
  },
  askInsight: {
    method: 'GET',
    path: '/insights/:name',
    summary: 'The answer to a question, narrowed by period, branch, team and product',
    allow: 'insights:read',
    params: byName,
    query: z.object(narrowed),
    responses: { 200: answer },
    errors: ['insight_unknown', 'insight_beyond_reach', 'period_reversed'],
  },
  exportInsight: {
    method: 'GET',
    path: '/insights/:name/export',
    summary: 'The answer to a question as CSV or Parquet',
    allow: 'insights:read',
    params: byName,
    query: z.object({ ...narrowed, format: format.default('csv') }),
    responses: { 200: 'application/octet-stream' },
    errors: ['insight_unknown', 'insight_beyond_reach', 'period_reversed'],
  },
  listFilters: {
    method: 'GET',
    path: '/insight-filters',
    summary: 'Branches, teams, products and currencies that figures can be narrowed to',
    allow: 'insights:read',
    responses: {
      200: z.object({
        branches: z.array(named),
        teams: z.array(named),
        products: z.array(named),
        currencies: z.array(z.string()),
      }),
    },
  },
  readOverview: {
    method: 'GET',
    path: '/overview',
    summary: 'Today against target, the leaders of the month, and what needs attention',
    allow: 'insights:read',
    responses: {
      200: overview,
    },
  },
  readInsightTable: {
    method: 'GET',
    path: '/insight-tables/:table',
    summary: 'An insight table as it was kept last, or at a time',
    allow: 'insights:read',
    params: z.object({ table: z.enum(insightTables) }),
    query: z.object({ at: z.iso.datetime({ offset: true }).optional(), run: z.uuid().optional() }),
    responses: { 200: z.object({ run, columns: z.array(column), rows: z.array(row) }) },
    errors: ['table_empty', 'insight_beyond_reach'],
  },
  exportInsightTable: {
    method: 'GET',
    path: '/insight-tables/:table/export',
    summary: 'An insight table as CSV or Parquet',
    allow: 'insights:read',
    params: z.object({ table: z.enum(insightTables) }),
    query: z.object({
      at: z.iso.datetime({ offset: true }).optional(),
      run: z.uuid().optional(),
      format: format.default('csv'),
    }),
    responses: { 200: 'application/octet-stream' },
    errors: ['table_empty', 'insight_beyond_reach'],
  },
  listRuns: {
    method: 'GET',
    path: '/insight-runs',
    summary: 'When the insight tables were built, and how many rows each got; newest first',
    allow: 'insights:read',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(500).optional(),
    }),
    responses: { 200: z.object({ items: z.array(run), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  startRun: {
    method: 'POST',
    path: '/insight-runs',
    summary: 'Build the insight tables now',
    allow: 'insights:query',
    responses: { 202: z.object({ job: z.string() }) },
    // A second run at the same time is the same job.
    idempotency: false,
  },
  listQueries: {
    method: 'GET',
    path: '/queries',
    summary: 'Saved queries: one’s own and shared ones',
    allow: 'insights:query',
    responses: { 200: z.object({ items: z.array(savedQuery) }) },
  },
  createQuery: {
    method: 'POST',
    path: '/queries',
    summary: 'Save a query',
    allow: 'insights:query',
    body: queryInput,
    responses: { 201: savedQuery },
  },
  readCatalogue: {
    method: 'GET',
    path: '/queries/catalogue',
    summary: 'Views that queries can name, with their columns',
    allow: 'insights:query',
    responses: {
      200: z.object({
        views: z.array(
          z.object({
            view: z.string(),
            columns: z.array(z.object({ name: z.string(), type: z.string() })),
          }),
        ),
      }),
    },
  },
  runQuery: {
    method: 'POST',
    path: '/queries/run',
    summary: 'Ask the warehouse in SQL: one SELECT, with a row and time limit',
    allow: 'insights:query',
    body: queryRun,
    responses: {
      200: z.object({
        columns: z.array(z.object({ name: z.string(), type: z.string() })),
        rows: z.array(z.array(z.unknown())),
        truncated: z.boolean(),
        position: z.int(),
        milliseconds: z.number(),
      }),
    },
    errors: queryErrors,
    // It reads only.
    idempotency: false,
  },
  exportQuery: {
    method: 'POST',
    path: '/queries/export',
    summary: 'The answer to a query as CSV or Parquet, up to a million rows',
    allow: 'insights:query',
    body: z.strictObject({ sql: text(20_000), format: format.default('csv') }),
    responses: { 200: 'application/octet-stream' },
    errors: queryErrors,
    idempotency: false,
  },
  readQuery: {
    method: 'GET',
    path: '/queries/:id',
    summary: 'A saved query',
    allow: 'insights:query',
    params: byId,
    responses: { 200: savedQuery },
    errors: ['saved_query_unknown'],
  },
  changeQuery: {
    method: 'PUT',
    path: '/queries/:id',
    summary: 'Change a saved query of one’s own',
    allow: 'insights:query',
    params: byId,
    body: queryInput.extend({ revision: z.int().optional() }),
    responses: { 200: savedQuery },
    errors: ['saved_query_unknown', 'saved_query_foreign', 'revision_conflict'],
  },
  deleteQuery: {
    method: 'DELETE',
    path: '/queries/:id',
    summary: 'Delete a saved query of one’s own for good',
    allow: 'insights:query',
    params: byId,
    responses: { 204: z.undefined() },
    errors: ['saved_query_unknown', 'saved_query_foreign'],
  },
  reconcile: {
    method: 'POST',
    path: '/insight-reconciliations',
    summary: 'Compare the log, the lake, the live figures and the insight tables, and say where they differ',
    allow: 'system:read',
    responses: {
      200: z.object({
        agrees: z.boolean(),
        position: z.int(),
        from: z.int(),
        types: z.array(z.object({ type: z.string(), source: typeCount, lake: typeCount })),
        checks: z.array(z.object({ title: z.string(), figures: z.int(), differences: z.int() })),
        differences: z.array(difference),
        /** Of the live figures, per currency: what the sales service must say as well. */
        totals: z.array(otherCurrency),
      }),
    },
    // It reads only.
    idempotency: false,
  },
} as const satisfies Api;
