/** For tests of services: a whole host over real HTTP, on a database of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Database, newId } from '@moonbase/data';
import { createTestDatabase } from '@moonbase/data/testing';
import type { Api } from '@moonbase/http';
import { type Client, createClient } from '@moonbase/http/client';
import { newKey } from '@moonbase/identity';
import { installJobs } from '@moonbase/jobs';
import { createLogger } from '@moonbase/telemetry';
import type { Service } from './src/declaration.ts';
import { createHost, type Host } from './src/host.ts';
import { allMigrations } from './src/install-services.ts';

export { allMigrations };

export interface TestHost {
  url: string;
  host: Host;
  /** Of the lake and whatever else the host keeps in files. */
  dataFolder: string;
  db: Database;
  owner: Database;
  /** Headers of an API key with these permissions. */
  key(...permissions: string[]): Promise<{ authorization: string }>;
  /** A typed client acting with these permissions. */
  client<A extends Api>(api: A, ...permissions: string[]): Promise<Client<A>>;
  /** Resolves when every reaction and every due job is done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestHostOptions {
  clock?: Clock;
  consoleFolder?: string;
  behindProxy?: boolean;
  /** Takes every line of the log, at every level. */
  logged?: (line: string) => void;
  /** Before the host starts: settings, rows. */
  setup?: (owner: Database) => Promise<void>;
}

/** Starts a host with the services. `people` must be among them: rights are read from its tables. */
export async function startTestHost(
  services: readonly Service[],
  options: TestHostOptions = {},
): Promise<TestHost> {
  const database = await createTestDatabase(allMigrations(services));
  await installJobs(database.url);
  await options.setup?.(database.owner);
  const dataFolder = await mkdtemp(join(tmpdir(), 'moonbase-host-'));
  const host = createHost({
    services,
    databaseUrl: database.url,
    dataFolder,
    port: 0,
    clock: options.clock,
    consoleFolder: options.consoleFolder,
    behindProxy: options.behindProxy,
    log: options.logged
      ? createLogger({ service: 'test', level: 'trace', destination: { write: options.logged } })
      : createLogger({ service: 'test', level: process.env.MOON_TEST_LOG ?? 'fatal' }),
  });
  await host.start();
  const key = async (...permissions: string[]) => {
    const made = newKey();
    await database.owner.query(
      `INSERT INTO people.keys (id, name, prefix, digest, scopes, created_by) VALUES ($1, 'test', $2, $3, $4, 'test')`,
      [newId(), made.prefix, made.digest, permissions],
    );
    return { authorization: `Bearer ${made.secret}` };
  };
  return {
    url: host.url,
    host,
    dataFolder,
    db: database.db,
    owner: database.owner,
    key,
    client: async (api, ...permissions) =>
      createClient(api, { url: host.url, headers: await key(...permissions) }),
    settled: async () => {
      // A job may publish, a reaction may enqueue: both are at rest only when a second look agrees.
      for (let look = 0; look < 2; look += 1) {
        await host.events.drained();
        await host.jobs.idle();
      }
    },
    stop: async () => {
      await host.stop();
      await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
