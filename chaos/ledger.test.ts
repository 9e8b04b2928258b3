/** The ledger finds what is broken: every promise is broken once, and must be told. */
import type { Host } from '@moonbase/service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregate, auditLake, findings, settle, startAuditor } from './auditor.ts';
import { type Installation, install } from './installation.ts';
import { audit, promises } from './ledger.ts';
import { Load } from './load.ts';
import { until } from './wait.ts';
import { enterLateAgent, enterWorld } from './world.ts';

let installation: Installation;
let host: Host;
let load: Load;
beforeAll(async () => {
  installation = await install();
  host = await startAuditor(installation);
  const world = await enterWorld(installation, host.url);
  await settle(host);
  load = new Load({ urls: [host.url], world, seed: 7, systems: 4 });
  load.start();
  await until('some of everything has happened', () => {
    const states = new Set([...load.sales.values()].map((sale) => sale.status));
    return load.sales.size > 150 && states.size === 5;
  });
  await load.stop();
  await enterLateAgent(world, host.url);
  await settle(host);
  await aggregate(host);
}, 120_000);
afterAll(async () => {
  await host.stop();
  await installation.stop();
});

test('nothing is found where nothing was broken', async () => {
  expect(load.surprises).toEqual([]);
  expect(await findings(installation, host, load.sales.values())).toEqual([]);
});

const one = (table: string, where = 'true', id = 'ctid') =>
  `WHERE ${id} = (SELECT ${id} FROM ${table} WHERE ${where} LIMIT 1)`;
const sale = one('sales.sales', `source = 'chaos' AND NOT cancelled AND NOT split`);
const event = (type: string) => one('events.log', `type = '${type}'`, 'position');
const COPY =
  'position + 500000, occurred_at, recorded_at, id, version, slot, type, key, subjects, actor, cause, trace';

/** How each promise is broken, in a transaction that is rolled back. */
const breakages: Record<string, string[]> = {
  'every acknowledged sale is there once, as acknowledged, and no other': [
    `DELETE FROM sales.sales ${sale}`,
    `UPDATE sales.sales SET amount = amount + 0.0001 ${sale}`,
    `UPDATE sales.sales SET revision = revision + 1 ${sale}`,
    `UPDATE sales.sales SET cancelled = NOT cancelled ${sale}`,
    `INSERT INTO sales.sales SELECT (jsonb_populate_record(s, '{"id": "00000000-0000-0000-0000-000000000001", "reference": "twin"}')).*
       FROM sales.sales s LIMIT 1`,
  ],
  'a sale keeps the id that its answer named': [
    `UPDATE sales.sales SET id = gen_random_uuid() WHERE id = '$SALE'`,
  ],
  'no sale stays refused or waiting once it is mended': [
    `INSERT INTO sales.rejected (id, status, source, reference, code, input, agents, actor, received_at, tried_at)
     VALUES (gen_random_uuid(), 'waiting', 'chaos', 'left', 'agent_unknown', '{}', '{}', 'system', now(), now())`,
  ],
  'every sale has one event that recorded it, and there is no such event without a sale': [
    `DELETE FROM events.log ${event('sales.recorded')}`,
    `INSERT INTO events.log SELECT ${COPY}, payload FROM events.log ${event('sales.recorded')}`,
    `DELETE FROM sales.sales ${sale}`,
  ],
  'every change of a sale has one event, and every event its change': [
    `DELETE FROM events.log ${event('sales.cancelled')}`,
    `DELETE FROM sales.changes ${one('sales.changes')}`,
    `INSERT INTO events.log SELECT ${COPY}, payload FROM events.log ${event('sales.corrected')}`,
  ],
  'the last event of a sale says what the sale is': [`UPDATE sales.sales SET amount = amount + 1 ${sale}`],
  'the events of a sale are in order: each begins with what the one before it left': [
    `UPDATE events.log SET payload = jsonb_set(payload::jsonb, '{before,amount}', '"0.5"')::json ${event('sales.corrected')}`,
    `UPDATE events.log SET position = position + 500000 WHERE type = 'sales.recorded'
        AND key = (SELECT key FROM events.log ${event('sales.corrected')})`,
  ],
  'positions of events are dense and unique': [
    `DELETE FROM events.log ${event('agents.changed')}`,
    `UPDATE events.head SET position = position + 1`,
  ],
  'no event waits for its position': [
    `INSERT INTO events.inbox (type, version, actor, size, ids, keys, slots, payloads)
     VALUES ('sales.recorded', 1, 'system', 1, ARRAY[gen_random_uuid()], ARRAY['k'], ARRAY[0::smallint], '{}')`,
  ],
  'no event is there twice': [
    `INSERT INTO events.log SELECT ${COPY}, payload FROM events.log ${event('agents.changed')}`,
  ],
  'every consumer has come to the end, with nothing set aside': [
    `UPDATE events.lanes SET position = position - 1 WHERE consumer = 'insights.figures' AND lane = 0`,
  ],
  'no event is parked': [
    `INSERT INTO events.parked (consumer, key, position, slot) VALUES ('insights.figures', 'k', 1, 0)`,
  ],
  'daily counters are the sums over the sales': [
    `UPDATE sales.daily SET sales = sales + 1 ${one('sales.daily')}`,
    `UPDATE sales.daily SET amount = 2 * amount ${one('sales.daily', 'amount <> 0')}`,
    `DELETE FROM sales.daily ${one('sales.daily', 'amount <> 0')}`,
  ],
  'progress of targets is the sum over the sales': [
    `UPDATE sales.progress SET sales = sales + 1 ${one('sales.progress')}`,
    `DELETE FROM sales.progress ${one('sales.progress', 'sales > 0')}`,
  ],
  'a threshold is announced once, and what is announced is remembered': [
    `DELETE FROM events.log ${event('targets.reached')}`,
    `INSERT INTO events.log SELECT ${COPY}, payload FROM events.log ${event('targets.reached')}`,
    `DELETE FROM sales.reached ${one('sales.reached')}`,
  ],
  'every threshold that is passed was announced': [
    `UPDATE sales.progress SET sales = sales + 1000000, amount = amount + 1000000`,
  ],
  'one notification per cause, recipient and channel': [
    `DELETE FROM notifications.notifications ${one('notifications.notifications', `channel = 'in-app'`)}`,
    `DELETE FROM notifications.notifications ${one('notifications.notifications', `channel = 'email'`)}`,
    `INSERT INTO notifications.notifications SELECT (jsonb_populate_record(n,
       '{"id": "00000000-0000-0000-0000-000000000001", "cause": "none"}')).* FROM notifications.notifications n LIMIT 1`,
  ],
  'every notification has been sent, and its events tell so': [
    `UPDATE notifications.notifications SET status = 'PENDING' ${one('notifications.notifications', `channel = 'email'`)}`,
    `DELETE FROM events.log ${event('notifications.changed')}`,
    `INSERT INTO events.log SELECT ${COPY}, payload FROM events.log ${event('notifications.changed')}`,
  ],
  'every mail is in the outbox once': [`DELETE FROM notifications.outbox ${one('notifications.outbox')}`],
  'no job is left, and none is dead': [
    `INSERT INTO jobs_boss.job (name) VALUES ('notifications.deliver')`,
    `INSERT INTO jobs_boss.job (name, state) VALUES ('notifications.deliver', 'failed')`,
  ],
  'figures of days are the sums over the sales, at every level': [
    `UPDATE insights.days SET sales = sales + 1 ${one('insights.days', 'level = 0')}`,
    `UPDATE insights.days SET amount = amount + 0.0001 ${one('insights.days', 'level = 7')}`,
    `INSERT INTO insights.deltas SELECT sold_at, day, branch_id, team_id, product_id, currency, amount, 1, 1 FROM sales.sales LIMIT 1`,
  ],
  'figures of months are the sums over the sales, at every level': [
    `DELETE FROM insights.months ${one('insights.months', 'level = 3 AND sales > 0')}`,
    `UPDATE insights.months SET sales = sales + 1 ${one('insights.months', 'level = 2')}`,
  ],
  'figures of agents are the sums over the sales': [
    `UPDATE insights.agent_days SET amount = amount + 1 ${one('insights.agent_days')}`,
    `UPDATE insights.agent_months SET sales = sales + 1 ${one('insights.agent_months')}`,
  ],
  'notifications counted are the notifications there are': [
    `UPDATE insights.notification_days SET notifications = notifications + 1 ${one('insights.notification_days')}`,
    `DELETE FROM insights.notification_months ${one('insights.notification_months')}`,
  ],
  'insights knows every notification as it stands': [
    `UPDATE insights.notifications SET status = 'PENDING' ${one('insights.notifications')}`,
    `DELETE FROM insights.notifications ${one('insights.notifications')}`,
  ],
  ...Object.fromEntries(
    ['branch', 'team', 'product'].map((kind) => [
      `the newest insight table of ${kind} performance is the sums over the sales`,
      [
        `UPDATE insights.${kind}_performance SET total = total + 1 ${one(`insights.${kind}_performance`, 'count > 0')}`,
        `DELETE FROM insights.${kind}_performance ${one(`insights.${kind}_performance`, 'count > 0')}`,
      ],
    ]),
  ),
};

test('every promise has its breakage', () => {
  expect(Object.keys(breakages).sort()).toEqual([...promises].sort());
});

test.each(Object.entries(breakages).flatMap(([promise, all]) => all.map((sql) => [promise, sql] as const)))(
  'found when broken: %s (%#)',
  async (promise, sql) => {
    const recorded = [...load.sales.values()].find((each) => each.status === 'recorded')!;
    const back = new Error('rolled back');
    const done = installation.owner.transaction(async (tx) => {
      const broken = await tx.query(sql.replaceAll('$SALE', recorded.saleId!));
      expect(broken.rowCount).toBeGreaterThan(0);
      const found = await audit(tx, load.sales.values());
      expect(found.map((finding) => finding.promise)).toContain(promise);
      throw back;
    });
    await expect(done).rejects.toBe(back);
  },
);

test.each([
  [
    'a file of the lake that is lost',
    `UPDATE warehouse.files SET replaced_at = now() WHERE type = 'sales.recorded'`,
    `UPDATE warehouse.files SET replaced_at = NULL`,
  ],
  [
    'a file of the lake that is there twice',
    `INSERT INTO warehouse.files SELECT (jsonb_populate_record(f,
       jsonb_build_object('id', '00000000-0000-0000-0000-000000000001', 'path', './' || path))).*
       FROM warehouse.files f WHERE type = 'sales.recorded' LIMIT 1`,
    `DELETE FROM warehouse.files WHERE id = '00000000-0000-0000-0000-000000000001'`,
  ],
])('found when broken: %s', async (_what, sql, mend) => {
  const changed = (statement: string) =>
    installation.owner.transaction(async (tx) => {
      const answer = await tx.query(statement);
      await tx.query('UPDATE warehouse.loader SET revision = revision + 1');
      return answer.rowCount;
    });
  expect(await changed(sql)).toBeGreaterThan(0);
  expect(await auditLake(host)).not.toEqual([]);
  await changed(mend);
  expect(await auditLake(host)).toEqual([]);
});
