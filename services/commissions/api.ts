/** Every route of the commissions service. Imports only zod and types, so that pages can import it. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import {
  agentMonth,
  day,
  decimal,
  dispute,
  disputeMessage,
  disputeStatus,
  mismatch,
  month,
  overview,
  plan,
  planDefinition,
  statementDetail,
  statementLine,
  statementStatus,
  statementSummary,
  statementTotal,
  text,
} from './schema.ts';

const id = z.object({ id: z.uuid() });
const ofMonth = z.object({ month });
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
};
const money = z.object({ currency: z.string(), actual: z.string(), draft: z.string() });

export const commissionsApi = {
  readOverview: {
    method: 'GET',
    path: '/commissions',
    summary: 'A month: totals of the company and its branches, what is open, closed and paid',
    allow: 'commissions:read',
    query: z.object({ month: month.optional() }),
    responses: { 200: overview },
  },
  listStatements: {
    method: 'GET',
    path: '/commissions/statements',
    summary: 'Statements, the newest month first, then by the code of the agent',
    allow: 'commissions:read',
    query: z.object({
      month: month.optional(),
      status: statementStatus.optional(),
      branchId: z.uuid().optional(),
      teamId: z.uuid().optional(),
      agentId: z.uuid().optional(),
      ...page,
    }),
    responses: { 200: z.object({ items: z.array(statementSummary), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  readStatement: {
    method: 'GET',
    path: '/commissions/statements/:id',
    summary: 'A statement with every line and how it was computed',
    allow: 'commissions:read',
    params: id,
    responses: { 200: statementDetail },
    errors: ['statement_unknown'],
  },
  exportStatement: {
    method: 'GET',
    path: '/commissions/statements/:id/csv',
    summary: 'The lines of a statement as CSV',
    allow: 'commissions:read',
    params: id,
    responses: { 200: 'text/csv' },
    errors: ['statement_unknown'],
  },
  recomputeStatement: {
    method: 'GET',
    path: '/commissions/statements/:id/recompute',
    summary: 'Compute a statement again from its inputs and say whether each line is the same, to the byte',
    allow: 'commissions:read',
    params: id,
    responses: {
      200: z.object({
        same: z.boolean(),
        lines: z.int(),
        differing: z.array(z.int()),
        /** Sums of basis amounts: of the lines, and of the shares of sales that they settle. */
        totals: z.array(z.object({ currency: z.string(), lines: z.string(), shares: z.string() })),
      }),
    },
    errors: ['statement_unknown'],
  },
  closeStatement: {
    method: 'POST',
    path: '/commissions/statements/:id/close',
    summary: 'Close the statement of one agent, and what is open before it',
    allow: 'commissions:write',
    params: id,
    responses: { 200: z.object({ statementId: z.string() }) },
    errors: ['statement_unknown', 'month_not_over', 'no_plan_yet'],
    // Closing twice closes once.
    idempotency: false,
  },
  closeMonth: {
    method: 'POST',
    path: '/commissions/months/:month/close',
    summary: 'Close a month for every agent; the overview tells how far it is',
    allow: 'commissions:write',
    params: ofMonth,
    responses: { 202: z.object({ closingId: z.string() }) },
    errors: ['month_not_over', 'no_plan_yet'],
    // Closing twice closes once.
    idempotency: false,
  },
  payMonth: {
    method: 'POST',
    path: '/commissions/months/:month/pay',
    summary: 'Mark the closed statements of a month as paid',
    allow: 'commissions:write',
    params: ofMonth,
    responses: { 200: z.object({ paid: z.int() }) },
    // What is paid stays paid.
    idempotency: false,
  },
  listPlans: {
    method: 'GET',
    path: '/commissions/plans',
    summary: 'Every plan with its versions',
    allow: 'commissions:read',
    responses: {
      200: z.object({
        items: z.array(plan),
        products: z.array(z.object({ id: z.string(), code: z.string(), type: z.string(), name: z.string() })),
      }),
    },
  },
  createPlan: {
    method: 'POST',
    path: '/commissions/plans',
    summary: 'Make a plan; open statements are computed anew',
    allow: 'commissions:write',
    body: z.strictObject({
      name: text(120),
      from: day,
      to: day.nullable().default(null),
      definition: planDefinition,
    }),
    responses: { 201: z.object({ planId: z.string() }) },
    errors: ['plan_impossible', 'plan_before_beginning'],
  },
  changePlan: {
    method: 'POST',
    path: '/commissions/plans/:id/versions',
    summary: 'Change a plan from a day on: a new version',
    allow: 'commissions:write',
    params: id,
    body: z.strictObject({ from: day, note: text(300).nullable().default(null), definition: planDefinition }),
    responses: { 201: z.object({ planId: z.string(), version: z.int() }) },
    errors: ['plan_unknown', 'plan_impossible'],
  },
  endPlan: {
    method: 'PUT',
    path: '/commissions/plans/:id/end',
    summary: 'Say on which day a plan holds for the last time; null: until further notice',
    allow: 'commissions:write',
    params: id,
    body: z.strictObject({ to: day.nullable() }),
    responses: { 200: z.object({ planId: z.string() }) },
    errors: ['plan_unknown', 'plan_impossible'],
  },
  tryPlan: {
    method: 'POST',
    path: '/commissions/what-if',
    summary: 'What a draft of a plan would have cost in a month, against the actual; nothing is kept',
    allow: 'commissions:write',
    body: z.strictObject({
      month,
      /** The plan that the draft stands for; null: another one beside them. */
      planId: z.uuid().nullable(),
      definition: planDefinition,
    }),
    responses: {
      200: z.object({
        month,
        company: z.array(money),
        branches: z.array(money.extend({ branchId: z.string(), name: z.string().nullable() })),
        agents: z.array(money.extend({ agentId: z.string(), code: z.string(), name: z.string().nullable() })),
      }),
    },
    errors: ['plan_unknown', 'plan_impossible'],
    // Keeps nothing.
    idempotency: false,
  },
  trySales: {
    method: 'POST',
    path: '/commissions/what-if-sold',
    summary: 'What an agent would earn this month with more sales; nothing is kept',
    allow: 'commissions:read',
    body: z.strictObject({
      /** One’s own unless said. */
      agentId: z.uuid().optional(),
      productId: z.uuid(),
      amount: decimal.refine((value) => !/^-|^0+(\.0*)?$/.test(value), 'an amount above zero'),
      currency: z.string().regex(/^[A-Z]{3}$/),
      sales: z.int().min(1).max(500).default(1),
    }),
    responses: {
      200: z.object({
        month,
        before: z.array(statementTotal),
        after: z.array(statementTotal),
        more: z.string(),
        lines: z.array(statementLine),
        plans: z.record(z.string(), z.string()),
      }),
    },
    errors: ['agent_missing', 'product_unknown'],
    // Keeps nothing.
    idempotency: false,
  },
  reconcile: {
    method: 'GET',
    path: '/commissions/reconcile',
    summary: 'Hold statements against sales line by line, and recompute every one of them',
    // Everybody's at once: for those who check the whole.
    allow: 'audit:read',
    query: z.object({ month: month.optional() }),
    responses: {
      200: z.object({
        begin: month.nullable(),
        statements: z.int(),
        shares: z.int(),
        agentMonths: z.array(agentMonth),
        mismatches: z.array(mismatch),
      }),
    },
  },
  listDisputes: {
    method: 'GET',
    path: '/commissions/disputes',
    summary: 'Disputes, newest first',
    allow: 'commissions:read',
    query: z.object({ status: disputeStatus.optional(), statementId: z.uuid().optional(), ...page }),
    responses: { 200: z.object({ items: z.array(dispute), next: z.string().nullable() }) },
    errors: ['cursor_invalid'],
  },
  readDispute: {
    method: 'GET',
    path: '/commissions/disputes/:id',
    summary: 'A dispute with its thread and the line it is about',
    allow: 'commissions:read',
    params: id,
    responses: {
      200: dispute.extend({ thread: z.array(disputeMessage), statementLine: statementLine.nullable() }),
    },
    errors: ['dispute_unknown'],
  },
  raiseDispute: {
    method: 'POST',
    path: '/commissions/disputes',
    summary: 'Dispute a statement or a line of it',
    allow: 'disputes:write',
    body: z.strictObject({
      statementId: z.uuid(),
      line: z.int().min(1).nullable().default(null),
      reason: text(2_000),
      /** What the line, or the statement, should come to. */
      expected: decimal.nullable().default(null),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .optional(),
    }),
    responses: { 201: z.object({ disputeId: z.string() }) },
    errors: ['statement_unknown', 'dispute_line_unknown', 'currency_missing'],
  },
  writeMessage: {
    method: 'POST',
    path: '/commissions/disputes/:id/messages',
    summary: 'Write into the thread of a dispute',
    allow: 'disputes:write',
    params: id,
    body: z.strictObject({ body: text(4_000) }),
    responses: { 201: disputeMessage },
    errors: ['dispute_unknown', 'dispute_ended'],
  },
  withdrawDispute: {
    method: 'POST',
    path: '/commissions/disputes/:id/withdraw',
    summary: 'Withdraw a dispute',
    allow: 'disputes:write',
    params: id,
    responses: { 200: z.object({ disputeId: z.string() }) },
    errors: ['dispute_unknown', 'dispute_ended'],
    // A dispute ends once.
    idempotency: false,
  },
  decideDispute: {
    method: 'POST',
    path: '/commissions/disputes/:id/decision',
    summary: 'Accept a dispute with an adjustment of the open statement, or refuse it with the reason',
    allow: 'commissions:write',
    params: id,
    body: z.discriminatedUnion('status', [
      z.strictObject({ status: z.literal('accepted'), adjustment: decimal, reason: text(2_000) }),
      z.strictObject({ status: z.literal('refused'), reason: text(2_000) }),
    ]),
    responses: { 200: z.object({ disputeId: z.string() }) },
    errors: ['dispute_unknown', 'dispute_ended', 'dispute_own', 'adjustment_impossible'],
    // A dispute ends once.
    idempotency: false,
  },
} as const satisfies Api;
