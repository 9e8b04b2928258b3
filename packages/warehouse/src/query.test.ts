import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { type EventDeclaration, eventMigrations } from '@moonbase/events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MemoryLog } from '../testing.ts';
import { exportTable, Warehouse, warehouseMigrations } from './warehouse.ts';

const noted: EventDeclaration = {
  type: 'notes.written',
  version: 1,
  payload: z.object({ text: z.string(), size: z.int(), key: z.string().optional() }),
};

let database: TestDatabase;
let folder: string;
let warehouse: Warehouse;
beforeAll(async () => {
  database = await createTestDatabase([eventMigrations, warehouseMigrations]);
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  const log = new MemoryLog([noted]);
  for (let size = 0; size < 100; size += 1)
    log.add('notes.written', { text: `note ${size}`, size, key: 'k' });
  warehouse = new Warehouse({ db: database.db, folder, declarations: [noted], eventLog: log });
  warehouse.define({ views: { large_notes: 'SELECT * FROM notes_written WHERE size >= 90' } });
  await warehouse.load();
});
afterAll(async () => {
  await warehouse.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('values come as JSON: counts as numbers, decimals as strings, instants in ISO 8601', async () => {
  const answer = await warehouse.query(`
    SELECT 1::BIGINT AS count, sum(size) AS sum, 1.5000::DECIMAL(19,4) AS money, 0.5::DOUBLE AS ratio,
           TIMESTAMPTZ '2026-11-21 10:00:00.5+01' AS instant, DATE '2026-11-21' AS day, NULL AS nothing,
           [1, 2] AS list, {'a': 1} AS struct, true AS yes, 170141183460469231731687303715884105727 AS huge
      FROM notes_written`);
  expect(answer.rows[0]).toEqual([
    1,
    4950,
    '1.5000',
    0.5,
    '2026-11-21T09:00:00.500Z',
    '2026-11-21',
    null,
    [1, 2],
    { a: 1 },
    true,
    '170141183460469231731687303715884105727',
  ]);
  expect(answer.columns.slice(0, 3)).toEqual([
    { name: 'count', type: 'BIGINT' },
    { name: 'sum', type: 'HUGEINT' },
    { name: 'money', type: 'DECIMAL(19,4)' },
  ]);
});

test('parameters are values, by place or by name', async () => {
  const byPlace = await warehouse.query('SELECT text FROM notes_written WHERE size = $1 AND text = $2', [
    7,
    'note 7',
  ]);
  expect(byPlace.rows).toEqual([['note 7']]);
  const byName = await warehouse.query('SELECT count(*) FROM notes_written WHERE size < $most', { most: 10 });
  expect(byName.rows).toEqual([[10]]);
});

test('views of services can be asked, and a field named like an envelope column is still there', async () => {
  expect((await warehouse.query('SELECT count(*) FROM large_notes')).rows).toEqual([[10]]);
  expect((await warehouse.query('SELECT DISTINCT payload_key FROM notes_written')).rows).toEqual([['k']]);
  expect(await warehouse.catalogue()).toContainEqual({
    view: 'notes_written',
    columns: expect.arrayContaining([{ name: 'size', type: 'BIGINT' }]),
  });
});

test('a row limit cuts and says so', async () => {
  const cut = await warehouse.query('SELECT size FROM notes_written', [], { rows: 10 });
  expect(cut.rows).toHaveLength(10);
  expect(cut.truncated).toBe(true);
  const whole = await warehouse.query('SELECT size FROM notes_written', [], { rows: 100 });
  expect(whole.rows).toHaveLength(100);
  expect(whole.truncated).toBe(false);
});

const slow = 'SELECT count(*) FROM range(100000000000) a, range(10) b WHERE a.range % 7 = b.range';

test('a query that takes too long is stopped, and the next one runs', async () => {
  const started = Date.now();
  await expect(warehouse.query(slow, [], { timeoutMs: 200 })).rejects.toMatchObject({
    code: 'query_timeout',
  });
  expect(Date.now() - started).toBeLessThan(5_000);
  expect((await warehouse.query('SELECT 1')).rows).toEqual([[1]]);
});

test('a query nobody waits for is stopped', async () => {
  const caller = new AbortController();
  const running = warehouse.query(slow, [], { signal: caller.signal });
  setTimeout(() => caller.abort(), 100);
  await expect(running).rejects.toMatchObject({ code: 'query_cancelled' });
});

test('a query that needs too much memory is refused with a remedy', async () => {
  const greedy = 'SELECT list(a.range) FROM range(200000000) a';
  await expect(warehouse.query(greedy)).rejects.toMatchObject({
    code: 'query_too_large',
    remedy: expect.stringContaining('Narrow'),
  });
});

test('a mistake is named with its place', async () => {
  await expect(warehouse.query('SELECT size\nFROM notes_writen')).rejects.toMatchObject({
    code: 'query_wrong',
    message: expect.stringContaining('notes_writen'),
    place: { line: 2, column: 6 },
  });
  await expect(warehouse.query('SELEC 1')).rejects.toMatchObject({
    code: 'query_wrong',
    place: { line: 1, column: 1 },
  });
});

test.for([
  'CREATE TABLE x AS SELECT 1',
  'DROP VIEW notes_written',
  'INSERT INTO tail.notes_written SELECT * FROM tail.notes_written',
  "COPY (SELECT 1) TO 'LAKE/x.csv'",
  "EXPLAIN ANALYZE COPY (SELECT 1) TO 'LAKE/x.csv'",
  "EXPORT DATABASE 'LAKE/x'",
  "ATTACH 'LAKE/x.db'",
  "SET memory_limit = '8GB'",
  'PRAGMA enable_profiling',
  'SELECT 1; SELECT 2',
  'SELECT 1; DROP VIEW notes_written',
  'INSTALL httpfs',
  'CALL force_checkpoint()',
  '',
])('refused, and nothing happens: %s', async (sql) => {
  const before = await readdir(folder, { recursive: true });
  await expect(warehouse.query(sql.replace('LAKE', folder))).rejects.toMatchObject({ code: 'query_refused' });
  expect(await readdir(folder, { recursive: true })).toEqual(before);
  expect((await warehouse.query('SELECT count(*) FROM notes_written')).rows).toEqual([[100]]);
});

test.for([
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('LAKE/../../etc/hostname')",
  "SELECT * FROM glob('/etc/*')",
  "SELECT * FROM read_parquet('https://example.com/x.parquet')",
  "SELECT * FROM read_blob('/proc/self/environ')",
])('closed: %s', async (sql) => {
  await expect(warehouse.query(sql.replace('LAKE', folder))).rejects.toMatchObject({
    code: 'query_forbidden',
  });
});

test('a query is exported as CSV and Parquet, and its file is gone afterwards', async () => {
  const csv = await warehouse.export(
    'SELECT size, text FROM large_notes ORDER BY size LIMIT 2; -- end',
    'csv',
  );
  expect(await text(csv)).toBe('size,text\n90,note 90\n91,note 91\n');
  const parquet = await warehouse.export('SELECT size FROM large_notes', 'parquet');
  const { path } = parquet as unknown as { path: string };
  const bytes: Buffer[] = [];
  for await (const chunk of parquet) bytes.push(chunk as Buffer);
  expect(Buffer.concat(bytes).subarray(0, 4).toString()).toBe('PAR1');
  await expect.poll(() => existsSync(path)).toBe(false);
});

test('an export is one SELECT as well', async () => {
  const out = join(folder, 'x.csv');
  for (const sql of [`SELECT 1) TO '${out}' --`, 'SELECT 1; SELECT 2', 'DROP VIEW notes_written'])
    await expect(warehouse.export(sql, 'csv')).rejects.toMatchObject({
      code: expect.stringMatching(/query_(refused|wrong)/),
    });
  expect(existsSync(out)).toBe(false);
});

test('a table in memory becomes CSV that no spreadsheet runs, or Parquet', async () => {
  const table = {
    columns: [
      { name: 'name', type: 'VARCHAR' },
      { name: 'total', type: 'DECIMAL(19,4)' },
    ],
    rows: [
      ['=cmd()', '-1.5000'],
      ['a "b", c', null],
    ],
  };
  const csv = new TextDecoder().decode(await exportTable(table, 'csv'));
  expect(csv).toBe('name,total\r\n\'=cmd(),-1.5000\r\n"a ""b"", c",\r\n');
  const parquet = await exportTable(table, 'parquet');
  expect(new TextDecoder('latin1').decode(parquet.subarray(0, 4))).toBe('PAR1');
});
