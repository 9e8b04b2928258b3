/**
 * The shapes of Moon's reference data: agents, what they may sell, branches, teams and products.
 *
 * Tables (schema `agents`, see migrations/): `agents`, `authorisations`, `assignments`, `branches`, `teams`,
 * `products`, `changes`, `imports`, `rejected_rows`, `agent_words`. Personal: first and last name, email
 * and contact of an agent; erasing removes them from `agents`, `changes` and `agent_words`.
 */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

/** Text that PostgreSQL can hold and that people can read: trimmed, without control characters. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .refine((value) => value.isWellFormed() && !hasControlCharacter(value), {
      error: 'Contains characters that are not text.',
    });

function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}

const required = (longest: number) => text(longest).min(1);

/** How core systems call an agent, branch or product: `AGT001`. Case counts. */
export const code = required(50).regex(/^\S+$/, { error: 'A code has no spaces.' });

/** A business day, from 1900 to 2199. */
export const day = z.iso
  .date({ error: 'A day that exists, as 2024-03-31.' })
  .refine((value) => value >= '1900-01-01' && value < '2200-01-01', {
    error: 'A day between 1900-01-01 and 2199-12-31.',
  });

/** Money: at most 15 digits before the point and 4 after it, as a decimal string. */
export const money = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,4})?$/, { error: 'A decimal number like "1500.50", with at most 4 decimals.' });

/** ISO 4217. */
export const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'Three capital letters, as USD.' });

/** An IANA time zone. */
export const zone = z.string().max(64).refine(isZone, { error: 'An IANA time zone, as Asia/Colombo.' });

function isZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

export const email = z.email({ error: 'An email address, as nimal@example.com.' }).max(254);
export const name = required(100);
export const contact = required(100);
export const agentStatus = z.enum(['active', 'inactive']);

/** An agent may sell the product from the first day to the last, both included. */
export const authorisation = z.object({
  id: z.uuid(),
  productId: z.uuid(),
  from: day,
  to: day.nullable(),
});

/** From that day on the agent belongs to the branch and team, until the next assignment. */
export const assignment = z.object({ from: day, branchId: z.uuid(), teamId: z.uuid().nullable() });

export const agent = z.object({
  id: z.uuid(),
  code: z.string(),
  status: agentStatus,
  /** Null once the agent is erased, as are the other personal fields. */
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  contact: z.string().nullable(),
  hireDate: day.nullable(),
  /** Where the agent belongs today. */
  branchId: z.uuid(),
  teamId: z.uuid().nullable(),
  authorisations: z.array(authorisation),
  /** By day, the earliest first; never empty. */
  assignments: z.array(assignment),
  /** Goes up with every change; send it back with yours, so that nobody's work is overwritten unseen. */
  version: z.number().int(),
  erased: z.boolean(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
export type Agent = z.infer<typeof agent>;

export const branch = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  region: z.string(),
  /** Its own zone for business days; the organisation's when null. */
  zone: z.string().nullable(),
  active: z.boolean(),
  version: z.number().int(),
});
export type Branch = z.infer<typeof branch>;

export const team = z.object({
  id: z.uuid(),
  name: z.string(),
  active: z.boolean(),
  version: z.number().int(),
});
export type Team = z.infer<typeof team>;

export const product = z.object({
  id: z.uuid(),
  code: z.string(),
  type: z.string(),
  name: z.string(),
  /** What the organisation means to sell of it, for the report of target against total. */
  targetAmount: z.string().nullable(),
  currency: z.string().nullable(),
  active: z.boolean(),
  version: z.number().int(),
});
export type Product = z.infer<typeof product>;

/** An agent as created by people: references by id. */
export const newAgent = z.strictObject({
  code: code,
  firstName: name,
  lastName: name,
  email: email.nullish(),
  contact: contact.nullish(),
  hireDate: day.nullish(),
  branchId: z.uuid(),
  teamId: z.uuid().nullish(),
  /** When belonging to the branch and team begins: the hire date, or today, unless said. */
  assignedFrom: day.optional(),
  authorisations: z
    .array(z.strictObject({ productId: z.uuid(), from: day, to: day.nullish() }))
    .max(200)
    .default([]),
});

/** An agent as core systems push it: references by code or name; what is absent stays as it is. */
export const pushedAgent = z.strictObject({
  code: code,
  firstName: name,
  lastName: name,
  email: email.nullish(),
  contact: contact.nullish(),
  hireDate: day.nullish(),
  status: agentStatus.optional(),
  /** Code of a branch. */
  branch: code,
  /** Name of a team. */
  team: name.nullish(),
  /** When a new branch or team begins to hold: for a new agent the hire date, else today, unless said. */
  assignedFrom: day.optional(),
  /** Products by code: when present, exactly these authorisations remain. */
  authorisations: z
    .array(z.strictObject({ product: code, from: day, to: day.nullish() }))
    .max(200)
    .optional(),
});

export const newBranch = z.strictObject({
  code: code,
  name: name,
  region: name,
  zone: zone.nullish(),
});
export const newTeam = z.strictObject({ name: name });
export const newProduct = z.strictObject({
  code: code,
  type: name,
  name: text(150).min(1),
  /** Together with its currency, or neither. */
  targetAmount: money.nullish(),
  currency: currency.nullish(),
});
export const active = z.boolean().optional();
const fault = z.object({ at: z.string(), message: z.string() });

/** One row of a push or of a file that did not land. */
export const rejectedRow = z.object({
  /** Place in the push from 0, or line of the file from 1. */
  row: z.number().int(),
  code: z.string().nullable(),
  faults: z.array(fault),
  remedy: z.string(),
});

export const pushResult = z.object({
  created: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.array(rejectedRow),
});

export const importProgress = z.object({
  id: z.uuid(),
  fileName: z.string().nullable(),
  status: z.enum(['running', 'done', 'broken']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  rows: z.number().int(),
  created: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  /** Why it broke off, with the line. */
  error: z.string().nullable(),
});

/** A line of an agent's history: what it was, what it became. */
export const change = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** `person:<id>`, `key:<id>` or `system`. */
  actor: z.string(),
  kind: z.enum(['created', 'changed', 'deactivated', 'reactivated', 'erased']),
  reason: z.string().nullable(),
  /** Fields that changed, with their values before and after. */
  fields: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
});

/** What of it is personal. */
export const agentsPersonal: PersonalData = {
  tables: {
    agents: {
      columns: 'first_name last_name email contact',
      purpose: 'Agents: who sells, and how they are reached',
      basis: 'contract',
      kept: 'until the agent is erased; the code and the figures stay',
      of: { agent: 'id::text = $1' },
    },
    agent_words: {
      columns: 'word',
      purpose: 'The words by which an agent is found',
      basis: 'contract',
      kept: 'until the agent is erased',
      of: { agent: 'agent_id::text = $1' },
    },
    authorisations: {
      columns: '',
      purpose: 'What an agent may sell, and from when to when',
      basis: 'contract',
      kept: 'as long as the figures; names only an id',
      of: { agent: 'agent_id::text = $1' },
    },
    assignments: {
      columns: '',
      purpose: 'Where an agent belonged, and from when on',
      basis: 'contract',
      kept: 'as long as the figures; names only an id',
      of: { agent: 'agent_id::text = $1' },
    },
    changes: {
      columns: 'reason fields',
      purpose: 'The history of an agent’s data: what it was, what it became, and why',
      basis: 'legitimate interest',
      kept: 'until the agent is erased; that something changed stays',
      of: { agent: 'agent_id::text = $1' },
      clean: `reason IS NULL AND NOT EXISTS (
        SELECT FROM jsonb_each(fields) f WHERE f.key IN ('firstName', 'lastName', 'email', 'contact')
           AND f.value <> '{"before": null, "after": null}')`,
    },
    imports: {
      columns: 'file_name',
      purpose: 'The progress of imports',
      basis: 'legitimate interest',
      kept: '90 days',
      of: {},
      retention: {
        imports: { title: 'Imports of agents with their rejected rows', days: 90, past: 'started_at < $1' },
      },
    },
  },
  impersonal: {
    agents: 'code status',
    branches: '*',
    teams: '*',
    products: '*',
    changes: 'actor kind',
    imports: 'status error',
    // Names the place and the fault, never a value of a personal column.
    rejected_rows: '*',
  },
};
