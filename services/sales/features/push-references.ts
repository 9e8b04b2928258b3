/**
 * What an import brings along besides sales, pushed through the same routes as a core system's: branches,
 * teams, products and agents by their codes. Pushing the same again changes nothing.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { agentsApi } from '@moonbase/agents/api.ts';
import { createClient } from '@moonbase/http/client';
import type { CommandWorld } from '@moonbase/service';

export interface References {
  branches: { code: string; name: string; region: string; zone?: string | null }[];
  teams: string[];
  products: { code: string; type: string; name: string; targetAmount?: string; currency?: string }[];
  agents: {
    code: string;
    firstName: string;
    lastName: string;
    email?: string | null;
    contact?: string | null;
    hireDate?: string | null;
    branch: string;
    team?: string | null;
    authorisations: { product: string; from: string }[];
  }[];
}

/** Agents in one call. */
const AGENTS = 1_000;

/** @returns ids of the products by code, and agents that were not taken with the reason */
export async function pushReferences(
  { branches, teams, products, agents }: References,
  world: CommandWorld,
): Promise<{ products: Map<string, string>; refused: string[] }> {
  const headers = {
    authorization: `Bearer ${await world.key('agents:read', 'agents:write', 'reference:write')}`,
  };
  const client = createClient(agentsApi, { url: world.url, headers });
  for (const { code, ...body } of branches) await client.putBranch({ params: { code }, body });
  for (const name of teams) await client.putTeam({ params: { name }, body: {} });
  const ids = new Map<string, string>();
  for (const { code, ...body } of products)
    ids.set(code, (await client.putProduct({ params: { code }, body })).id);
  const refused: string[] = [];
  for (let at = 0; at < agents.length; at += AGENTS) {
    const part = agents.slice(at, at + AGENTS);
    const answer = await client.pushAgents({ body: { agents: part } });
    for (const { row, code, faults } of answer.rejected)
      refused.push(
        `${code ?? `row ${at + row}`}: ${faults.map((each) => `${each.at} ${each.message}`).join('; ')}`,
      );
    world.progress(`Agents ${Math.min(at + AGENTS, agents.length)} of ${agents.length}`);
  }
  await untilCopied(world);
  return { products: ids, refused };
}

/** Waits until sales knows what was pushed; sales that came before would wait and be tried again. */
async function untilCopied(world: CommandWorld): Promise<void> {
  const headers = { authorization: `Bearer ${await world.key('system:read')}` };
  for (let look = 0; look < 300 && !world.signal.aborted; look += 1) {
    const answer = await fetch(new URL('/api/system/status', world.url), { headers, signal: world.signal });
    const { consumers } = (await answer.json()) as { consumers: { name: string; lag: number }[] };
    if (consumers.find((consumer) => consumer.name === 'sales.copy-agents')?.lag === 0) return;
    await wait(100);
  }
}
