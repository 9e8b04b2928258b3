import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { checkMarks, marksOf, type Service } from '@moonbase/service';
import { allMigrations } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServices } from './find-services.ts';

let services: Service[];
let database: TestDatabase;

beforeAll(async () => {
  services = await findServices();
  database = await createTestDatabase(allMigrations(services));
});
afterAll(() => database.drop());

test('every text, JSON and byte column of every service and of the platform is marked personal or not personal', async () => {
  expect(await checkMarks(database.owner, services)).toEqual([]);
});

test('a new column without a mark is found, and a mark without its column', async () => {
  await database.owner.query('ALTER TABLE sales.sales ADD COLUMN mobile text');
  await database.owner.query('ALTER TABLE agents.agents RENAME COLUMN contact TO phone');
  expect(await checkMarks(database.owner, services)).toEqual([
    'agents.agents.contact: there is no such column',
    'agents.agents.phone: marked neither personal nor not personal',
    'sales.sales.mobile: marked neither personal nor not personal',
  ]);
  await database.owner.query('ALTER TABLE sales.sales DROP COLUMN mobile');
  await database.owner.query('ALTER TABLE agents.agents RENAME COLUMN phone TO contact');
});

test('conditions and retention periods of the marks are SQL that the tables know', async () => {
  let checked = 0;
  for (const [schema, { tables }] of marksOf(services)) {
    for (const [table, { of, clean, retention }] of Object.entries(tables)) {
      for (const condition of Object.values(of)) {
        const id = '01920000-0000-7000-8000-000000000001';
        const whole = clean?.includes('$1') || !clean ? condition : `${condition} AND (${clean})`;
        await database.owner.query(`SELECT FROM ${schema}.${table} WHERE ${whole}`, [id]);
        checked += 1;
      }
      for (const { past, empty } of Object.values(retention ?? {})) {
        await database.owner.query(
          empty
            ? `UPDATE ${schema}.${table} SET ${empty} WHERE ${past}`
            : `DELETE FROM ${schema}.${table} WHERE ${past}`,
          [new Date()],
        );
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(20);
});
