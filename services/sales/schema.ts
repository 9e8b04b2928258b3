/**
 * Shapes shared by the contract (`api.ts`) and the events (`events.ts`): imports nothing but zod.
 *
 * Personal: `policyholder` of a sale. It lives in a column of its own, and encrypted in the log.
 */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

/** Exact, at most four decimals: `548.9715`. */
export const decimal = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'a decimal number as a string, with at most four decimals: "548.9715"');

export const businessDay = z.iso.date();

/** Text without NUL or half of a surrogate pair, neither of which PostgreSQL can keep. */
export const text = (longest: number, least = 1) =>
  z
    .string()
    .min(least)
    .max(longest)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'text without NUL or broken Unicode');

/** A share of a sale, as it was frozen. */
export const shareFacts = z.object({
  agentId: z.string(),
  teamId: z.string().nullable(),
  branchId: z.string(),
  percent: z.string(),
  /** The shares of a sale add up to its amount, exactly. */
  amount: z.string(),
});
export type ShareFacts = z.output<typeof shareFacts>;

/** What a sale is, as every event about it tells it. */
export const saleFacts = z.object({
  saleId: z.string(),
  source: z.string(),
  reference: z.string(),
  soldAt: z.string(),
  /** Business day in the branch's zone, or the organisation's. */
  day: z.string(),
  productId: z.string(),
  branchId: z.string(),
  /** Four decimals. */
  amount: z.string(),
  currency: z.string(),
  shares: z.array(shareFacts).min(1),
  policyNumber: z.string().nullable(),
});
export type SaleFacts = z.output<typeof saleFacts>;

export const subjectKinds = ['agent', 'team', 'branch', 'product', 'company'] as const;

/** Whose sales a target counts; `id` is null for the company only. */
export const targetSubject = z.object({ kind: z.enum(subjectKinds), id: z.uuid().nullable() });
export type TargetSubject = z.output<typeof targetSubject>;

/** First and last day, both counted; a target that `repeats` has one period after the other. */
export const targetPeriod = z.object({
  kind: z.enum(['month', 'quarter', 'year', 'open']),
  from: businessDay,
  to: businessDay.nullable(),
  repeats: z.boolean(),
});
export type TargetPeriod = z.output<typeof targetPeriod>;

export const targetMeasure = z.enum(['amount', 'count']);

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
export type UploadSummary = z.output<typeof uploadSummary>;

const uploadBreak = z.object({ code: z.string(), message: z.string(), remedy: z.string(), line: z.int() });
export type UploadBreak = z.output<typeof uploadBreak>;

/** A line of the answer to an upload: progress, one of the first rows that were not taken in, or the end. */
export const uploadLine = z.union([
  z.object({ progress: uploadSummary.extend({ bytes: z.int() }) }),
  z.object({ row: rowOutcome }),
  z.object({ summary: uploadSummary }),
  /** The upload broke off; what came before it is kept. */
  z.object({
    error: uploadBreak,
    summary: uploadSummary,
  }),
]);
export type UploadLine = z.output<typeof uploadLine>;

/** A line of a sale's history. */
export const historyEntry = z.object({
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

/** What of it is personal. */
export const salesPersonal: PersonalData = {
  tables: {
    sales: {
      columns: 'policyholder',
      purpose: 'Sales: which agent sold what, and whose policy it is',
      basis: 'contract',
      kept: 'the policyholder’s name until it is erased; the sale as long as books must be kept',
      of: { agent: 'agent_id::text = $1', policyholder: 'id::text = $1' },
      others: { agent: 'policyholder policy_number' },
      // An agent’s sales stay, without a name of the agent; the policyholder’s name is not the agent’s.
      clean: `($1 <> id::text OR policyholder IS NULL)`,
    },
    shares: {
      columns: '',
      purpose: 'Who shares in a split sale',
      basis: 'contract',
      kept: 'as long as the sale; names only ids',
      of: { agent: 'agent_id::text = $1', policyholder: 'sale_id::text = $1' },
      others: { policyholder: 'agent_id team_id branch_id percent amount' },
    },
    changes: {
      columns: 'reason',
      purpose: 'Why and how a sale was changed',
      basis: 'legal obligation',
      kept: 'as long as the sale; the reason until the policyholder is erased',
      of: { policyholder: 'sale_id::text = $1' },
      // What is written after the erasure is not what was to be erased.
      clean: `(reason = '' OR at > coalesce((SELECT e.erased_at FROM events.subjects e WHERE e.id = $1), 'infinity'))`,
    },
    rejected: {
      columns: 'input detail',
      purpose: 'Sales that could not be taken in, as they were sent, to be mended',
      basis: 'legitimate interest',
      kept: '90 days',
      of: {},
      retention: {
        rejected: { title: 'Rejected sales as they were sent', days: 90, past: 'received_at < $1' },
      },
    },
    known_agents: {
      columns: 'name',
      purpose: 'A copy of agents, to show names beside sales',
      basis: 'contract',
      kept: 'until the agent is erased',
      of: { agent: 'id::text = $1' },
    },
  },
  impersonal: {
    sales: 'currency source reference actor policy_number',
    changes: 'change actor before after recorded',
    rejected: 'status source reference code field agents product branch actor',
    known_agents: 'code',
    known_branches: '*',
    known_products: '*',
    known_teams: '*',
    daily: '*',
    targets: '*',
    target_revisions: '*',
  },
};
