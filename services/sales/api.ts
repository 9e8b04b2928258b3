/** Every route of the sales service. Imports only zod and types, so that pages can import it. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import {
  batchSummary,
  businessDay,
  historyEntry,
  receipt,
  rejectedSale,
  rowOutcome,
  sale,
  saleCorrection,
  saleInput,
  subjectKinds,
  target,
  targetInput,
  targetPeriod,
  targetProgress,
  text,
} from './schema.ts';

export type {
  BatchSummary,
  Receipt,
  RejectedSale,
  RowOutcome,
  Sale,
  SaleCorrection,
  SaleInput,
  Target,
  TargetInput,
  TargetProgress,
  UploadLine,
} from './schema.ts';

const id = z.object({ id: z.uuid() });
const reason = z.object({ reason: text(500) });
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

const settled = z.object({ outcome: rowOutcome.shape.outcome, sale: receipt.nullable() });

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
