/** An agent is added by somebody: one, with references by id. */
import { newId } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { Agent } from '../schema.ts';
import { checkAuthorisations, inOrder } from './authorise-agent.ts';
import { todayOf } from './business-day.ts';
import { checkReferences } from './check-references.ts';
import { saveAgents } from './save-agents.ts';

export const createAgent: Handler<typeof agentsApi.createAgent> = async ({ body }, context) => {
  const { branchId, teamId = null, assignedFrom, authorisations, ...details } = body;
  const today = await todayOf(context);
  const now = context.clock.now();
  const wanted = authorisations.map(({ productId, from, to = null }) => ({
    id: newId(),
    productId,
    from,
    to,
  }));
  checkAuthorisations(wanted);
  const after: Agent = {
    id: newId(),
    status: 'active',
    code: details.code,
    firstName: details.firstName,
    lastName: details.lastName,
    email: details.email ?? null,
    contact: details.contact ?? null,
    hireDate: details.hireDate ?? null,
    branchId,
    teamId,
    authorisations: inOrder(wanted),
    assignments: [{ from: assignedFrom ?? details.hireDate ?? today, branchId, teamId }],
    version: 0,
    erased: false,
    createdAt: now.toISOString(),
    changedAt: now.toISOString(),
  };
  const agent = await context.db.transaction(async (tx) => {
    const productIds = wanted.map((each) => each.productId);
    await checkReferences(tx, { branchId, teamId, productIds });
    const [saved] = await saveAgents(tx, [{ before: null, after, kind: 'created' }], now);
    if (!saved) throw agentsError('code_taken', { faults: [{ at: '/code', message: 'Is in use already.' }] });
    return saved;
  });
  return { status: 201, body: agent };
};
