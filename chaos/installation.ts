/** A database with everything in it, and a folder for the lake: what hosts under fire share. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, newId } from '@moonbase/data';
import { type EmbeddedServer, startEmbeddedServer } from '@moonbase/data/embedded-server';
import { createTestDatabase, useTestMasterKey } from '@moonbase/data/testing';
import { newKey } from '@moonbase/identity';
import { installServices } from '@moonbase/service';
import { services } from './services.ts';

export interface Installation {
  databaseUrl: string;
  owner: Database;
  dataFolder: string;
  /** Headers of an API key with these permissions. */
  key(...permissions: string[]): Promise<{ authorization: string }>;
  stop(): Promise<void>;
}

/** On the test run's server, which nothing happens to: it does not wait for the disk. */
export async function install(): Promise<Installation> {
  const database = await createTestDatabase();
  await installServices(database.owner, services);
  const dataFolder = await mkdtemp(join(tmpdir(), 'moonbase-chaos-'));
  return {
    databaseUrl: database.url,
    owner: database.owner,
    dataFolder,
    key: keyMaker(database.owner),
    stop: async () => {
      await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

export interface OwnInstallation extends Installation {
  /** Stops the server as an operator would, or kills it, and starts it again on its port. */
  restart(how: 'stop' | 'kill -9', away: number): Promise<void>;
}

/** On a durable server of its own, which may be stopped and killed. */
export async function installWithServer(): Promise<OwnInstallation> {
  useTestMasterKey();
  const dataFolder = await mkdtemp(join(tmpdir(), 'moonbase-chaos-'));
  const folder = join(dataFolder, 'postgres');
  let server: EmbeddedServer = await startEmbeddedServer({ folder });
  const owner = new Database({ url: server.url(), role: 'owner', connections: 3 });
  await installServices(owner, services);
  return {
    databaseUrl: server.url(),
    owner,
    dataFolder,
    key: keyMaker(owner),
    restart: async (how, away) => {
      const { port, pid } = server;
      if (how === 'stop') await server.stop();
      else process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, away));
      server = await startEmbeddedServer({ folder, port });
    },
    stop: async () => {
      await owner.close();
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function keyMaker(owner: Database) {
  return async (...permissions: string[]) => {
    const { secret, prefix, digest } = newKey();
    await owner.query(
      `INSERT INTO people.keys (id, name, prefix, digest, scopes, created_by) VALUES ($1, 'chaos', $2, $3, $4, 'chaos')`,
      [newId(), prefix, digest, permissions],
    );
    return { authorization: `Bearer ${secret}` };
  };
}
