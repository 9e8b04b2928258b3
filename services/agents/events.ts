/** What agents publishes: the full state after each change, so that other services can keep a copy. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

const id = z.uuid();
const day = z.iso.date();

/** An agent was created, changed, deactivated or reactivated. Key and subject: the agent's id. */
export const agentsChanged = {
  type: 'agents.changed',
  version: 1,
  payload: z.object({
    agentId: id,
    code: z.string(),
    status: z.enum(['active', 'inactive']),
    /** Where the agent belongs today. */
    branchId: id,
    teamId: id.nullable(),
    hireDate: day.nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    email: z.string().nullable(),
    contact: z.string().nullable(),
    /** What the agent may sell, and from when to when (both days included; null: until further notice). */
    authorisations: z.array(z.object({ productId: id, from: day, to: day.nullable() })),
    /** Where the agent belonged from which day on, the earliest first. */
    assignments: z.array(z.object({ from: day, branchId: id, teamId: id.nullable() })),
    change: z.enum(['created', 'changed', 'deactivated', 'reactivated']),
  }),
  personal: ['firstName', 'lastName', 'email', 'contact'],
  people: ['agentId'],
  reach: { agents: ['agentId'], teams: ['teamId'], branches: ['branchId'] },
} as const satisfies EventDeclaration;

/** An agent's personal data is gone: every copy of it must go too. Key: the agent's id. */
export const agentsErased = {
  type: 'agents.erased',
  version: 1,
  payload: z.object({ agentId: id }),
  people: ['agentId'],
} as const satisfies EventDeclaration;

/** A branch was created, changed, closed or opened again. Key: the branch's id. */
export const branchesChanged = {
  type: 'branches.changed',
  version: 1,
  payload: z.object({
    branchId: id,
    code: z.string(),
    name: z.string(),
    region: z.string(),
    /** IANA zone of its business days; the organisation's when null. */
    zone: z.string().nullable(),
    active: z.boolean(),
  }),
  reach: 'everybody',
} as const satisfies EventDeclaration;

/** A team was created, renamed, dissolved or formed again. Key: the team's id. */
export const teamsChanged = {
  type: 'teams.changed',
  version: 1,
  payload: z.object({ teamId: id, name: z.string(), active: z.boolean() }),
  reach: 'everybody',
} as const satisfies EventDeclaration;

/** A product was created, changed, withdrawn or offered again. Key: the product's id. */
export const productsChanged = {
  type: 'products.changed',
  version: 1,
  payload: z.object({
    productId: id,
    code: z.string(),
    type: z.string(),
    name: z.string(),
    /** Decimal string with its currency, or both null. */
    targetAmount: z.string().nullable(),
    currency: z.string().nullable(),
    active: z.boolean(),
  }),
  reach: 'everybody',
} as const satisfies EventDeclaration;

export const agentsEvents = [
  agentsChanged,
  agentsErased,
  branchesChanged,
  teamsChanged,
  productsChanged,
] as const;
