/**
 * The shapes of commissions: plans, statements and their lines, disputes. Imports nothing but zod.
 *
 * Tables (schema `commissions`, see migrations/): copies of `shares`, `reached` targets and `known_*` names;
 * `plans` and `plan_versions`; `statements`, `lines`, `totals`; `disputes`, `messages`, `adjustments`.
 * Personal: names of agents in `known_agents`; what people write in disputes.
 */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

/** Money and percentages are decimal strings with at most four decimals, never numbers. */
export const decimal = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'a decimal number as a string, with at most four decimals: "548.9715"');
const positive = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,4})?$/, 'a decimal number from 0, with at most four decimals: "12.5"');
const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/, 'a percentage from 0, with at most four decimals: "7.25"');

export const day = z.iso.date();
/** `2026-03` */
export const month = z.string().regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, 'a month, as 2026-03');

/** Text without NUL or half of a surrogate pair, neither of which PostgreSQL can keep. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'text without NUL or broken Unicode');

export const windows = ['month', 'quarter', 'year'] as const;
export type Window = (typeof windows)[number];

/** From so much on in the window, this rate. */
export const tier = z.strictObject({ from: positive, rate: percent });

export const accelerator = z.strictObject({
  /** `target`: a target of the agent (or `of` which) reached `at` percent; `volume`: the plan's own measure reached `at`. */
  when: z.enum(['target', 'volume']),
  at: positive,
  of: z.enum(['agent', 'team', 'branch', 'company']).default('agent'),
  /** Added to the rate, in percent. */
  points: percent.default('0'),
  /** The commission times this. */
  multiplier: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,4})?$/, 'a factor with at most four decimals: "1.25"')
    .default('1'),
});

/** Cancelled less than so many months after the sale: this share of what was paid goes back. */
export const clawbackStep = z.strictObject({ months: z.int().min(1).max(240), percent });

export const assignee = z.strictObject({
  kind: z.enum(['all', 'branch', 'team', 'agent']),
  id: z.uuid().nullable(),
});

/** What a version of a plan says. */
export const planDefinition = z.strictObject({
  /** Only sales in it; null: any, which needs a plan without amounts in it. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'a currency code in capitals: "USD"')
    .nullable(),
  /** Every product, or these and those of these types. */
  everything: z.boolean(),
  products: z.array(z.uuid()).max(500),
  types: z.array(text(100)).max(100),
  assigned: z.array(assignee).min(1).max(1_000),
  measure: z.enum(['amount', 'count']),
  window: z.enum(windows),
  /** `marginal`: each part at its tier's rate; `whole`: all at the rate of the tier reached. */
  mode: z.enum(['marginal', 'whole']),
  tiers: z.array(tier).min(1).max(20),
  accelerators: z.array(accelerator).max(10),
  clawback: z.array(clawbackStep).max(10),
});
export type PlanDefinition = z.output<typeof planDefinition>;

export const planVersion = z.object({
  planId: z.string(),
  version: z.int(),
  /** It holds from this day on, until a later version does. */
  from: day,
  definition: planDefinition,
});
export type PlanVersion = z.output<typeof planVersion>;

export const plan = z.object({
  planId: z.string(),
  name: z.string(),
  from: day,
  to: day.nullable(),
  /** The version that holds today; else the last one. */
  current: z.int(),
  /** Whether sales of today can earn by it. */
  running: z.boolean(),
  versions: z.array(
    planVersion.omit({ planId: true }).extend({
      note: z.string().nullable(),
      createdAt: z.string(),
      createdBy: z.string(),
      /** Lines of closed statements that were computed by it. */
      settledLines: z.int(),
    }),
  ),
});
export type Plan = z.output<typeof plan>;

export const lineKinds = ['sale', 'late', 'correction', 'clawback', 'tier', 'adjustment'] as const;

/**
 * A line of a statement, from which its commission can be recomputed by hand:
 *
 * - `sale`, `late`, `tier`: `applied` × (`rate` + `points`) % × `multiplier`, rounded half-even to the
 *   currency's minor unit;
 * - `correction`, `clawback`: `of.commission` × `applied` ÷ `of.basis`, rounded likewise, what was settled so
 *   far being `of`;
 * - `adjustment`: as it was decided.
 */
export const statementLine = z.object({
  n: z.int(),
  kind: z.enum(lineKinds),
  saleId: z.string().nullable(),
  reference: z.string().nullable(),
  day: z.string(),
  productId: z.string().nullable(),
  /** Share of the sale, in percent. */
  share: z.string().nullable(),
  currency: z.string(),
  /** What of the share's amount this line settles; all lines of a share add up to its amount. */
  basis: z.string(),
  /** What the rate is applied to. */
  applied: z.string(),
  planId: z.string().nullable(),
  version: z.int().nullable(),
  /** From 1. */
  tier: z.int().nullable(),
  /** Where the plan's measure stood before this line, and after it. */
  counter: z.tuple([z.string(), z.string()]).nullable(),
  rate: z.string().nullable(),
  points: z.string().nullable(),
  multiplier: z.string().nullable(),
  of: z.object({ basis: z.string(), commission: z.string() }).nullable(),
  commission: z.string(),
  /** Why there is such a line, in few words; of an adjustment: the decision. */
  why: z.string().nullable(),
});
export type StatementLine = z.output<typeof statementLine>;

export const statementStatus = z.enum(['open', 'closed', 'paid']);
export type StatementStatus = z.output<typeof statementStatus>;

export const statementTotal = z.object({
  currency: z.string(),
  sold: z.string(),
  basis: z.string(),
  earned: z.string(),
  clawedBack: z.string(),
  adjusted: z.string(),
  commission: z.string(),
  lines: z.int(),
});
export type StatementTotal = z.output<typeof statementTotal>;

const agentName = z.object({
  agentId: z.string(),
  code: z.string(),
  /** Null once erased. */
  name: z.string().nullable(),
  branchId: z.string(),
  branch: z.string().nullable(),
  teamId: z.string().nullable(),
  team: z.string().nullable(),
});

export const statementSummary = z.object({
  statementId: z.string(),
  month,
  status: statementStatus,
  number: z.string().nullable(),
  agent: agentName,
  totals: z.array(statementTotal),
  /** Of an open one: a change is about to show in it. */
  moving: z.boolean(),
  closedAt: z.string().nullable(),
  paidAt: z.string().nullable(),
  disputes: z.int(),
});
export type StatementSummary = z.output<typeof statementSummary>;

export const statementDetail = statementSummary.extend({
  computedAt: z.string(),
  lines: z.array(statementLine),
  plans: z.record(z.string(), z.string()),
  products: z.record(z.string(), z.string()),
});
export type StatementDetail = z.output<typeof statementDetail>;

export const monthSummary = z.object({
  month,
  open: z.int(),
  closed: z.int(),
  paid: z.int(),
  closing: z
    .object({ done: z.int(), total: z.int(), startedAt: z.string(), endedAt: z.string().nullable() })
    .nullable(),
});

const sums = statementTotal.omit({ lines: true }).extend({ agents: z.int() });

export const overview = z.object({
  months: z.array(monthSummary),
  /** Null before the first plan. */
  month: month.nullable(),
  over: z.boolean(),
  totals: z.array(sums),
  branches: z.array(sums.extend({ branchId: z.string(), name: z.string().nullable() })),
  openDisputes: z.int(),
  plans: z.int(),
});
export type Overview = z.output<typeof overview>;

export const disputeStatus = z.enum(['open', 'accepted', 'refused', 'withdrawn']);

export const dispute = z.object({
  disputeId: z.string(),
  status: disputeStatus,
  statementId: z.string(),
  month,
  line: z.int().nullable(),
  reference: z.string().nullable(),
  agent: agentName,
  reason: z.string(),
  expected: z.string().nullable(),
  currency: z.string(),
  raisedAt: z.string(),
  raisedBy: z.string(),
  decidedAt: z.string().nullable(),
  decision: z.string().nullable(),
  adjustment: z.string().nullable(),
  messages: z.int(),
});
export type Dispute = z.output<typeof dispute>;

export const disputeMessage = z.object({
  id: z.string(),
  at: z.string(),
  author: z.string(),
  mine: z.boolean(),
  body: z.string(),
});

export const mismatch = z.object({
  what: z.enum(['share', 'agent-month', 'statement', 'total']),
  agent: z.string(),
  month,
  reference: z.string().nullable(),
  currency: z.string().nullable(),
  lines: z.string(),
  shares: z.string(),
});
export type Mismatch = z.output<typeof mismatch>;

export const agentMonth = z.object({
  agentId: z.string(),
  agent: z.string(),
  month,
  currency: z.string(),
  shares: z.string(),
  lines: z.string(),
  count: z.int(),
});
export type AgentMonth = z.output<typeof agentMonth>;

/** What of it is personal. */
export const commissionsPersonal: PersonalData = {
  tables: {
    known_agents: {
      columns: 'name',
      purpose: 'A copy of agents, for their statements',
      basis: 'contract',
      kept: 'until the agent is erased',
      of: { agent: 'id::text = $1' },
    },
    statements: {
      columns: '',
      purpose: 'What an agent earned in a month, and from what it was computed',
      basis: 'legal obligation',
      kept: 'as long as books must be kept; names only ids',
      of: { agent: 'agent_id::text = $1' },
    },
    lines: {
      columns: '',
      purpose: 'How each part of a statement was computed',
      basis: 'legal obligation',
      kept: 'as long as the statement; names only ids',
      of: { agent: 'agent_id::text = $1' },
    },
    disputes: {
      columns: 'reason raised_by_name decision',
      purpose: 'What an agent doubts about a statement, and how that was decided',
      basis: 'contract',
      kept: 'until the agent is erased; that and how it was decided as long as the statement',
      of: { agent: 'agent_id::text = $1' },
    },
    messages: {
      columns: 'author_name body',
      purpose: 'What was written about a dispute',
      basis: 'contract',
      kept: 'until the agent is erased',
      of: {
        agent: 'dispute_id IN (SELECT d.id FROM commissions.disputes d WHERE d.agent_id::text = $1)',
      },
    },
  },
  impersonal: {
    known_agents: 'code',
    known_branches: '*',
    known_teams: '*',
    known_products: '*',
    shares: '*',
    reached: '*',
    plans: '*',
    plan_versions: '*',
    statements: 'status number closed_by paid_by inputs digest',
    lines: 'kind currency line',
    totals: '*',
    stale: '*',
    numbers: '*',
    closings: '*',
    disputes: 'currency status raised_by decided_by',
    messages: 'author',
    adjustments: '*',
  },
};
