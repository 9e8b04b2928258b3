/** A server of its own, which is stopped and started under load. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrate } from '@moonbase/data';
import { type EmbeddedServer, startEmbeddedServer } from '@moonbase/data/embedded-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count, counted, createLog, effects, leaveEffects, until } from '../fixtures/counting.ts';
import { eventMigrations } from './events.ts';

let folder: string;
let server: EmbeddedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-restart-'));
  server = await startEmbeddedServer({ folder });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a server stopped and started under load costs no event and no effect, and doubles none', async () => {
  const owner = new Database({ url: server.url(), role: 'owner', connections: 1 });
  await migrate(owner, [eventMigrations]);
  await owner.query(`
    CREATE TABLE public.effects (id bigint GENERATED ALWAYS AS IDENTITY, consumer text, key text, n int);
    GRANT ALL ON public.effects TO moonbase_host`);
  await owner.close();
  const db = new Database({ url: server.url(), connections: 6 });
  const hosts = [createLog(db, { poll: 250 }), createLog(db, { poll: 250 })];
  for (const host of hosts) {
    host.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
    await host.start();
  }
  const committed = new Map<string, number[]>();
  let writing = true;
  const writer = async (key: string) => {
    const done: number[] = [];
    committed.set(key, done);
    for (let n = 0; writing; n += 1) {
      try {
        await count(db, key, n);
        done.push(n);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const writers = ['a', 'b', 'c', 'd'].map(writer);
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const { port } = server;
    await server.stop();
    await expect(hosts[0]!.check()).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 300));
    server = await startEmbeddedServer({ folder, port });
    await until(() => hosts.some((host) => host.sequencing), 5_000);
  }
  writing = false;
  await Promise.all(writers);
  for (const host of hosts) await host.drained();
  const done = await effects(db);
  for (const [key, numbers] of committed) {
    expect(numbers.length).toBeGreaterThan(20);
    const all = done[key]!;
    // In order, each once; what was acknowledged is there. (An answer to a commit may have been lost.)
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    expect(numbers.filter((n) => !all.includes(n))).toEqual([]);
  }
  const events = await hosts[0]!.read({ after: 0, limit: 1_000_000 });
  expect(events.map((event) => event.position)).toEqual(events.map((_, i) => i + 1));
  expect(events).toHaveLength(Object.values(done).flat().length);
  expect(await hosts[0]!.parked()).toEqual([]);
  // A host stops also while there is no server.
  await server.stop();
  const started = performance.now();
  await Promise.all(hosts.map((host) => host.stop()));
  expect(performance.now() - started).toBeLessThan(15_000);
  await db.close();
  server = await startEmbeddedServer({ folder });
}, 120_000);
