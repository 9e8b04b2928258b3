/** What the sales service publishes. Sales' events are keyed by the sale, targets' by the target. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

export type { SaleFacts, ShareFacts, TargetPeriod, TargetSubject } from './schema.ts';

import { saleFacts, targetMeasure, targetPeriod, targetSubject } from './schema.ts';

const people = ['after.shares.*.agentId', 'before.shares.*.agentId'] as const;

/** In the reach of those whose rows the sale is, or was: as the row policies of sales say. */
const reach = {
  agents: people,
  teams: ['after.shares.*.teamId', 'before.shares.*.teamId'],
  branches: [
    ...['after.branchId', 'before.branchId'],
    ...['after.shares.*.branchId', 'before.shares.*.branchId'],
  ],
} as const;
/** Ids tell kinds apart. */
const subjectReach = { agents: ['subject.id'], teams: ['subject.id'], branches: ['subject.id'] } as const;

/**
 * The subject's id again, unless it is an agent's: `subject.id` may be a person's and is a pseudonym in the
 * lake, whatever its kind.
 */
const unitId = z.string().nullable();

/** Free text, which may name the policyholder: personal, and null once the policyholder is erased. */
const reason = z.string().nullable();

/** A sale was taken in. */
export const saleRecorded = {
  type: 'sales.recorded',
  version: 1,
  payload: z.object({ after: saleFacts, policyholder: z.string().nullable() }),
  personal: ['policyholder'],
  people,
  reach,
} as const satisfies EventDeclaration;

/** A sale was changed: figures take `before` back and count `after`. */
export const saleCorrected = {
  type: 'sales.corrected',
  version: 1,
  payload: z.object({
    before: saleFacts,
    after: saleFacts,
    reason,
    policyholder: z.string().nullable(),
  }),
  personal: ['policyholder', 'reason'],
  people,
  reach,
} as const satisfies EventDeclaration;

/** A sale no longer counts; it stays in the list, cancelled. */
export const saleCancelled = {
  type: 'sales.cancelled',
  version: 1,
  payload: z.object({ before: saleFacts, reason }),
  personal: ['reason'],
  people,
  reach,
} as const satisfies EventDeclaration;

/** A sale is gone from the list. `before` is null where it was cancelled and no longer counted. */
export const saleDeleted = {
  type: 'sales.deleted',
  version: 1,
  payload: z.object({ before: saleFacts.nullable(), reason }),
  personal: ['reason'],
  people,
  reach,
} as const satisfies EventDeclaration;

/** The policyholder's name of a sale is gone: every copy of it must go too. */
export const policyholdersErased = {
  type: 'policyholders.erased',
  version: 1,
  payload: z.object({ saleId: z.string() }),
} as const satisfies EventDeclaration;

/** A target was set, changed (a higher revision) or deleted. */
export const targetChanged = {
  type: 'targets.changed',
  version: 1,
  payload: z.object({
    targetId: z.string(),
    revision: z.int(),
    subject: targetSubject,
    period: targetPeriod,
    measure: targetMeasure,
    /** What is to be reached: an amount with four decimals, or a number of sales. */
    value: z.string(),
    currency: z.string().nullable(),
    /** In percent, rising. */
    thresholds: z.array(z.number()),
    deleted: z.boolean(),
    unitId,
  }),
  people: ['subject.id'],
  reach: subjectReach,
} as const satisfies EventDeclaration;

/** A threshold of a target was reached: once per target, revision, period and threshold. */
export const targetReached = {
  type: 'targets.reached',
  version: 1,
  payload: z.object({
    targetId: z.string(),
    revision: z.int(),
    threshold: z.number(),
    subject: targetSubject,
    /** Name of the team, branch or product; null for agents, whose names are personal. */
    subjectName: z.string().nullable(),
    measure: targetMeasure,
    currency: z.string().nullable(),
    value: z.string(),
    progress: z.string(),
    /** The business day of the sale that carried it over. */
    day: z.string(),
    periodFrom: z.string(),
    periodTo: z.string().nullable(),
    unitId,
  }),
  people: ['subject.id'],
  reach: subjectReach,
} as const satisfies EventDeclaration;

export const salesEvents = [
  saleRecorded,
  saleCorrected,
  saleCancelled,
  saleDeleted,
  policyholdersErased,
  targetChanged,
  targetReached,
] as const;
