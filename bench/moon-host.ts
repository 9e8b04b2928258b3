/** Moon's services in one host process on an installation of its own, with agents and products to sell for. */
import { agents } from '@moonbase/agents/service.ts';
import { Database } from '@moonbase/data';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';
import { type Installation, makeKey, type Process, startInstallation, startProcess } from './installation.ts';
import { fillWorld } from './sale-rate/world.ts';

export interface MoonHost {
  installation: Installation;
  host: Process;
  /** As a host connects. */
  db: Database;
  /** Of an API key with the scopes asked for. */
  headers: { authorization: string };
  stop(): Promise<void>;
}

/** @param prepare runs as the owner, before the host starts */
export async function startMoonHost(
  scopes: string[],
  prepare?: (owner: Database) => Promise<void>,
): Promise<MoonHost> {
  const installation = await startInstallation([people, agents, sales, notifications, insights]);
  const key = await makeKey(installation.owner, scopes);
  await prepare?.(installation.owner);
  const host = await startProcess('sale-rate/host.ts', [installation.databaseUrl, installation.folder]);
  const db = new Database({ url: installation.databaseUrl });
  await fillWorld(db);
  const settled = async () => {
    const answer = await db.query<{ agents: number }>('SELECT count(*) AS agents FROM sales.known_agents');
    return answer.rows[0]!.agents >= 60;
  };
  while (!(await settled())) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    installation,
    host,
    db,
    headers: { authorization: `Bearer ${key}` },
    stop: async () => {
      await host.stop();
      await db.close();
      await installation.stop();
    },
  };
}
