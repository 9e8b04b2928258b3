/** For tests of imports: a host with everything that an import fills, and the world of a command. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { agents } from '@moonbase/agents/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import type { CommandWorld } from '@moonbase/service';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { sales } from '../service.ts';

export interface ImportWorld {
  host: TestHost;
  world: CommandWorld;
  /** What the command printed. */
  printed: string[];
}

export async function startImportWorld(): Promise<ImportWorld> {
  const services = [people, agents, sales, notifications];
  const host = await startTestHost(services);
  const printed: string[] = [];
  const world: CommandWorld = {
    url: host.url,
    key: async (...scopes) => (await host.key(...scopes)).authorization.replace('Bearer ', ''),
    database: async () => host.db,
    print: (line) => void printed.push(line),
    progress: () => {},
    services,
    signal: new AbortController().signal,
  };
  return { host, world, printed };
}

/** Path of a file of the shared test data. @throws with the file's name when it is not there */
export function sharedData(name: string): string {
  const file = fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`This test needs ../shared/data/${name} beside the repository.`);
  return file;
}
