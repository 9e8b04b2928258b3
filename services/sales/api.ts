/** Every route of the sales service. Imports only zod and types, so that pages can import it. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import {
  businessDay,
  decimal,
  saleFacts,
  subjectKinds,
  targetMeasure,
  targetPeriod,
  targetSubject,
  text,
} from './schema.ts';

const id = z.object({ id: z.uuid() });
const reason = z.object({ reason: text(500) });
const code = text(64);

/**
 * When a sale was made: an instant with its offset (`2026-03-01T10:00:00+05:30`), or a local date or time
 * (`2026-03-01`, `2026-03-01T10:00`) in `zone`, or in the branch's own zone where none is given.
 */
const soldAt = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/,
    'a date or a time: 2026-03-01, 2026-03-01T10:00, or 2026-03-01T10:00:00+05:30',
  );

const share = z.strictObject({
  agent: code,
  percent: z.string().regex(/^\d{1,3}(\.\d{1,4})?$/, 'a percentage as a string: "62.5"'),
});

export const saleInput = z.strictObject({
  /** The system it comes from; a reference is unique within it. */
  source: text(64).default('api'),
  /** The sale's own number in that system. Sending it again is safe. */
  reference: text(128),
  /** Code of the agent who made the sale; or `shares` of several. */
  agent: code.optional(),
  /** Of a split sale; percentages add up to 100. The first leads. */
  shares: z.array(share).min(1).max(20).optional(),
  product: code,
  amount: decimal,
  /** ISO 4217; the organisation's unless given. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'a currency code in capitals: "USD"')
    .optional(),
  soldAt,
  /** IANA name, for a local `soldAt`. */
  zone: text(64).optional(),
  /** Code of the branch it counts for; where the leading agent belonged on the day unless given. */
  branch: code.optional(),
  policyNumber: text(64).optional(),
  policyholder: text(200).optional(),
});
export type SaleInput = z.output<typeof saleInput>;

/** A sale as recorded, with the names that go with its ids. */
export const sale = saleFacts.extend({
  status: z.enum(['recorded', 'cancelled']),
  revision: z.int(),
  recordedAt: z.string(),
  policyholder: z.string().nullable(),
  product: z.object({ code: z.string(), name: z.string() }),
  branch: z.object({ code: z.string(), name: z.string() }),
  agents: z.array(
    z.object({ agentId: z.string(), code: z.string(), name: z.string(), team: z.string().nullable() }),
  ),
});
export type Sale = z.output<typeof sale>;

/** The short answer to a push. */
export const receipt = z.object({
  saleId: z.string(),
  status: z.enum(['recorded', 'cancelled', 'waiting']),
  source: z.string(),
  reference: z.string(),
  /** Business day and branch it counts for; null while it waits. */
  day: z.string().nullable(),
  branchId: z.string().nullable(),
  amount: z.string(),
  currency: z.string(),
});
export type Receipt = z.output<typeof receipt>;

/** What became of one row of a batch or an upload. */
export const rowOutcome = z.object({
  /** Line of an upload, or place in an array, from 1. */
  line: z.int(),
  outcome: z.enum(['recorded', 'repeated', 'waiting', 'rejected', 'conflict', 'invalid']),
  source: z.string().nullable(),
  reference: z.string().nullable(),
  /** Of the sale, or of its row in the list of rejected sales. */
  id: z.string().nullable(),
  code: z.string().nullable(),
  field: z.string().nullable(),
  message: z.string().nullable(),
  remedy: z.string().nullable(),
});
export type RowOutcome = z.output<typeof rowOutcome>;

export const batchSummary = z.object({
  rows: z.int(),
  recorded: z.int(),
  repeated: z.int(),
  waiting: z.int(),
  rejected: z.int(),
  conflict: z.int(),
  invalid: z.int(),
});
export type BatchSummary = z.output<typeof batchSummary>;

/** Rows that were not taken in are found by the upload's id among the rejected sales. */
const uploadSummary = batchSummary.extend({ upload: z.string() });

/** A line of the answer to an upload: progress, one of the first rows that were not taken in, or the end. */
export const uploadLine = z.union([
  z.object({ progress: uploadSummary.extend({ bytes: z.int() }) }),
  z.object({ row: rowOutcome }),
  z.object({ summary: uploadSummary }),
  /** The upload broke off; what came before it is kept. */
  z.object({
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string(), line: z.int() }),
    summary: uploadSummary,
  }),
]);
export type UploadLine = z.output<typeof uploadLine>;

/** Filters that the list, the totals and the export share. */
const filters = {
  from: businessDay.optional(),
  to: businessDay.optional(),
  branchId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  productId: z.uuid().optional(),
  agentId: z.uuid().optional(),
  currency: z.string().length(3).optional(),
  status: z.enum(['recorded', 'cancelled']).optional(),
  source: text(64).optional(),
  /** Beginning of a reference or policy number. */
  text: text(128).optional(),
};
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
};

const historyEntry = z.object({
  revision: z.int(),
  change: z.enum(['recorded', 'corrected', 'cancelled', 'deleted']),
  at: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  before: saleFacts.nullable(),
  after: saleFacts.nullable(),
});

export const saleCorrection = z.strictObject({
  reason: text(500),
  /** The revision this correction was made for: another one is answered with 409. */
  revision: z.int().optional(),
  agent: code.optional(),
  shares: z.array(share).min(1).max(20).optional(),
  product: code.optional(),
  amount: decimal.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  soldAt: soldAt.optional(),
  zone: text(64).optional(),
  branch: code.optional(),
  policyNumber: text(64).nullable().optional(),
  policyholder: text(200).nullable().optional(),
});
export type SaleCorrection = z.output<typeof saleCorrection>;

export const rejectedSale = z.object({
  id: z.string(),
  status: z.enum(['rejected', 'waiting']),
  source: z.string().nullable(),
  reference: z.string().nullable(),
  code: z.string(),
  field: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
  /** As it was sent: a sale's fields, or the raw line. */
  input: z.unknown(),
  upload: z.string().nullable(),
  line: z.int().nullable(),
  receivedAt: z.string(),
  triedAt: z.string(),
  attempts: z.int(),
});
export type RejectedSale = z.output<typeof rejectedSale>;

const settled = z.object({ outcome: rowOutcome.shape.outcome, sale: receipt.nullable() });

export const targetInput = z.strictObject({
  subject: targetSubject,
  period: z.strictObject({
    kind: targetPeriod.shape.kind,
    /** Any day of the first month, quarter or year; the first day of an open-ended target. */
    from: businessDay,
    /** One period after the other; false unless said. */
    repeats: z.boolean().default(false),
  }),
  measure: targetMeasure,
  value: decimal,
  /** Needed for amounts: other currencies are not counted. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .default(null),
  thresholds: z.array(z.number().positive().max(10_000)).min(1).max(20).default([50, 80, 100, 120]),
  /** Makes setting it repeatable: one target per external reference. */
  reference: text(128).nullable().default(null),
});
export type TargetInput = z.output<typeof targetInput>;

export const targetProgress = z.object({
  periodFrom: z.string(),
  periodTo: z.string().nullable(),
  progress: z.string(),
  count: z.int(),
  /** Of the value, two decimals: 87.5 is 87.5 %. */
  percent: z.number(),
  /** What an even pace over the period's business days would have brought by today; null for open-ended ones. */
  expected: z.string().nullable(),
  /** Percent of `expected`; above 100 is ahead. */
  pace: z.number().nullable(),
  reached: z.array(z.object({ threshold: z.number(), at: z.string(), day: z.string() })),
});
export type TargetProgress = z.output<typeof targetProgress>;

export const target = z.object({
  targetId: z.string(),
  revision: z.int(),
  subject: targetSubject,
  subjectName: z.string().nullable(),
  period: targetPeriod,
  measure: targetMeasure,
  value: z.string(),
  currency: z.string().nullable(),
  thresholds: z.array(z.number()),
  reference: z.string().nullable(),
  /** Of the period that the asked day is in, else the last or the first one. */
  current: targetProgress,
});
export type Target = z.output<typeof target>;

const targetList = z.object({ items: z.array(target), next: z.string().nullable() });

const refused = [
  'agent_inactive',
  'product_unknown',
  'product_not_authorised',
  'agent_missing',
  'branch_unknown',
  'amount_impossible',
  'currency_unknown',
  'date_impossible',
  'shares_impossible',
  'zone_unknown',
] as const;

export const salesApi = {
  recordSale: {
    method: 'POST',
    path: '/sales',
    summary: 'Record a sale: 201, 200 when it was there already, 202 when its agent is not known yet',
    allow: 'sales:write',
    body: saleInput,
    responses: { 201: receipt, 200: receipt, 202: receipt },
    errors: [...refused, 'reference_conflict'],
    // Source and reference are the key: the same sale sent again is answered with the first result.
    idempotency: false,
  },
  recordSales: {
    method: 'POST',
    path: '/sales/batch',
    summary: 'Record up to 10,000 sales: the good ones land, the others are listed and kept',
    allow: 'sales:write',
    body: z.array(z.unknown()).min(1).max(10_000),
    responses: { 200: z.object({ summary: batchSummary, results: z.array(rowOutcome) }) },
    bodyLimit: 8 * 1024 * 1024,
    idempotency: false,
  },
  uploadSales: {
    method: 'POST',
    path: '/sales/upload',
    summary: 'Upload sales as CSV or NDJSON of any length; the answer is NDJSON: progress, bad rows, summary',
    allow: 'sales:write',
    query: z.object({
      /** Source of rows that name none. */
      source: text(64).default('upload'),
      /** Field separator of a CSV; found from the header unless given. */
      delimiter: z.string().length(1).optional(),
    }),
    streams: ['text/csv', 'application/x-ndjson'],
    responses: { 200: 'application/x-ndjson' },
    errors: ['upload_empty', 'upload_columns', 'upload_broken'],
    bodyLimit: 1024 * 1024 * 1024,
    idempotency: false,
  },
  listSales: {
    method: 'GET',
    path: '/sales',
    summary: 'Sales, newest first',
    allow: 'sales:read',
    query: z.object({ ...filters, ...page }),
    responses: { 200: z.object({ items: z.array(sale), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  totalSales: {
    method: 'GET',
    path: '/sales/totals',
    summary: 'Number and amount of the sales that a filter finds, per currency',
    allow: 'sales:read',
    query: z.object(filters),
    responses: {
      200: z.object({
        totals: z.array(z.object({ currency: z.string(), count: z.int(), amount: z.string() })),
      }),
    },
  },
  exportSales: {
    method: 'GET',
    path: '/sales/export',
    summary: 'All sales that a filter finds, as CSV',
    allow: 'sales:read',
    query: z.object(filters),
    responses: { 200: 'text/csv' },
  },
  getSale: {
    method: 'GET',
    path: '/sales/:id',
    summary: 'A sale',
    allow: 'sales:read',
    params: id,
    responses: { 200: sale },
    errors: ['sale_unknown'],
  },
  getSaleHistory: {
    method: 'GET',
    path: '/sales/:id/history',
    summary: 'What was changed about a sale, when, by whom and why; also of a deleted one',
    allow: 'sales:read',
    params: id,
    responses: { 200: z.object({ items: z.array(historyEntry) }) },
    errors: ['sale_unknown'],
  },
  correctSale: {
    method: 'PATCH',
    path: '/sales/:id',
    summary: 'Correct a sale: what is not named stays; its history is kept',
    allow: 'sales:write',
    params: id,
    body: saleCorrection,
    responses: { 200: sale },
    errors: [...refused, 'agent_unknown', 'sale_unknown', 'sale_cancelled', 'revision_conflict'],
  },
  cancelSale: {
    method: 'POST',
    path: '/sales/:id/cancel',
    summary: 'Cancel a sale: it stays in the list and counts no more',
    allow: 'sales:write',
    params: id,
    body: reason,
    responses: { 200: sale },
    errors: ['sale_unknown', 'sale_cancelled'],
    idempotency: false,
  },
  deleteSale: {
    method: 'DELETE',
    path: '/sales/:id',
    summary: 'Delete a sale for good; its reference may be used again, its history stays',
    allow: 'sales:write',
    params: id,
    body: reason,
    responses: { 204: z.undefined() },
    errors: ['sale_unknown'],
  },
  listRejectedSales: {
    method: 'GET',
    path: '/rejected-sales',
    summary:
      'Sales that were not taken in, newest first: rejected ones to mend, and those waiting for an agent',
    allow: 'sales:read',
    query: z.object({ status: rejectedSale.shape.status.optional(), upload: z.uuid().optional(), ...page }),
    responses: {
      200: z.object({
        items: z.array(rejectedSale),
        next: z.string().nullable(),
        rejected: z.int(),
        waiting: z.int(),
      }),
    },
    errors: ['cursor_invalid'],
  },
  mendRejectedSale: {
    method: 'PUT',
    path: '/rejected-sales/:id',
    summary: 'Replace what was sent and try it again',
    allow: 'sales:write',
    params: id,
    body: saleInput,
    responses: { 200: settled },
    errors: [...refused, 'rejected_unknown', 'reference_conflict'],
  },
  retryRejectedSale: {
    method: 'POST',
    path: '/rejected-sales/:id/retry',
    summary: 'Try a rejected or waiting sale again as it was sent',
    allow: 'sales:write',
    params: id,
    responses: { 200: settled },
    errors: [...refused, 'rejected_unknown', 'reference_conflict', 'sale_invalid'],
    idempotency: false,
  },
  dismissRejectedSale: {
    method: 'DELETE',
    path: '/rejected-sales/:id',
    summary: 'Take a rejected or waiting sale off the list for good',
    allow: 'sales:write',
    params: id,
    responses: { 204: z.undefined() },
    errors: ['rejected_unknown'],
  },
  listTargets: {
    method: 'GET',
    path: '/targets',
    summary: 'Targets with their progress and pace',
    allow: 'targets:read',
    query: z.object({
      kind: z.enum(subjectKinds).optional(),
      subjectId: z.uuid().optional(),
      periodKind: targetPeriod.shape.kind.optional(),
      /** Targets that run on this business day. */
      on: businessDay.optional(),
      ...page,
    }),
    responses: { 200: targetList },
    errors: ['cursor_invalid'],
  },
  getTarget: {
    method: 'GET',
    path: '/targets/:id',
    summary: 'A target, the progress of each of its periods, and its revisions',
    allow: 'targets:read',
    params: id,
    responses: {
      200: target.extend({
        periods: z.array(targetProgress),
        revisions: z.array(
          z.object({ revision: z.int(), value: z.string(), at: z.string(), actor: z.string() }),
        ),
      }),
    },
    errors: ['target_unknown'],
  },
  createTarget: {
    method: 'POST',
    path: '/targets',
    summary: 'Set a target; the sales that are there already count',
    allow: 'targets:write',
    body: targetInput,
    responses: { 201: target, 200: target },
    errors: ['target_subject_unknown', 'target_impossible'],
  },
  changeTarget: {
    method: 'PUT',
    path: '/targets/:id',
    summary: 'Change a target: a new revision, whose thresholds are announced anew',
    allow: 'targets:write',
    params: id,
    body: targetInput,
    responses: { 200: target },
    errors: ['target_unknown', 'target_subject_unknown', 'target_impossible'],
  },
  deleteTarget: {
    method: 'DELETE',
    path: '/targets/:id',
    summary: 'Delete a target; thresholds it reached stay announced',
    allow: 'targets:write',
    params: id,
    responses: { 204: z.undefined() },
    errors: ['target_unknown'],
  },
} as const satisfies Api;
