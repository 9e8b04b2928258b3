/** Every route of agents on one screen: reading asks for `agents:read`, changing for `agents:write`. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import * as shape from './schema.ts';

const byId = z.object({ id: z.uuid() });
const byCode = z.object({ code: shape.code });
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
};
const version = z.number().int().optional();
const agentFilter = z.strictObject({
  /** Beginning of a code, first or last name, or of both names. */
  search: shape.text(100).optional(),
  branch: z.uuid().optional(),
  region: shape.text(100).optional(),
  team: z.uuid().optional(),
  /** Agents who may sell this product today. */
  product: z.uuid().optional(),
  status: shape.agentStatus.optional(),
});

/** An agent as created by people: references by id. */
export const newAgent = z.strictObject({
  code: shape.code,
  firstName: shape.name,
  lastName: shape.name,
  email: shape.email.nullish(),
  contact: shape.contact.nullish(),
  hireDate: shape.day.nullish(),
  branchId: z.uuid(),
  teamId: z.uuid().nullish(),
  /** When belonging to the branch and team begins: the hire date, or today, unless said. */
  assignedFrom: shape.day.optional(),
  authorisations: z
    .array(z.strictObject({ productId: z.uuid(), from: shape.day, to: shape.day.nullish() }))
    .max(200)
    .default([]),
});

/** An agent as core systems push it: references by code or name; what is absent stays as it is. */
export const pushedAgent = z.strictObject({
  code: shape.code,
  firstName: shape.name,
  lastName: shape.name,
  email: shape.email.nullish(),
  contact: shape.contact.nullish(),
  hireDate: shape.day.nullish(),
  status: shape.agentStatus.optional(),
  /** Code of a branch. */
  branch: shape.code,
  /** Name of a team. */
  team: shape.name.nullish(),
  /** When a new branch or team begins to hold: for a new agent the hire date, else today, unless said. */
  assignedFrom: shape.day.optional(),
  /** Products by code: when present, exactly these authorisations remain. */
  authorisations: z
    .array(z.strictObject({ product: shape.code, from: shape.day, to: shape.day.nullish() }))
    .max(200)
    .optional(),
});

export const newBranch = z.strictObject({
  code: shape.code,
  name: shape.name,
  region: shape.name,
  zone: shape.zone.nullish(),
});
export const newTeam = z.strictObject({ name: shape.name });
export const newProduct = z.strictObject({
  code: shape.code,
  type: shape.name,
  name: shape.text(150).min(1),
  /** Together with its currency, or neither. */
  targetAmount: shape.money.nullish(),
  currency: shape.currency.nullish(),
});
const active = z.boolean().optional();
const fault = z.object({ at: z.string(), message: z.string() });

/** One row of a push or of a file that did not land. */
export const rejectedRow = z.object({
  /** Place in the push from 0, or line of the file from 1. */
  row: z.number().int(),
  code: z.string().nullable(),
  faults: z.array(fault),
  remedy: z.string(),
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

const conflict = ['version_conflict'] as const;

export const agentsApi = {
  listAgents: {
    method: 'GET',
    path: '/agents',
    summary: 'Agents by code, filtered',
    allow: 'agents:read',
    query: agentFilter.extend(page),
    responses: { 200: z.object({ items: z.array(shape.agent), next: z.string().nullable() }) },
  },
  createAgent: {
    method: 'POST',
    path: '/agents',
    summary: 'Add an agent',
    allow: 'agents:write',
    body: newAgent,
    responses: { 201: shape.agent },
    errors: ['code_taken', 'reference_unknown', 'authorisations_overlap', 'range_reversed'],
  },
  exportAgents: {
    method: 'GET',
    path: '/agents/export',
    summary: 'Agents as CSV, filtered; the columns are those of the import',
    allow: 'agents:read',
    query: agentFilter,
    responses: { 200: 'text/csv' },
  },
  pushAgents: {
    method: 'POST',
    path: '/agents/batch',
    summary: 'Add or change many agents by code: good rows land, bad ones are listed',
    allow: 'agents:write',
    body: z.strictObject({ agents: z.array(z.unknown()).min(1).max(5000) }),
    bodyLimit: 8 * 1024 * 1024,
    responses: {
      200: z.object({
        created: z.number().int(),
        changed: z.number().int(),
        unchanged: z.number().int(),
        rejected: z.array(rejectedRow),
      }),
    },
  },
  importAgents: {
    method: 'POST',
    path: '/agents/import',
    summary: 'Add or change agents from a CSV file, read as it arrives',
    allow: 'agents:write',
    // The id makes it visible while it runs; the same file twice changes nothing, since rows go by code.
    query: z.strictObject({ id: z.uuid().optional(), file: shape.text(200).optional() }),
    streams: ['text/csv'],
    bodyLimit: 256 * 1024 * 1024,
    idempotency: false,
    responses: { 200: importProgress },
    errors: ['csv_unreadable', 'csv_columns', 'csv_expected', 'import_known'],
  },
  readImport: {
    method: 'GET',
    path: '/agents/imports/:id',
    summary: 'How far an import is',
    allow: 'agents:read',
    params: byId,
    responses: { 200: importProgress },
    errors: ['import_unknown'],
  },
  listRejectedRows: {
    method: 'GET',
    path: '/agents/imports/:id/rejected',
    summary: 'Lines of an import that did not land, and why',
    allow: 'agents:read',
    params: byId,
    query: z.strictObject(page),
    responses: { 200: z.object({ items: z.array(rejectedRow), next: z.string().nullable() }) },
    errors: ['import_unknown'],
  },
  putAgent: {
    method: 'PUT',
    path: '/agents/by-code/:code',
    summary: 'Add or change the agent of a code',
    allow: 'agents:write',
    params: byCode,
    body: pushedAgent.omit({ code: true }),
    responses: { 200: shape.agent, 201: shape.agent },
    errors: ['row_rejected'],
  },
  readAgent: {
    method: 'GET',
    path: '/agents/:id',
    summary: 'One agent',
    allow: 'agents:read',
    params: byId,
    responses: { 200: shape.agent },
    errors: ['agent_unknown'],
  },
  changeAgent: {
    method: 'PATCH',
    path: '/agents/:id',
    summary: 'Change details of an agent',
    allow: 'agents:write',
    params: byId,
    body: z.strictObject({
      /** The version that was read: refused when somebody changed the agent since. */
      version: z.number().int(),
      code: shape.code.optional(),
      firstName: shape.name.optional(),
      lastName: shape.name.optional(),
      email: shape.email.nullish(),
      contact: shape.contact.nullish(),
      hireDate: shape.day.nullish(),
    }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', 'code_taken', ...conflict],
  },
  eraseAgent: {
    method: 'DELETE',
    path: '/agents/:id',
    summary: 'Erase the personal data of an agent, everywhere and for good; the sales stay, without a name',
    allow: 'agents:write',
    params: byId,
    responses: { 200: shape.agent },
    errors: ['agent_unknown'],
  },
  deactivateAgent: {
    method: 'POST',
    path: '/agents/:id/deactivate',
    summary: 'Deactivate: from now on no sale of this agent is taken',
    allow: 'agents:write',
    params: byId,
    body: z.strictObject({ version, reason: shape.text(500).nullish() }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', ...conflict],
    idempotency: false, // Creates nothing; twice is once.
  },
  reactivateAgent: {
    method: 'POST',
    path: '/agents/:id/reactivate',
    summary: 'Take the agent in again',
    allow: 'agents:write',
    params: byId,
    body: z.strictObject({ version, reason: shape.text(500).nullish() }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', ...conflict],
    idempotency: false, // Creates nothing; twice is once.
  },
  listChanges: {
    method: 'GET',
    path: '/agents/:id/changes',
    summary: 'The history of an agent, the newest first',
    allow: 'agents:read',
    params: byId,
    query: z.strictObject(page),
    responses: { 200: z.object({ items: z.array(change), next: z.string().nullable() }) },
    errors: ['agent_unknown'],
  },
  authorise: {
    method: 'POST',
    path: '/agents/:id/authorisations',
    summary: 'Let the agent sell a product',
    allow: 'agents:write',
    params: byId,
    body: z.strictObject({ version, productId: z.uuid(), from: shape.day, to: shape.day.nullish() }),
    responses: { 201: shape.agent },
    errors: [
      'agent_unknown',
      'agent_erased',
      'reference_unknown',
      'authorisations_overlap',
      'range_reversed',
      ...conflict,
    ],
  },
  changeAuthorisation: {
    method: 'PATCH',
    path: '/agents/:id/authorisations/:authorisation',
    summary: 'Change from when to when the agent may sell the product',
    allow: 'agents:write',
    params: byId.extend({ authorisation: z.uuid() }),
    body: z.strictObject({ version, from: shape.day.optional(), to: shape.day.nullish() }),
    responses: { 200: shape.agent },
    errors: [
      'agent_unknown',
      'agent_erased',
      'authorisation_unknown',
      'authorisations_overlap',
      'range_reversed',
      ...conflict,
    ],
  },
  withdrawAuthorisation: {
    method: 'DELETE',
    path: '/agents/:id/authorisations/:authorisation',
    summary: 'Delete an authorisation, as if it had never been; to end one, change its last day',
    allow: 'agents:write',
    params: byId.extend({ authorisation: z.uuid() }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', 'authorisation_unknown'],
  },
  assign: {
    method: 'POST',
    path: '/agents/:id/assignments',
    summary: 'Move the agent to a branch and team from a day on; an assignment of the same day is replaced',
    allow: 'agents:write',
    params: byId,
    body: z.strictObject({
      version,
      from: shape.day,
      branchId: z.uuid(),
      teamId: z.uuid().nullish(),
    }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', 'reference_unknown', ...conflict],
    idempotency: false, // A day has one assignment: twice is once.
  },
  withdrawAssignment: {
    method: 'DELETE',
    path: '/agents/:id/assignments/:from',
    summary: 'Delete an assignment, as if it had never been; the last one stays',
    allow: 'agents:write',
    params: byId.extend({ from: shape.day }),
    responses: { 200: shape.agent },
    errors: ['agent_unknown', 'agent_erased', 'assignment_unknown', 'assignment_last'],
  },

  listBranches: {
    method: 'GET',
    path: '/branches',
    summary: 'All branches by region and name',
    allow: 'agents:read',
    responses: { 200: z.object({ items: z.array(shape.branch) }) },
  },
  createBranch: {
    method: 'POST',
    path: '/branches',
    summary: 'Open a branch',
    allow: 'agents:write',
    body: newBranch,
    responses: { 201: shape.branch },
    errors: ['code_taken'],
  },
  putBranch: {
    method: 'PUT',
    path: '/branches/by-code/:code',
    summary: 'Add or change the branch of a code',
    allow: 'agents:write',
    params: byCode,
    body: newBranch.omit({ code: true }).extend({ active }),
    responses: { 200: shape.branch, 201: shape.branch },
  },
  changeBranch: {
    method: 'PATCH',
    path: '/branches/:id',
    summary: 'Change, close or open a branch again',
    allow: 'agents:write',
    params: byId,
    body: newBranch.partial().extend({ version: z.number().int(), active }),
    responses: { 200: shape.branch },
    errors: ['branch_unknown', 'code_taken', ...conflict],
  },

  listTeams: {
    method: 'GET',
    path: '/teams',
    summary: 'All teams by name',
    allow: 'agents:read',
    responses: { 200: z.object({ items: z.array(shape.team) }) },
  },
  createTeam: {
    method: 'POST',
    path: '/teams',
    summary: 'Form a team',
    allow: 'agents:write',
    body: newTeam,
    responses: { 201: shape.team },
    errors: ['name_taken'],
  },
  putTeam: {
    method: 'PUT',
    path: '/teams/by-name/:name',
    summary: 'Add or change the team of a name',
    allow: 'agents:write',
    params: z.object({ name: shape.name }),
    body: z.strictObject({ active }),
    responses: { 200: shape.team, 201: shape.team },
  },
  changeTeam: {
    method: 'PATCH',
    path: '/teams/:id',
    summary: 'Rename, dissolve or form a team again',
    allow: 'agents:write',
    params: byId,
    body: newTeam.partial().extend({ version: z.number().int(), active }),
    responses: { 200: shape.team },
    errors: ['team_unknown', 'name_taken', ...conflict],
  },

  listProducts: {
    method: 'GET',
    path: '/products',
    summary: 'All products by type and name',
    allow: 'agents:read',
    responses: { 200: z.object({ items: z.array(shape.product) }) },
  },
  createProduct: {
    method: 'POST',
    path: '/products',
    summary: 'Add a product',
    allow: 'agents:write',
    body: newProduct,
    responses: { 201: shape.product },
    errors: ['code_taken', 'target_without_currency'],
  },
  putProduct: {
    method: 'PUT',
    path: '/products/by-code/:code',
    summary: 'Add or change the product of a code',
    allow: 'agents:write',
    params: byCode,
    body: newProduct.omit({ code: true }).extend({ active }),
    responses: { 200: shape.product, 201: shape.product },
    errors: ['target_without_currency'],
  },
  changeProduct: {
    method: 'PATCH',
    path: '/products/:id',
    summary: 'Change, withdraw or offer a product again',
    allow: 'agents:write',
    params: byId,
    body: newProduct.partial().extend({ version: z.number().int(), active }),
    responses: { 200: shape.product },
    errors: ['product_unknown', 'code_taken', 'target_without_currency', ...conflict],
  },
} as const satisfies Api;
