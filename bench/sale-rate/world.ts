/** Agents and products that the load sells for: A000 to A059, P0 to P5, told to sales by events. */
import { agentsChanged, branchesChanged, productsChanged, teamsChanged } from '@moonbase/agents/events.ts';
import { type Database, newId } from '@moonbase/data';
import { publish } from '@moonbase/events';

export interface BenchWorld {
  branches: string[];
  teams: string[];
  products: string[];
  agents: string[];
}

/** @param db as a host; the host that reacts runs */
export async function fillWorld(db: Database): Promise<BenchWorld> {
  const some = (count: number) => Array.from({ length: count }, () => newId());
  const world: BenchWorld = { branches: some(8), teams: some(6), products: some(6), agents: some(60) };
  await db.transaction(async (tx) => {
    await publish(
      tx,
      branchesChanged,
      world.branches.map((branchId, i) => ({
        key: branchId,
        payload: {
          branchId,
          code: `B${i}`,
          name: `Branch ${i}`,
          region: `Region ${i % 3}`,
          zone: null,
          active: true,
        },
      })),
    );
    await publish(
      tx,
      teamsChanged,
      world.teams.map((teamId, i) => ({
        key: teamId,
        payload: { teamId, name: `Team ${i}`, active: true },
      })),
    );
    await publish(
      tx,
      productsChanged,
      world.products.map((productId, i) => ({
        key: productId,
        payload: {
          productId,
          code: `P${i}`,
          type: 'Life',
          name: `Product ${i}`,
          targetAmount: null,
          currency: null,
          active: true,
        },
      })),
    );
    await publish(
      tx,
      agentsChanged,
      world.agents.map((agentId, i) => {
        const place = { branchId: world.branches[i % 8]!, teamId: world.teams[i % 6]! };
        return {
          key: agentId,
          subjects: [agentId],
          payload: {
            agentId,
            code: `A${String(i).padStart(3, '0')}`,
            status: 'active' as const,
            ...place,
            hireDate: '2020-01-01',
            firstName: 'Agent',
            lastName: String(i),
            email: null,
            contact: null,
            authorisations: world.products.map((productId) => ({ productId, from: '2020-01-01', to: null })),
            assignments: [{ from: '2020-01-01', ...place }],
            change: 'created' as const,
          },
        };
      }),
    );
  });
  return world;
}
