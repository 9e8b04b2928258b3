import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { newId } from './ids.ts';

const sets = [{ schema: 'notes', folder: new URL('../fixtures/migrations/', import.meta.url) }];
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(sets);
});
afterEach(() => database.drop());

const INSERT = 'INSERT INTO notes.notes VALUES ($1, $2)';
const named = { name: 'test.insert', text: INSERT };
const texts = async () => {
  const answer = await database.db.query<{ text: string }>('SELECT text FROM notes.notes ORDER BY text');
  return answer.rows.map((row) => row.text);
};

test('the first statement runs inside the transaction and gives its own result', async () => {
  const failed = database.db.transaction(async (tx) => {
    const first = await tx.query<{ text: string }>(`${INSERT} RETURNING text`, [newId(), 'first']);
    expect(first.rows).toEqual([{ text: 'first' }]);
    expect(await tx.query('SELECT 1 AS one')).toMatchObject({ rows: [{ one: 1 }], rowCount: 1 });
    throw new Error('thought better of it');
  });
  await expect(failed).rejects.toThrow('thought better of it');
  expect(await texts()).toEqual([]);
});

test('a first statement without parameters, and one with several commands, begin it, too', async () => {
  await database.db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
    const level = await tx.query('SHOW transaction_isolation');
    expect(level.rows[0]).toEqual({ transaction_isolation: 'serializable' });
  });
  const failed = database.db.transaction(async (tx) => {
    await tx.query(`INSERT INTO notes.notes VALUES (gen_random_uuid(), 'a');
                    INSERT INTO notes.notes VALUES (gen_random_uuid(), 'b');`);
    await tx.query('SELECT 1 / 0');
  });
  await expect(failed).rejects.toMatchObject({ code: '22012' });
  expect(await texts()).toEqual([]);
});

test('statements sent together before the first answer are one transaction', async () => {
  const failed = database.db.transaction(async (tx) => {
    await Promise.all([
      tx.query(named, [newId(), 'one']),
      tx.query(named, [newId(), 'two']),
      tx.query('SELECT 1 / 0'),
    ]);
  });
  await expect(failed).rejects.toMatchObject({ code: '22012' });
  expect(await texts()).toEqual([]);
  await database.db.transaction(async (tx) => {
    await Promise.all([tx.query(named, [newId(), 'one']), tx.query(named, [newId(), 'two'])]);
  });
  expect(await texts()).toEqual(['one', 'two']);
});

test('a named statement that could not be parsed as the first is parsed anew the next time', async () => {
  const missing = { name: 'test.later', text: 'SELECT count(*) AS n FROM notes.later WHERE $1::int = 1' };
  const run = () => database.db.transaction((tx) => tx.query(missing, [1]));
  await expect(run()).rejects.toMatchObject({ code: '42P01' });
  await database.owner.query(
    'CREATE TABLE notes.later (n int); GRANT SELECT ON notes.later TO moonbase_host',
  );
  expect((await run()).rows).toEqual([{ n: 0 }]);
  expect((await run()).rows).toEqual([{ n: 0 }]);
});

test('what is sent without waiting is committed with the rest', async () => {
  await database.db.transaction(async (tx) => {
    tx.send(named, [newId(), 'sent']);
  });
  expect(await texts()).toEqual(['sent']);
});

test('a statement that was sent and fails takes the transaction with it, and tells why', async () => {
  let told = false;
  const failed = database.db.transaction(async (tx) => {
    tx.afterCommit(() => {
      told = true;
    });
    await tx.query(named, [newId(), 'first']);
    tx.send(named, [newId(), 'forbidden']);
  });
  await expect(failed).rejects.toMatchObject({ code: '23514' });
  expect(told).toBe(false);
  expect(await texts()).toEqual([]);
  await database.db.transaction((tx) => tx.query(named, [newId(), 'after']));
  expect(await texts()).toEqual(['after']);
});

test('a failed statement that the work passes over does not look like a success', async () => {
  const failed = database.db.transaction(async (tx) => {
    await tx.query(named, [newId(), 'fine']);
    await tx.query(named, [newId(), 'forbidden']).catch(() => {});
  });
  await expect(failed).rejects.toMatchObject({ code: 'rolled_back' });
  expect(await texts()).toEqual([]);
});

test('a transaction without a statement asks the server nothing, and still runs what follows', async () => {
  let told = false;
  await database.db.transaction(async (tx) => {
    tx.afterCommit(() => {
      told = true;
    });
  });
  expect(told).toBe(true);
});
