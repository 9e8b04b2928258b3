import { readFile } from 'node:fs/promises';
import { createTestDatabase } from '@moonbase/data/testing';
import { expect, test, vi } from 'vitest';
import { buyerThanked, example, orderPlaced } from '../fixtures/readme-example.ts';
import { type EventsErrorCode, eventMigrations, eventsErrors } from './events.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

test('the example in the README is the one that runs here', async () => {
  const file = await readFile(new URL('../fixtures/readme-example.ts', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${file}\`\`\``);
});

test('the example does what it says', async () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
  const database = await createTestDatabase([eventMigrations]);
  await database.owner.query(`
    CREATE SCHEMA orders;
    CREATE TABLE orders.orders (id text PRIMARY KEY, buyer text, total numeric);
    CREATE TABLE orders.totals (buyer text PRIMARY KEY, total numeric);
    GRANT USAGE ON SCHEMA orders TO moonbase_host;
    GRANT ALL ON ALL TABLES IN SCHEMA orders TO moonbase_host;`);
  const events = await example(database.db);
  await events.drained();
  const totals = await database.db.query('SELECT * FROM orders.totals');
  expect(totals.rows).toEqual([{ buyer: 'ann', total: '19.90' }]);
  const [placed, thanked] = await events.read({ after: 0, limit: 10 });
  expect(placed).toMatchObject({ type: orderPlaced.type, payload: { note: null, total: '19.90' } });
  expect(thanked).toMatchObject({ type: buyerThanked.type, cause: placed!.id });
  expect(events.lake(placed!)).toEqual({ orderId: 'o-1', buyerId: null, total: '19.90' });
  await events.stop();
  await database.drop();
  debug.mockRestore();
});

test('the README lists every error with its remedy', () => {
  for (const code of Object.keys(eventsErrors) as EventsErrorCode[]) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${code}\` `));
    expect(row).toContain(eventsErrors[code].message);
    expect(row).toContain(eventsErrors[code].remedy);
  }
});
