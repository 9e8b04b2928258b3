import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { type EventDeclaration, eventMigrations, publish } from '@moonbase/events';
import { startTestLog, type TestLog } from '@moonbase/events/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Warehouse, warehouseMigrations } from './warehouse.ts';

const counted = {
  type: 'things.counted',
  version: 1,
  payload: z.object({ agentId: z.string(), amount: z.string(), name: z.string().nullable() }),
  personal: ['name'],
  people: ['agentId'],
} as const satisfies EventDeclaration;

let database: TestDatabase;
let folder: string;
let events: TestLog;
let warehouse: Warehouse;
beforeEach(async () => {
  database = await createTestDatabase([eventMigrations, warehouseMigrations]);
  folder = await mkdtemp(join(tmpdir(), 'lake-'));
  events = await startTestLog(database, { declarations: [counted] });
  warehouse = new Warehouse({
    db: database.db,
    folder,
    declarations: [counted],
    eventLog: events.log,
  });
});
afterEach(async () => {
  await warehouse.stop();
  await events.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function count(...amounts: string[]) {
  await database.db.transaction((tx) =>
    publish(
      tx,
      counted,
      amounts.map((amount) => ({
        key: amount,
        subjects: ['nimal'],
        payload: { agentId: 'nimal', amount, name: 'Nimal Perera' },
      })),
    ),
  );
  await events.drained();
}

const total = 'SELECT sum(amount::DECIMAL(19,4))::VARCHAR FROM things_counted';

test('log, lake and declared sums agree when all is well', async () => {
  warehouse.define({
    checks: {
      amounts: {
        title: 'Amounts',
        compare: async (_db, query) => ({
          source: { total: '3.5000' },
          lake: { total: String((await query(total)).rows[0]![0]) },
        }),
      },
    },
  });
  await count('1', '2.5');
  await warehouse.load();
  expect(await warehouse.reconcile()).toMatchObject({
    position: 2,
    from: 1,
    differences: [],
    types: [
      {
        type: 'things.counted',
        source: { count: 2, first: 1, last: 2 },
        lake: { count: 2, first: 1, last: 2 },
      },
    ],
    checks: [{ title: 'Amounts', figures: 1, differences: 0 }],
  });
});

test('a file that was lost and a sum that is wrong are named', async () => {
  await count('1', '2.5');
  await warehouse.load();
  await count('4');
  await warehouse.load();
  const lost = await database.owner.query('DELETE FROM warehouse.files WHERE first_position = 3');
  expect(lost.rowCount).toBe(1);
  await database.owner.query('UPDATE warehouse.loader SET revision = revision + 1');
  warehouse.define({
    checks: {
      amounts: {
        title: 'Amounts',
        compare: async (_db, query) => ({
          source: { total: '7.5000' },
          lake: { total: String((await query(total)).rows[0]![0]) },
        }),
      },
    },
  });
  expect((await warehouse.reconcile()).differences).toEqual([
    { what: 'things.counted', figure: 'count', source: 3, lake: 2 },
    { what: 'things.counted', figure: 'last', source: 3, lake: 2 },
    { what: 'Amounts', figure: 'total', source: '7.5000', lake: '3.5000' },
  ]);
});

test('the lake of the real log knows people by their pseudonyms, which lead back until they are erased', async () => {
  await count('1');
  await warehouse.load();
  const answer = await warehouse.query('SELECT agentId FROM things_counted');
  const pseudonyms = await warehouse.pseudonyms(['nimal', 'nobody']);
  expect(pseudonyms).toEqual(new Map([['nimal', answer.rows[0]![0]]]));
  expect(pseudonyms.get('nimal')).not.toBe('nimal');
  await expect(warehouse.query('SELECT name FROM things_counted')).rejects.toMatchObject({
    code: 'query_wrong',
  });
});
