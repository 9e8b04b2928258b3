/**
 * Where an agent belongs: assignments to a branch and team, each from a day on until the next. They keep
 * their history, so that a sale counts for the branch and team of its own day.
 */
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { Agent } from '../schema.ts';
import { todayOf } from './business-day.ts';
import { checkReferences } from './check-references.ts';
import { lockAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';

type Assignment = Agent['assignments'][number];

/** The assignment in force on a day; before the first one, the first. */
export function assignmentOn(assignments: readonly Assignment[], day: string): Assignment {
  return assignments.findLast((each) => each.from <= day) ?? assignments[0]!;
}

/** The assignments with another one, which replaces one of the same day. */
export function withAssignment(assignments: readonly Assignment[], added: Assignment): Assignment[] {
  return [...assignments.filter((each) => each.from !== added.from), added].sort((a, b) =>
    a.from < b.from ? -1 : 1,
  );
}

/** The agent with these assignments, belonging to where they say for today. */
export function placed(agent: Agent, assignments: Assignment[], today: string): Agent {
  const { branchId, teamId } = assignmentOn(assignments, today);
  return { ...agent, assignments, branchId, teamId };
}

export const assign: Handler<typeof agentsApi.assign> = async ({ params, body }, context) => {
  const { from, branchId, teamId = null, version } = body;
  const today = await todayOf(context);
  const agent = await context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, params.id, version);
    await checkReferences(tx, { branchId, teamId });
    const after = placed(before, withAssignment(before.assignments, { from, branchId, teamId }), today);
    const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
    return saved!;
  });
  return { status: 200, body: agent };
};

export const withdrawAssignment: Handler<typeof agentsApi.withdrawAssignment> = async (
  { params },
  context,
) => {
  const today = await todayOf(context);
  const agent = await context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, params.id, undefined);
    const rest = before.assignments.filter((each) => each.from !== params.from);
    if (rest.length === before.assignments.length) throw agentsError('assignment_unknown');
    if (rest.length === 0) throw agentsError('assignment_last');
    const after = placed(before, rest, today);
    const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
    return saved!;
  });
  return { status: 200, body: agent };
};
