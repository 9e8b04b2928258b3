/** What people publishes: the full state after each change, so that other services can keep a copy. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

/** A person was created, changed, deactivated or reactivated. Key and subject: the person's id. */
export const peopleChanged = {
  type: 'people.changed',
  version: 1,
  payload: z.object({
    personId: z.uuid(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    roles: z.array(z.string()),
    /** The agent that the person is. */
    agentId: z.uuid().nullable(),
    /** What they lead, if it is not where their own agent belongs. */
    teams: z.array(z.uuid()).default([]),
    branches: z.array(z.uuid()).default([]),
    regions: z.array(z.string()).default([]),
    active: z.boolean(),
    zone: z.string().nullable(),
    locale: z.string().nullable(),
    change: z.enum(['created', 'changed', 'deactivated', 'reactivated']),
  }),
  personal: ['name', 'email'],
  people: ['personId', 'agentId'],
  reach: { people: ['personId'] },
} as const satisfies EventDeclaration;

/** A person's data is gone: every copy of it must go too. Key: the person's id. */
export const peopleErased = {
  type: 'people.erased',
  version: 1,
  payload: z.object({ personId: z.uuid() }),
  people: ['personId'],
} as const satisfies EventDeclaration;

/** Somebody signed in: their session has just become usable. Key and subject: the person's id. */
export const peopleSignedIn = {
  type: 'people.signed-in',
  version: 1,
  payload: z.object({
    personId: z.uuid(),
    sessionId: z.uuid(),
    /** The address they came from. */
    place: z.string().nullable(),
    browser: z.string().nullable(),
    secondFactor: z.boolean(),
  }),
  personal: ['place', 'browser'],
  people: ['personId'],
  reach: { people: ['personId'] },
} as const satisfies EventDeclaration;
