import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { type EventDeclaration, eventMigrations } from '@moonbase/events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { MemoryLog } from '../testing.ts';
import { Warehouse, type WarehouseOptions, warehouseMigrations } from './warehouse.ts';

const sold: EventDeclaration = {
  type: 'sales.recorded',
  version: 1,
  payload: z.object({
    after: z.object({
      saleId: z.uuid(),
      day: z.iso.date(),
      amount: z.string(),
      shares: z.array(z.object({ agentId: z.string(), percent: z.string() })),
    }),
    policyholder: z.string().nullable(),
  }),
  personal: ['policyholder'],
  people: ['after.shares.*.agentId'],
};
const agentChanged: EventDeclaration = {
  type: 'agents.changed',
  version: 1,
  payload: z.object({ agentId: z.string(), email: z.string().nullable(), code: z.string() }),
  personal: ['email'],
  people: ['agentId'],
};
const declarations = [sold, agentChanged];

let database: TestDatabase;
let folder: string;
let log: MemoryLog;
let warehouses: Warehouse[];
beforeEach(async () => {
  database = await createTestDatabase([eventMigrations, warehouseMigrations]);
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  log = new MemoryLog(declarations);
  warehouses = [];
});
afterEach(async () => {
  for (const warehouse of warehouses) await warehouse.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function open(more: Partial<WarehouseOptions> = {}): Warehouse {
  const warehouse = new Warehouse({ db: database.db, folder, declarations, eventLog: log, ...more });
  warehouses.push(warehouse);
  return warehouse;
}

function sell(amount: string, recordedAt = new Date()) {
  return log.add(
    'sales.recorded',
    {
      after: {
        saleId: '01900000-0000-7000-8000-000000000001',
        day: '2026-11-21',
        amount,
        shares: [{ agentId: 'anna', percent: '100' }],
      },
      policyholder: 'Bertha Benz',
    },
    { recordedAt },
  );
}

const total = 'SELECT count(*), sum(after.amount::DECIMAL(19,4)) FROM sales_recorded';

async function parquet(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.parquet'));
}

test('an event can be asked for before and after it is in a file, and counts once', async () => {
  const warehouse = open();
  sell('10.5000');
  sell('0.0001');
  expect(await warehouse.query(total)).toMatchObject({ rows: [[2, '10.5001']], position: 2 });
  expect(await parquet()).toEqual([]);
  expect(await warehouse.load()).toBe(2);
  expect(await parquet()).toHaveLength(1);
  expect(await warehouse.query(total)).toMatchObject({ rows: [[2, '10.5001']], position: 2 });
  sell('1');
  expect(await warehouse.query(total)).toMatchObject({ rows: [[3, '11.5001']], position: 3 });
  expect(await warehouse.load()).toBe(1);
  expect(await warehouse.query(total)).toMatchObject({ rows: [[3, '11.5001']] });
});

test('the log is told how far the lake has come', async () => {
  const warehouse = open();
  await warehouse.start();
  const reader = () => database.db.query('SELECT name, position FROM events.readers');
  expect((await reader()).rows).toEqual([{ name: 'warehouse', position: 0 }]);
  sell('1');
  await warehouse.load();
  expect((await reader()).rows).toEqual([{ name: 'warehouse', position: 1 }]);
});

test('loading without new events writes nothing', async () => {
  const warehouse = open();
  sell('1');
  await warehouse.load();
  expect(await warehouse.load()).toBe(0);
  expect(await parquet()).toHaveLength(1);
});

test('files lie by type, day and hour', async () => {
  sell('1', new Date('2026-11-20T23:59:59Z'));
  sell('1', new Date('2026-11-21T00:00:00Z'));
  log.add(
    'agents.changed',
    { agentId: 'anna', email: 'a@b.c', code: 'A1' },
    { recordedAt: new Date('2026-11-21T00:00:01Z') },
  );
  await open().load();
  expect((await parquet()).map((path) => path.replace(/[^/]+$/, '')).sort()).toEqual([
    'agents.changed/date=2026-11-21/hour=00/',
    'sales.recorded/date=2026-11-20/hour=23/',
    'sales.recorded/date=2026-11-21/hour=00/',
  ]);
});

test('two hosts that load at once move every event once', async () => {
  for (let index = 0; index < 50; index += 1) sell('1');
  const hosts = [open({ closeAfterEvents: 10 }), open({ closeAfterEvents: 10 }), open()];
  await Promise.all(hosts.map((host) => host.load()));
  expect(await hosts[0]!.query(total)).toMatchObject({ rows: [[50, '50.0000']] });
  const rows = await database.db.query('SELECT sum(rows)::int AS rows FROM warehouse.files');
  expect(rows.rows[0]).toEqual({ rows: 50 });
});

for (const step of ['files written', 'catalogue written'] as const)
  test(`a crash when the ${step} loses and doubles nothing`, async () => {
    sell('1');
    sell('2');
    const crashing = open({
      passing: (now) => {
        if (now === step) throw new Error('crash');
      },
    });
    await expect(crashing.load()).rejects.toThrow('crash');
    expect((await database.db.query('SELECT FROM warehouse.files')).rowCount).toBe(0);
    const next = open();
    expect(await next.query(total)).toMatchObject({ rows: [[2, '3.0000']] });
    expect(await next.load()).toBe(2);
    expect(await next.query(total)).toMatchObject({ rows: [[2, '3.0000']] });
  });

test('personal fields, ids of people and who did it never reach a file', async () => {
  sell('1');
  log.add(
    'agents.changed',
    { agentId: 'anna-schmidt', email: 'anna@example.com', code: 'A1' },
    { key: 'anna-schmidt', subjects: ['anna-schmidt'], actor: 'person:otto' },
  );
  const warehouse = open();
  await warehouse.load();
  const answer = await warehouse.query('SELECT key, actor, agentId, code FROM agents_changed');
  expect(answer.rows).toEqual([['p:anna-schmidt', 'person', 'p:anna-schmidt', 'A1']]);
  await expect(warehouse.query('SELECT email FROM agents_changed')).rejects.toMatchObject({
    code: 'query_wrong',
  });
  const shares = await warehouse.query('SELECT after.shares[1].agentId FROM sales_recorded');
  expect(shares.rows).toEqual([['p:anna']]);
  for (const path of await parquet()) {
    const bytes = (await readFile(join(folder, path))).toString('latin1');
    expect(bytes).not.toMatch(/Bertha|example\.com|otto/);
  }
});

test('a payload that grows a field keeps its old files readable', async () => {
  sell('1');
  await open().load();
  const grown: EventDeclaration = {
    ...sold,
    version: 2,
    payload: z.object({
      after: z.object({
        saleId: z.uuid(),
        amount: z.string(),
        currency: z.string(),
        shares: z.array(z.object({ agentId: z.string(), percent: z.string(), amount: z.string() })),
      }),
      origin: z.string(),
    }),
  };
  log = new MemoryLog([sold, grown, agentChanged]);
  sell('1');
  log.add(
    'sales.recorded',
    {
      after: { saleId: '01900000-0000-7000-8000-000000000002', amount: '2', currency: 'EUR', shares: [] },
      origin: 'web',
    },
    { version: 2 },
  );
  const warehouse = open({ declarations: [sold, grown, agentChanged] });
  const question = 'SELECT after.currency, origin, after.day::text FROM sales_recorded ORDER BY position';
  const expected = [
    [null, null, '2026-11-21'],
    ['EUR', 'web', null],
  ];
  expect((await warehouse.query(question)).rows).toEqual(expected);
  await warehouse.load();
  expect((await warehouse.query(question)).rows).toEqual(expected);
});

test('compaction leaves one file per type and day, the same rows, and the old files for a day', async () => {
  const now = { time: new Date('2026-11-21T12:00:00Z') };
  const warehouse = open({ clock: { now: () => now.time } });
  for (let hour = 0; hour < 5; hour += 1) {
    sell('1', new Date(Date.UTC(2026, 10, 20, hour)));
    await warehouse.load();
  }
  sell('1', now.time);
  await warehouse.load();
  expect(await warehouse.query(total)).toMatchObject({ rows: [[6, '6.0000']] });
  expect(await warehouse.compact()).toEqual({ merged: 5, written: 1 });
  expect(await warehouse.query(total)).toMatchObject({ rows: [[6, '6.0000']] });
  expect(await parquet()).toHaveLength(7);
  now.time = new Date('2026-11-22T12:00:01Z');
  await warehouse.compact();
  expect((await parquet()).length).toBeLessThan(7);
  expect(await warehouse.query(total)).toMatchObject({ rows: [[6, '6.0000']] });
  expect(await warehouse.compact()).toEqual({ merged: 0, written: 0 });
});

test('a file without a catalogue row is swept after a day, not before', async () => {
  const now = { time: new Date() };
  const warehouse = open({ clock: { now: () => now.time } });
  await writeFile(join(folder, 'orphan.parquet'), 'half');
  await warehouse.compact();
  expect(await parquet()).toEqual(['orphan.parquet']);
  now.time = new Date(Date.now() + 25 * 3_600_000);
  await warehouse.compact();
  expect(await parquet()).toEqual([]);
});

test('an event of an unknown type stops the loader before anything is written', async () => {
  sell('1');
  log.add('shop.ordered', { who: 'anna' });
  await expect(open().load()).rejects.toMatchObject({ code: 'event_unknown' });
  expect(await parquet()).toEqual([]);
});

test('a gap in the log stops the loader', async () => {
  sell('1');
  sell('2');
  log.events.shift();
  await expect(open().load()).rejects.toMatchObject({ code: 'log_gap' });
});
