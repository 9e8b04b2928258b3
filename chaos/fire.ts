/** What the tests under fire share: the world, the load, and the reckoning at the end. */
import { expect } from 'vitest';
import { aggregate, findings, settle, startAuditor } from './auditor.ts';
import { Hosts } from './hosts.ts';
import type { Installation } from './installation.ts';
import type { Load } from './load.ts';
import { until } from './wait.ts';
import { enterLateAgent, enterWorld, type World } from './world.ts';

export interface Fire<I extends Installation = Installation> {
  installation: I;
  hosts: Hosts;
  world: World;
}

/** Starts hosts and enters who sells what. */
export async function light<I extends Installation>(
  installation: I,
  manners: readonly ('plain' | 'twice')[] = ['plain'],
): Promise<Fire<I>> {
  const hosts = new Hosts(installation);
  for (const manner of manners) await hosts.add(manner);
  const world = await enterWorld(installation, hosts.urls[0]!);
  await known(installation);
  return { installation, hosts, world };
}

/** Resolves when every service knows of everything. */
async function known({ owner }: Installation): Promise<void> {
  await until('the world is known', async () => {
    const answer = await owner.query(
      `SELECT FROM events.head h WHERE EXISTS (SELECT FROM sales.known_agents WHERE code = 'WAVER')
          AND NOT EXISTS (SELECT FROM events.inbox) AND NOT EXISTS (SELECT FROM events.lanes l WHERE l.position < h.position)`,
    );
    return answer.rowCount === 1;
  });
}

/** Kills every host, has another one finish, and expects that nothing is lost, doubled or surprising. */
export async function reckon({ installation, hosts, world }: Fire, load: Load): Promise<void> {
  await hosts.killAll();
  const auditor = await startAuditor(installation);
  try {
    await enterLateAgent(world, auditor.url);
    await settle(auditor);
    await aggregate(auditor);
    expect(await findings(installation, auditor, load.sales.values())).toEqual([]);
  } finally {
    await auditor.stop();
  }
  expect(load.surprises).toEqual([]);
  expect(hosts.died).toEqual([]);
}

/** Puts everything out and away, whatever happened. */
export async function putOut(fire: Fire | undefined): Promise<void> {
  await fire?.hosts.killAll();
  await fire?.installation.stop();
}
