/**
 * Details of an agent are changed by somebody who has read them: with the version they read, so that two
 * managers at the same time don't overwrite each other unseen.
 */
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { lockAgent } from './read-agents.ts';
import { saveAgents } from './save-agents.ts';
import { isTaken } from './unique-violation.ts';

export const changeAgent: Handler<typeof agentsApi.changeAgent> = async ({ params, body }, context) => {
  const { version, ...details } = body;
  const agent = await context.db
    .transaction(async (tx) => {
      const before = await lockAgent(tx, params.id, version);
      const given = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
      const after = { ...before, ...given };
      const [saved] = await saveAgents(tx, [{ before, after, kind: 'changed' }], context.clock.now());
      return saved!;
    })
    .catch((error: unknown) => {
      if (!isTaken(error)) throw error;
      throw agentsError('code_taken', { faults: [{ at: '/code', message: 'Is in use already.' }] });
    });
  return { status: 200, body: agent };
};
