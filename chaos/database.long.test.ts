/** PostgreSQL stopped and started, and killed, under load. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fire, light, putOut, reckon } from './fire.ts';
import { installWithServer, type OwnInstallation } from './installation.ts';
import { Load } from './load.ts';
import { Chance, chooseSeed } from './random.ts';
import { pause, until } from './wait.ts';

const seed = chooseSeed('database');
let fire: Fire<OwnInstallation>;
beforeAll(async () => {
  fire = await light(await installWithServer(), ['plain', 'plain']);
}, 120_000);
afterAll(() => putOut(fire));

test('a server stopped, started and killed under load costs nothing that was acknowledged', async () => {
  const { hosts, installation, world } = fire;
  const chance = new Chance(seed);
  const load = new Load({ urls: hosts.urls, world, seed });
  load.start();
  for (const how of ['stop', 'kill -9', 'stop', 'kill -9'] as const) {
    await pause(chance.between(1_500, 3_000));
    hosts.all[0]!.load();
    const before = load.answers.get(201) ?? 0;
    await installation.restart(how, chance.between(0, 800));
    // Hosts come back by themselves: nobody starts them again.
    await until(`sales are taken in again after ${how}`, () => (load.answers.get(201) ?? 0) > before + 5);
  }
  await load.stop();
  // Hosts outlive their database, and say so: every request gets an answer.
  expect(hosts.died).toEqual([]);
  expect(load.answers.get(0) ?? 0).toBe(0);
  expect(load.answers.get(503) ?? 0).toBeGreaterThan(0);
  await reckon(fire, load);
}, 240_000);
