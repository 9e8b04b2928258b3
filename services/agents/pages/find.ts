/** Agents for the command palette. */
import { createClient } from '@moonbase/http/client';
import type { Find } from '@moonbase/ui/pages.ts';
import { agentsApi } from '../api.ts';
import { nameOf } from './reference.ts';

const find: Find = async (text, signal) => {
  const client = createClient(agentsApi);
  const { items } = await client.listAgents({ query: { search: text, limit: 6 } }, { signal });
  return items.map((agent) => ({ title: nameOf(agent), detail: agent.code, to: `/agents/${agent.id}` }));
};

export default find;
