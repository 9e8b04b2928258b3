/** An agent leaves, or comes back: sales of inactive agents are rejected, their history stays. */
import type { Handler, ServiceContext } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import type { Agent } from '../schema.ts';
import { lockAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';

interface Wish {
  id: string;
  status: Agent['status'];
  version: number | undefined;
  reason: string | null;
}

/** Does nothing when the agent has that status already. */
export function changeStatus(context: ServiceContext, wish: Wish): Promise<Agent> {
  return context.db.transaction(async (tx) => {
    const before = await lockAgent(tx, wish.id, wish.version);
    const after = { ...before, status: wish.status };
    const kind = wish.status === 'active' ? 'reactivated' : 'deactivated';
    const [saved] = await saveAgents(tx, [{ before, after, kind, reason: wish.reason }], context.clock.now());
    return saved!;
  });
}

export const deactivateAgent: Handler<typeof agentsApi.deactivateAgent> = async (
  { params, body },
  context,
) => {
  const { version, reason = null } = body;
  return {
    status: 200,
    body: await changeStatus(context, { id: params.id, status: 'inactive', version, reason }),
  };
};

export const reactivateAgent: Handler<typeof agentsApi.reactivateAgent> = async (
  { params, body },
  context,
) => {
  const { version, reason = null } = body;
  return {
    status: 200,
    body: await changeStatus(context, { id: params.id, status: 'active', version, reason }),
  };
};
