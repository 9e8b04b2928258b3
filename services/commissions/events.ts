/** What commissions publishes. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

/** In the reach of whose agent, team or branch it is, as the row policies say. */
const reach = { agents: ['agentId'], teams: ['teamId'], branches: ['branchId'] } as const;

const place = { agentId: z.string(), branchId: z.string(), teamId: z.string().nullable() };

/** A statement is closed: frozen, with its number. Key: the statement. */
export const statementClosed = {
  type: 'commissions.statement-closed',
  version: 1,
  payload: z.object({
    statementId: z.string(),
    ...place,
    /** `2026-03` */
    month: z.string(),
    number: z.string(),
    totals: z.array(z.object({ currency: z.string(), commission: z.string() })),
  }),
  people: ['agentId'],
  reach,
} as const satisfies EventDeclaration;

/** A dispute was raised about a statement or one of its lines. Key: the dispute. */
export const disputeRaised = {
  type: 'commissions.dispute-raised',
  version: 1,
  payload: z.object({
    disputeId: z.string(),
    statementId: z.string(),
    ...place,
    month: z.string(),
    line: z.int().nullable(),
    expected: z.string().nullable(),
    currency: z.string(),
  }),
  people: ['agentId'],
  reach,
} as const satisfies EventDeclaration;

/** A dispute was accepted, refused or withdrawn. Key: the dispute. */
export const disputeDecided = {
  type: 'commissions.dispute-decided',
  version: 1,
  payload: z.object({
    disputeId: z.string(),
    statementId: z.string(),
    ...place,
    month: z.string(),
    status: z.enum(['accepted', 'refused', 'withdrawn']),
    /** Of an accepted one: what the next statement pays more, or less. */
    adjustment: z.string().nullable(),
    currency: z.string(),
  }),
  people: ['agentId'],
  reach,
} as const satisfies EventDeclaration;

export const commissionsEvents = [statementClosed, disputeRaised, disputeDecided] as const;
