/** An agent was deactivated: those who lead are told. */
import type { agentsChanged } from '@moonbase/agents/events.ts';
import type { Event, Transaction } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { findRecipients } from './find-recipients.ts';
import { nameOf } from './keep-copies.ts';
import { notify } from './notify.ts';

export async function tellDeactivation(
  events: Event<typeof agentsChanged>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const left = events.filter((event) => event.payload.change === 'deactivated');
  if (left.length === 0) return;
  const told = await Promise.all(
    left.map(({ payload }) => findRecipients(tx, { leadersOf: { agents: [payload.agentId] } })),
  );
  await notify(
    tx,
    context,
    left.map(({ id, payload }, index) => ({
      cause: id,
      kind: 'agent-deactivated',
      recipients: told[index]!,
      values: { agent: nameOf(payload) ?? 'An agent', code: payload.code },
      link: `/agents/${payload.agentId}`,
      about: [payload.agentId],
      at: context.clock.now(),
    })),
  );
}
