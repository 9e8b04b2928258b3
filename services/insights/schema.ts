/** Shapes shared by the contract, the questions and the pages: imports nothing but zod. */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

/** What a column holds, and so how it is written. */
export const columnKind = z.enum([
  'text',
  'day',
  'month',
  'hour',
  'money',
  'count',
  'number',
  'percent',
  'status',
  'id',
]);
export type ColumnKind = z.output<typeof columnKind>;

export const column = z.object({
  key: z.string(),
  name: z.string(),
  kind: columnKind,
  /** Currency of money. */
  unit: z.string().nullable(),
});
export type Column = z.output<typeof column>;

export const filterName = z.enum(['period', 'branch', 'team', 'product']);
export type FilterName = z.output<typeof filterName>;

/** How an answer is drawn; keys are of columns. */
export const chart = z.object({
  kind: z.enum(['bar', 'line', 'area', 'donut', 'table']),
  x: z.string(),
  /** Columns as series … */
  series: z.array(z.string()).optional(),
  /** … or one series per value of a column. */
  pivot: z.object({ series: z.string(), value: z.string() }).optional(),
  horizontal: z.boolean().optional(),
  stacked: z.boolean().optional(),
});
export type Chart = z.output<typeof chart>;

export const groups = ['sales', 'teams', 'products', 'branches', 'agents', 'notifications'] as const;

/** A value in an answer: money as a decimal string, percent as a ratio. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const row = z.record(z.string(), cell);
export type Row = z.output<typeof row>;

export const insightTables = [
  'team-performance',
  'product-performance',
  'branch-performance',
  'most-notified-agents',
  'notification-status',
] as const;
export type InsightTable = (typeof insightTables)[number];

/** Text without NUL or half of a surrogate pair, neither of which PostgreSQL can keep. */
export const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'text without NUL or broken Unicode');

export const named = z.object({ id: z.string(), name: z.string() });

const ranking = z.object({
  id: z.string(),
  name: z.string(),
  total: z.string(),
  sales: z.int(),
});

/** Sales that an answer leaves out since they are in another currency. */
export const otherCurrency = z.object({ currency: z.string(), total: z.string(), sales: z.int() });

const day = z.iso.date();

/** The console's first page. */
export const overview = z.object({
  /** Whose figures these are: everything, what one leads, or one’s own. */
  reach: z.enum(['all', 'led', 'own']),
  day,
  currency: z.string(),
  today: z.object({ total: z.string(), sales: z.int() }),
  yesterday: z.object({ total: z.string(), sales: z.int() }),
  month: z.object({ total: z.string(), sales: z.int() }),
  monthBefore: z.object({ total: z.string(), sales: z.int() }),
  /** The company's target that holds today; pace is where it should stand by now, from 0 to 1. */
  target: z
    .object({
      value: z.string(),
      total: z.string(),
      from: day,
      to: day.nullable(),
      pace: z.number().nullable(),
      /** Its even part for one day. */
      perDay: z.string().nullable(),
    })
    .nullable(),
  /** The last 14 days, oldest first. */
  days: z.array(z.object({ day, total: z.string(), sales: z.int() })),
  agents: z.array(ranking),
  teams: z.array(ranking),
  branches: z.array(ranking),
  attention: z.object({
    /** Running targets that are behind an even pace, the furthest behind first. */
    behind: z.array(
      z.object({
        targetId: z.string(),
        kind: z.string(),
        name: z.string(),
        value: z.string(),
        total: z.string(),
        pace: z.number(),
        achieved: z.number(),
      }),
    ),
    failedNotifications: z.int(),
    /** Active branches without a sale in seven days. */
    silentBranches: z.array(named),
  }),
  others: z.array(otherCurrency),
  position: z.int(),
  generatedAt: z.iso.datetime(),
});

/** What of it is personal. */
export const insightsPersonal: PersonalData = {
  tables: {
    agents: {
      columns: 'name',
      purpose: 'A copy of agents’ names, joined to figures for those who may see them',
      basis: 'legitimate interest',
      kept: 'until the agent is erased',
      of: { agent: 'id::text = $1' },
    },
    queries: {
      columns: 'owner_name',
      purpose: 'Queries that somebody keeps',
      basis: 'contract',
      kept: 'until they are deleted or the account is erased; shared ones stay without the name',
      of: { person: `owner = 'person:' || $1` },
      clean: `owner_name = 'Erased person'`,
    },
    most_notified_agents: {
      columns: '',
      purpose: 'How often each agent was told something',
      basis: 'legitimate interest',
      kept: 'a year; names only an id',
      of: { agent: 'agent_id::text = $1' },
      retention: {
        'most-notified': { title: 'Runs of most notified agents', days: 365, past: 'aggregation_date < $1' },
      },
    },
  },
  impersonal: {
    agents: 'code',
    queries: 'owner title sql',
    agent_days: '*',
    agent_deltas: '*',
    agent_months: '*',
    branches: '*',
    teams: '*',
    products: '*',
    targets: '*',
    days: '*',
    deltas: '*',
    months: '*',
    hours: '*',
    hour_figures: '*',
    notifications: '*',
    notification_days: '*',
    notification_status: '*',
    branch_performance: '*',
    team_performance: '*',
    product_performance: '*',
    runs: '*',
  },
};
