/**
 * The one way in which agents change: rows, history and event together, for one agent or thousands.
 *
 * Whoever calls it holds the lock on the rows of agents that exist (see read-agents.ts), so that history
 * and events come in the order of the changes.
 */
import { isDeepStrictEqual } from 'node:util';
import { newId, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { context } from '@moonbase/telemetry';
import { agentsChanged } from '../events.ts';
import type { Agent } from '../schema.ts';
import { wordsOf } from './search-words.ts';

export interface AgentChange {
  /** Null for a new one. */
  before: Agent | null;
  after: Agent;
  kind: 'created' | 'changed' | 'deactivated' | 'reactivated';
  reason?: string | null;
}

/** Fields whose change is history. */
const fields = [
  'code',
  'status',
  'firstName',
  'lastName',
  'email',
  'contact',
  'hireDate',
  'branchId',
  'teamId',
  'authorisations',
  'assignments',
] as const;

/** What differs between two states: `{lastName: {before, after}}`. */
export function differences(
  before: Agent | null,
  after: Agent,
): Record<string, { before: unknown; after: unknown }> {
  const changed = fields.filter((field) => !isDeepStrictEqual(before?.[field] ?? null, after[field]));
  return Object.fromEntries(
    changed
      .filter((field) => before !== null || isSomething(after[field]))
      .map((field) => [field, { before: before?.[field] ?? null, after: after[field] }]),
  );
}

function isSomething(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

/**
 * Saves new states. States equal to the old one are left alone: no version, no history, no event.
 *
 * @param now when it is done
 * @returns the agents as they are then; a new one whose code was taken meanwhile is missing
 * @throws the server's unique violation when an existing agent is given a code that is taken
 */
export async function saveAgents(
  tx: Transaction,
  changes: readonly AgentChange[],
  now: Date,
): Promise<Agent[]> {
  const drafts = changes
    .map((change) => ({ ...change, fields: differences(change.before, change.after) }))
    .filter((draft) => Object.keys(draft.fields).length > 0)
    .map((draft) => ({
      ...draft,
      after: { ...draft.after, version: (draft.before?.version ?? 0) + 1, changedAt: now.toISOString() },
    }));
  const taken = await insertNew(
    tx,
    drafts.filter((draft) => !draft.before).map((draft) => draft.after),
  );
  await updateOld(
    tx,
    drafts.filter((draft) => draft.before).map((draft) => draft.after),
  );
  const saved = drafts.filter((draft) => !taken.has(draft.after.id));
  await replaceParts(tx, saved);
  await tx.query(
    `INSERT INTO agents.changes (id, agent_id, at, actor, kind, reason, fields)
     SELECT id, agent_id, $2, $3, kind, reason, fields
     FROM jsonb_to_recordset($1) AS c (id uuid, agent_id uuid, kind text, reason text, fields jsonb)`,
    [
      JSON.stringify(
        saved.map(({ after, kind, reason, fields }) => ({
          id: newId(),
          agent_id: after.id,
          kind,
          reason,
          fields,
        })),
      ),
      now,
      context().actor,
    ],
  );
  await publish(
    tx,
    agentsChanged,
    saved.map(({ after, kind }) => ({
      key: after.id,
      subjects: [after.id],
      occurredAt: now,
      payload: payloadOf(after, kind),
    })),
  );
  const changed = new Map(saved.map(({ after }) => [after.id, after]));
  return changes
    .filter((change) => !taken.has(change.after.id))
    .map((change) => changed.get(change.after.id) ?? change.after);
}

function payloadOf(agent: Agent, change: AgentChange['kind']) {
  const { code, status, branchId, teamId, hireDate, firstName, lastName, email, contact, assignments } =
    agent;
  return {
    agentId: agent.id,
    ...{ code, status, branchId, teamId, hireDate, firstName, lastName, email, contact, assignments, change },
    authorisations: agent.authorisations.map(({ productId, from, to }) => ({ productId, from, to })),
  };
}

const record = `(id uuid, code text, status text, "firstName" text, "lastName" text, email text, contact text,
  "hireDate" date, "branchId" uuid, "teamId" uuid, version integer, "createdAt" timestamptz, "changedAt" timestamptz)`;

/** @returns ids of those whose code was taken */
async function insertNew(tx: Transaction, agents: Agent[]): Promise<Set<string>> {
  if (agents.length === 0) return new Set();
  const answer = await tx.query<{ id: string }>(
    `INSERT INTO agents.agents (id, code, status, first_name, last_name, email, contact, hire_date,
       branch_id, team_id, version, created_at, changed_at)
     SELECT id, code, status, "firstName", "lastName", email, contact, "hireDate",
       "branchId", "teamId", version, "createdAt", "changedAt"
     FROM jsonb_to_recordset($1) AS a ${record} ORDER BY code
     ON CONFLICT (code) DO NOTHING RETURNING id`,
    [JSON.stringify(agents)],
  );
  const landed = new Set(answer.rows.map((row) => row.id));
  return new Set(agents.map((agent) => agent.id).filter((id) => !landed.has(id)));
}

async function updateOld(tx: Transaction, agents: Agent[]): Promise<void> {
  if (agents.length === 0) return;
  await tx.query(
    `UPDATE agents.agents o SET code = a.code, status = a.status, first_name = a."firstName",
       last_name = a."lastName", email = a.email, contact = a.contact, hire_date = a."hireDate",
       branch_id = a."branchId", team_id = a."teamId", version = a.version, changed_at = a."changedAt"
     FROM jsonb_to_recordset($1) AS a ${record} WHERE o.id = a.id`,
    [JSON.stringify(agents)],
  );
}

/** Writes authorisations, assignments and search words of those agents in which they changed. */
async function replaceParts(
  tx: Transaction,
  drafts: { after: Agent; fields: Record<string, unknown> }[],
): Promise<void> {
  const having = (...names: (typeof fields)[number][]) =>
    drafts.filter((draft) => names.some((name) => name in draft.fields)).map((draft) => draft.after);
  const authorised = having('authorisations');
  if (authorised.length > 0) {
    await tx.query('DELETE FROM agents.authorisations WHERE agent_id = ANY($1)', [
      authorised.map((a) => a.id),
    ]);
    await tx.query(
      `INSERT INTO agents.authorisations (id, agent_id, product_id, from_day, to_day)
       SELECT id, agent, "productId", "from", "to"
       FROM jsonb_to_recordset($1) AS u (id uuid, agent uuid, "productId" uuid, "from" date, "to" date)`,
      [JSON.stringify(authorised.flatMap((a) => a.authorisations.map((u) => ({ ...u, agent: a.id }))))],
    );
  }
  const assigned = having('assignments');
  if (assigned.length > 0) {
    await tx.query('DELETE FROM agents.assignments WHERE agent_id = ANY($1)', [assigned.map((a) => a.id)]);
    await tx.query(
      `INSERT INTO agents.assignments (agent_id, from_day, branch_id, team_id)
       SELECT agent, "from", "branchId", "teamId"
       FROM jsonb_to_recordset($1) AS s (agent uuid, "from" date, "branchId" uuid, "teamId" uuid)`,
      [JSON.stringify(assigned.flatMap((a) => a.assignments.map((s) => ({ ...s, agent: a.id }))))],
    );
  }
  const named = having('code', 'firstName', 'lastName', 'email');
  if (named.length > 0) {
    await tx.query('DELETE FROM agents.agent_words WHERE agent_id = ANY($1)', [named.map((a) => a.id)]);
    await tx.query(
      `INSERT INTO agents.agent_words (agent_id, word)
       SELECT agent, word FROM jsonb_to_recordset($1) AS w (agent uuid, word text)`,
      [JSON.stringify(named.flatMap((a) => wordsOf(a).map((word) => ({ agent: a.id, word }))))],
    );
  }
}
