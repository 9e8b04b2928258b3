/**
 * Core systems push agents, by code: an unknown code is a new agent, a known one is brought up to date,
 * and the same content again changes nothing. Rows are judged one by one; good ones land together.
 */
import { newId, type Transaction } from '@moonbase/data';
import type { Fault } from '@moonbase/http/errors';
import type { Handler } from '@moonbase/service';
import type { z } from 'zod';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { type Agent, pushedAgent, type rejectedRow } from '../schema.ts';
import { assignmentOn, placed, withAssignment } from './assign-agent.ts';
import { findAuthorisationFaults, inOrder } from './authorise-agent.ts';
import { todayOf } from './business-day.ts';
import { lockAgents } from './read-agents.ts';
import { differences, saveAgents } from './save-agents.ts';

export type PushedAgent = z.output<typeof pushedAgent>;
export type RejectedRow = z.infer<typeof rejectedRow>;

export interface PushResult {
  created: number;
  changed: number;
  unchanged: number;
  rejected: RejectedRow[];
}

/** A row that came in, with its place: from 0 in a push, the line in a file. */
export interface PushedRow {
  row: number;
  value: unknown;
}

/** Codes and names that rows refer to, with what they stand for. */
interface Known {
  branches: Map<string, string>;
  teams: Map<string, string>;
  products: Map<string, string>;
}

/**
 * Takes the rows in, in their order.
 *
 * @param today the day on which an agent moves whose row names no other
 */
export async function landAgents(
  tx: Transaction,
  rows: readonly PushedRow[],
  today: string,
  now: Date,
): Promise<PushResult> {
  const result: PushResult = { created: 0, changed: 0, unchanged: 0, rejected: [] };
  const shaped = rows.flatMap(({ row, value }) => {
    const parsed = pushedAgent.safeParse(value);
    if (parsed.success) return [{ row, push: parsed.data }];
    result.rejected.push(reject(row, codeOf(value), parsed.error.issues.flatMap(faultsOf)));
    return [];
  });
  // Pushes wait for one another: two that bring the same new codes in different order would else deadlock.
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('agents.push'))`);
  const codes = shaped.map(({ push }) => push.code);
  const states = await lockByCode(tx, codes);
  const known = await readKnown(
    tx,
    shaped.map(({ push }) => push),
  );
  const before = new Map(states);
  for (const { row, push } of shaped) {
    const old = states.get(push.code);
    const faults = old?.erased
      ? [{ at: '/code', message: 'The personal data of this agent was erased; use another code.' }]
      : referenceFaults(push, known);
    if (faults.length > 0) {
      result.rejected.push(reject(row, push.code, faults));
      continue;
    }
    const state = merge(old, push, known, today, now);
    if (!old) result.created += 1;
    else if (Object.keys(differences(old, state)).length > 0) result.changed += 1;
    else result.unchanged += 1;
    states.set(push.code, state);
  }
  const changes = [...states.values()].map((after) => {
    const old = before.get(after.code) ?? null;
    return { before: old, after, kind: kindOf(old, after) };
  });
  const saved = await saveAgents(tx, changes, now);
  // Somebody added one of the codes by hand in this very moment: the row can simply be sent again.
  if (saved.length < changes.length)
    throw agentsError('code_taken', { detail: 'Somebody added it just now.' });
  result.rejected.sort((a, b) => a.row - b.row);
  return result;
}

function kindOf(before: Agent | null, after: Agent) {
  if (!before) return 'created' as const;
  if (before.status === after.status) return 'changed' as const;
  return after.status === 'active' ? ('reactivated' as const) : ('deactivated' as const);
}

/** The state after the push. Fields that it does not name stay; null empties them. */
function merge(old: Agent | undefined, push: PushedAgent, known: Known, today: string, now: Date): Agent {
  const branchId = known.branches.get(push.branch)!;
  const keep = <T>(value: T | undefined, otherwise: T) => (value === undefined ? otherwise : value);
  const base: Agent = old ?? {
    id: newId(),
    code: push.code,
    status: 'active',
    firstName: null,
    lastName: null,
    email: null,
    contact: null,
    hireDate: null,
    branchId,
    teamId: null,
    authorisations: [],
    assignments: [],
    version: 0,
    erased: false,
    createdAt: now.toISOString(),
    changedAt: now.toISOString(),
  };
  const details: Agent = {
    ...base,
    status: push.status ?? base.status,
    firstName: push.firstName,
    lastName: push.lastName,
    email: keep(push.email, base.email),
    contact: keep(push.contact, base.contact),
    hireDate: keep(push.hireDate, base.hireDate),
    authorisations: push.authorisations
      ? mergeAuthorisations(base.authorisations, push.authorisations, known)
      : base.authorisations,
  };
  const team = push.team == null ? push.team : known.teams.get(push.team)!;
  const from = push.assignedFrom ?? (old ? today : (details.hireDate ?? today));
  if (!old) return placed(details, [{ from, branchId, teamId: team ?? null }], today);
  const inForce = assignmentOn(old.assignments, from);
  const teamId = keep(team, inForce.teamId);
  if (inForce.branchId === branchId && inForce.teamId === teamId)
    return placed(details, old.assignments, today);
  return placed(details, withAssignment(old.assignments, { from, branchId, teamId }), today);
}

/** The wanted authorisations; those that were there keep their ids. */
function mergeAuthorisations(
  old: Agent['authorisations'],
  wanted: NonNullable<PushedAgent['authorisations']>,
  known: Known,
): Agent['authorisations'] {
  return inOrder(
    wanted.map(({ product, from, to = null }) => {
      const productId = known.products.get(product)!;
      const same = old.find((each) => each.productId === productId && each.from === from);
      return { id: same?.id ?? newId(), productId, from, to };
    }),
  );
}

async function lockByCode(tx: Transaction, codes: readonly string[]): Promise<Map<string, Agent>> {
  const ids = await tx.query<{ id: string }>('SELECT id FROM agents.agents WHERE code = ANY($1)', [codes]);
  const agents = await lockAgents(
    tx,
    ids.rows.map((row) => row.id),
  );
  return new Map([...agents.values()].map((agent) => [agent.code, agent]));
}

async function readKnown(tx: Transaction, pushes: readonly PushedAgent[]): Promise<Known> {
  const read = async (statement: string, keys: (string | null | undefined)[]) => {
    const wanted = [...new Set(keys.filter((key) => key != null))];
    const answer = await tx.query<{ key: string; id: string }>(statement, [wanted]);
    return new Map(answer.rows.map((row) => [row.key, row.id]));
  };
  const branches = await read(
    'SELECT code AS key, id FROM agents.branches WHERE code = ANY($1)',
    pushes.map((push) => push.branch),
  );
  const teams = await read(
    'SELECT name AS key, id FROM agents.teams WHERE name = ANY($1)',
    pushes.map((push) => push.team),
  );
  const products = await read(
    'SELECT code AS key, id FROM agents.products WHERE code = ANY($1)',
    pushes.flatMap((push) => push.authorisations?.map((each) => each.product) ?? []),
  );
  return { branches, teams, products };
}

function referenceFaults(push: PushedAgent, known: Known): Fault[] {
  const faults: Fault[] = [];
  if (!known.branches.has(push.branch))
    faults.push({ at: '/branch', message: `There is no branch with the code "${push.branch}".` });
  if (push.team != null && !known.teams.has(push.team))
    faults.push({ at: '/team', message: `There is no team named "${push.team}".` });
  const authorisations = push.authorisations ?? [];
  for (const [index, { product }] of authorisations.entries())
    if (!known.products.has(product))
      faults.push({
        at: `/authorisations/${index}/product`,
        message: `There is no product with the code "${product}".`,
      });
  if (faults.length > 0) return faults;
  return findAuthorisationFaults(
    authorisations.map(({ product, from, to = null }) => ({ productId: product, from, to })),
  ).map(({ at, message }) => ({ at, message }));
}

function reject(row: number, code: string | null, faults: Fault[]): RejectedRow {
  return { row, code, faults, remedy: 'Correct what faults names and send this row again.' };
}

function codeOf(value: unknown): string | null {
  const code = (value as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code.slice(0, 50) : null;
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      at: `/${[...path, key].join('/')}`,
      message: 'Is not a known field.',
    }));
  return [{ at: `/${path.join('/')}`, message: issue.message }];
}

export const pushAgents: Handler<typeof agentsApi.pushAgents> = async ({ body }, context) => {
  const today = await todayOf(context);
  const rows = body.agents.map((value, row) => ({ row, value }));
  const result = await context.db.transaction((tx) => landAgents(tx, rows, today, context.clock.now()));
  return { status: 200, body: result };
};

export const putAgent: Handler<typeof agentsApi.putAgent> = async ({ params, body }, context) => {
  const today = await todayOf(context);
  const value = { ...body, code: params.code };
  return context.db.transaction(async (tx) => {
    const result = await landAgents(tx, [{ row: 0, value }], today, context.clock.now());
    const [rejected] = result.rejected;
    if (rejected) throw agentsError('row_rejected', { faults: rejected.faults });
    const agent = (await lockByCode(tx, [params.code])).get(params.code)!;
    return { status: result.created ? 201 : 200, body: agent };
  });
};
