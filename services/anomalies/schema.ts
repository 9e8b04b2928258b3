/**
 * The shapes of anomalies: what looked unusual, why, and what people said.
 *
 * Tables (schema `anomalies`, see migrations/): `anomalies`, `detectors`, `answers`; the statistics `amounts`,
 * `day_counts`, `places`, `export_hours`; the copies `agents`, `branches`, `people`. Personal: names
 * in the copies; where somebody signed in from is kept as a keyed digest only.
 */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

export const detectorNames = [
  'unusual-amount',
  'unusual-count',
  'cancellation-burst',
  'new-place',
  'export-out-of-hours',
] as const;
export const detectorName = z.enum(detectorNames);
export type DetectorName = z.output<typeof detectorName>;

export const status = z.enum(['open', 'right', 'wrong']);
export type Status = z.output<typeof status>;

/** What it was held against, to be drawn. */
export const evidence = z.object({
  measure: z.enum(['amount', 'count', 'surprise']),
  currency: z.string().nullable(),
  /** What is usual, and what it was. Amounts as decimal strings. */
  usual: z.string().nullable(),
  value: z.string(),
  /** Whose history it is. */
  whose: z.enum(['agent', 'product', 'branch', 'person']),
  history: z.array(z.object({ at: z.string(), value: z.string() })),
});
export type Evidence = z.output<typeof evidence>;

/** One anomaly, with the names that go with its ids. */
export const anomaly = z.object({
  id: z.uuid(),
  detector: detectorName,
  version: z.int(),
  score: z.number(),
  /** What the score had to reach when it was flagged. */
  threshold: z.number(),
  reason: z.string(),
  evidence,
  agent: z.object({ id: z.string(), code: z.string().nullable(), name: z.string().nullable() }).nullable(),
  branch: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  teamId: z.string().nullable(),
  person: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  saleId: z.string().nullable(),
  day: z.string(),
  at: z.string(),
  flaggedAt: z.string(),
  status,
  judgedBy: z.string().nullable(),
  judgedAt: z.string().nullable(),
  note: z.string().nullable(),
});
export type Anomaly = z.output<typeof anomaly>;

/** A detector as people see it: what it does, where its threshold stands and why. */
export const detectorView = z.object({
  name: detectorName,
  version: z.int(),
  title: z.string(),
  looksAt: z.string(),
  history: z.string(),
  active: z.boolean(),
  /** What it began with, and what the answers made of it. */
  base: z.number(),
  threshold: z.number(),
  least: z.number(),
  most: z.number(),
  right: z.int(),
  wrong: z.int(),
  open: z.int(),
  /** Agents for whom the answers about themselves move it further. */
  agents: z.int(),
  /** Right ones among the marked ones; null without any. */
  precision: z.number().nullable(),
});
export type DetectorView = z.output<typeof detectorView>;

/** What of it is personal. */
export const anomaliesPersonal: PersonalData = {
  tables: {
    agents: {
      columns: 'name',
      purpose: 'A copy of agents’ names, beside what looked unusual',
      basis: 'legitimate interest',
      kept: 'until the agent is erased',
      of: { agent: 'id::text = $1' },
    },
    people: {
      columns: 'name',
      purpose: 'A copy of people, to tell those who may see it of what looked unusual',
      basis: 'legitimate interest',
      kept: 'until the account is erased',
      of: { person: 'id::text = $1' },
    },
    places: {
      columns: '',
      secret: 'network browser',
      purpose: 'Digests of where somebody signed in from, to notice a new place',
      basis: 'legitimate interest',
      kept: 'a year after the last sign-in from there',
      of: { person: 'person_id::text = $1' },
      retention: { places: { title: 'Places of sign-ins', days: 365, past: 'last_seen < $1' } },
    },
    export_hours: {
      columns: '',
      purpose: 'At which hours somebody exports data, to notice an unusual one',
      basis: 'legitimate interest',
      kept: 'until the account is erased',
      of: { person: 'person_id::text = $1' },
    },
    anomalies: {
      columns: 'note',
      purpose: 'What looked unusual, why, and what was found about it',
      basis: 'legitimate interest',
      kept: 'three years after it was judged',
      of: { agent: 'agent_id::text = $1', person: 'person_id::text = $1' },
      retention: {
        judged: { title: 'Judged anomalies', days: 1095, past: `status <> 'open' AND judged_at < $1` },
      },
    },
  },
  impersonal: {
    agents: 'code',
    branches: '*',
    people: 'roles regions',
    places: 'network browser',
    export_hours: 'actor',
    // Reason and evidence hold figures and no names.
    anomalies: 'detector thing reason evidence status judged_by',
    amounts: '*',
    day_counts: '*',
    secrets: '*',
    detectors: '*',
    answers: '*',
  },
};
