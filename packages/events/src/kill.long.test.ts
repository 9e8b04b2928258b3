/** Hosts that are killed without warning, at any moment. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestDatabase } from '@moonbase/data/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  count,
  countAll,
  counted,
  createCountingDatabase,
  createLog,
  effects,
  leaveEffects,
} from '../fixtures/counting.ts';

let database: TestDatabase;
let hosts: ChildProcess[];
beforeEach(async () => {
  database = await createCountingDatabase();
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) host.kill('SIGKILL');
  await database.drop();
});

async function startHost(): Promise<ChildProcess> {
  const host = fork(new URL('../fixtures/run-host.ts', import.meta.url), [database.url], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  hosts.push(host);
  await once(host, 'message');
  return host;
}

test('hosts killed with -9 again and again lose no event and no effect, and double none', async () => {
  const alive = [await startHost(), await startHost()];
  const keys = ['a', 'b', 'c', 'd', 'e'];
  let writing = true;
  const written = new Map<string, number>();
  const write = async (key: string) => {
    let n = 0;
    while (writing) {
      await count(database.db, key, n++);
      await countAll(
        database.db,
        Array.from({ length: 10 }, () => ({ key, n: n++ })),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    written.set(key, n);
  };
  const writers = keys.map(write);
  for (let kill = 0; kill < 8; kill += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100 + 67 * (kill % 4)));
    alive[kill % 2]!.kill('SIGKILL');
    alive[kill % 2] = await startHost();
  }
  writing = false;
  await Promise.all(writers);
  const log = createLog(database.db);
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
  await log.start();
  await log.drained();
  const done = await effects(database.db);
  for (const key of keys) expect(done[key]).toEqual(Array.from({ length: written.get(key)! }, (_, n) => n));
  const total = [...written.values()].reduce((sum, n) => sum + n, 0);
  expect(log.head).toBe(total);
  expect(await log.parked()).toEqual([]);
  await log.stop();
}, 120_000);
