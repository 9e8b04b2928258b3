/** Two hosts on the same lanes under load, while everything that can go wrong with processes does. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fire, light, putOut, reckon } from './fire.ts';
import { install } from './installation.ts';
import { Load } from './load.ts';
import { openTransaction } from './long-transaction.ts';
import { Chance, chooseSeed } from './random.ts';
import { pause } from './wait.ts';

const seed = chooseSeed('storm');
let fire: Fire;
beforeAll(async () => {
  fire = await light(await install(), ['twice', 'plain']);
}, 120_000);
afterAll(() => putOut(fire));

test('hosts killed, connections cut, events twice and late, a long transaction beside: all agrees', async () => {
  const { hosts, installation, world } = fire;
  const chance = new Chance(seed);
  const load = new Load({ urls: hosts.urls, world, seed });
  const long = await openTransaction(installation.databaseUrl);
  load.start();
  let cut = 0;
  for (let blow = 0; blow < 24; blow += 1) {
    await pause(chance.between(100, 700));
    const host = chance.of(hosts.all);
    if (blow % 6 === 5) {
      await host.kill();
      await pause(chance.between(0, 500));
      await host.start();
    } else if (blow % 3 === 2) {
      host.load();
    } else {
      cut += await cutConnections(chance);
    }
  }
  await long.end();
  await load.stop();
  expect(cut).toBeGreaterThan(0);
  expect(hosts.again).toBeGreaterThan(20);
  expect(load.sales.size).toBeGreaterThan(100);
  await reckon(fire, load);
}, 240_000);

/** Has the server end some connections of hosts, whatever they are doing. @returns how many */
async function cutConnections(chance: Chance): Promise<number> {
  const answer = await fire.installation.owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'moonbase%' AND pid <> pg_backend_pid()
      ORDER BY state = 'idle', md5(pid::text || $1) LIMIT 4`,
    [`${chance.next()}`],
  );
  return answer.rowCount ?? 0;
}
