/**
 * Shapes shared by the contract (`api.ts`) and the events (`events.ts`): imports nothing but zod.
 *
 * Personal: `policyholder` of a sale. It lives in a column of its own, and encrypted in the log.
 */
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
