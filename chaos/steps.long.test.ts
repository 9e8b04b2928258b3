/** `kill -9` of the host between any two steps of the way of one sale. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fire, light, putOut, reckon } from './fire.ts';
import { Gate } from './gate.ts';
import { install } from './installation.ts';
import { Load } from './load.ts';
import { Chance } from './random.ts';

let fire: Fire;
let load: Load;
const chance = new Chance(5);
beforeAll(async () => {
  fire = await light(await install());
  load = new Load({ urls: fire.hosts.urls, world: fire.world, seed: 1 });
}, 120_000);
afterAll(() => putOut(fire));

/**
 * What the host is about to write when it is killed, in the order of the sale's way. Where there are two
 * tables, it comes past the first, and is killed before the second.
 */
const steps: [step: string, table: string, next?: string][] = [
  ['after the sale, before its event', 'sales.sales', 'events.inbox'],
  ['before the sale is written', 'sales.sales'],
  ['after the commit, before the event has a position', 'events.log'],
  ['after its position, before the head has moved', 'events.head'],
  ['before daily counters move', 'sales.daily'],
  ['before progress moves', 'sales.progress'],
  ['after progress, before what is reached is remembered', 'sales.reached'],
  ['after that, before the event that announces it', 'sales.reached', 'events.inbox'],
  ['after all effects, before the position of the reaction', 'sales.reached', 'events.lanes'],
  ['before a notification is written', 'notifications.notifications'],
  ['after the notification, before its event', 'notifications.notifications', 'events.inbox'],
  ['after that, before the job that delivers it', 'notifications.notifications', 'jobs_boss.job'],
  ['when a job is claimed, before its run is opened', 'jobs.runs'],
  ['while a mail is sent, before it is in the outbox', 'notifications.outbox'],
  ['before figures move', 'insights.deltas'],
  ['before moves are folded into days', 'insights.days'],
  ['after days, before moves are folded into those of agents', 'insights.agent_months'],
  ['before notifications are counted', 'insights.notification_days'],
  ['after the files of the lake, before the catalogue', 'warehouse.files'],
  ['after the catalogue, before the position of the lake', 'warehouse.loader'],
];

test('a host killed at any step of the way of a sale loses nothing and doubles nothing', async () => {
  const { hosts, installation } = fire;
  const host = hosts.all[0]!;
  for (const [n, [step, table, next]] of steps.entries()) {
    const gates = [await Gate.shut(installation.databaseUrl, table)];
    try {
      const sales: Promise<void>[] = [];
      // Not every sale crosses a threshold: they come until the step is reached.
      const push = () => {
        sales.push(load.push(`${n}-${sales.length}`, chance));
        host.load();
      };
      push();
      const pushing = setInterval(push, 500);
      await gates[0]!.reached();
      if (next) {
        gates.push(await Gate.shut(installation.databaseUrl, next));
        await gates[0]!.open();
        await gates[1]!.reached();
      }
      clearInterval(pushing);
      await host.kill();
      for (const gate of gates) await gate.open();
      await host.start();
      // What got no answer was sent until it did.
      await Promise.all(sales);
    } catch (cause) {
      throw new Error(`Killed ${step}`, { cause });
    } finally {
      for (const gate of gates) await gate.open();
    }
  }
  expect(load.sales.size).toBeGreaterThanOrEqual(steps.length);
  await reckon(fire, load);
}, 240_000);
