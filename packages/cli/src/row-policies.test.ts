import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import type { Service } from '@moonbase/service';
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

/** Tables that name an agent, a team, a branch or a person and have no row policy, each with its reason. */
const OPEN: Record<string, string> = {
  'commissions.reached': 'thresholds of targets, read when lines are worked out, by the system',
  'commissions.stale': 'which statements are to be worked out anew, read by the system',
  'insights.agents': 'names, joined only to rows that are in reach',
  'sales.known_agents': 'names, joined only to sales that are in reach',
  'sales.known_authorisations': 'asked by the judgement of a sale only',
  'people.known_agents': 'where agents belong: what reach is worked out from',
};

const ABOUT_SOMEBODY = /^(.*_)?(agent|team|branch|person)_id$|^subject_id$/;

test('every table about an agent, team, branch or person is held to reach by a forced row policy, or says why not', async () => {
  const { rows } = await database.owner.query<{
    name: string;
    columns: string[];
    on: boolean;
    forced: boolean;
  }>(
    `SELECT c.oid::regclass::text AS name, array_agg(a.attname::text) AS columns, c.relrowsecurity AS on,
            c.relforcerowsecurity AS forced
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace::regnamespace::text = ANY ($1)
     GROUP BY c.oid ORDER BY 1`,
    [services.map((service) => service.name)],
  );
  const about = rows.filter(({ columns }) => columns.some((column) => ABOUT_SOMEBODY.test(column)));
  expect(about.length).toBeGreaterThan(30);
  const missing = about.filter(({ name, on, forced }) => !(on && forced) && !(name in OPEN));
  expect(missing.map(({ name }) => name)).toEqual([]);
  // An exception that is none any more is taken off the list.
  expect(Object.keys(OPEN).filter((name) => !rows.some((row) => row.name === name && !row.on))).toEqual([]);
});

test('every table with row security has the two policies, the system’s and the request’s, and no other', async () => {
  const { rows } = await database.owner.query<{ name: string; policies: string[] }>(
    `SELECT c.oid::regclass::text AS name, array_agg(p.polname::text ORDER BY p.polname) AS policies
     FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity GROUP BY c.oid ORDER BY 1`,
  );
  expect(rows.length).toBeGreaterThan(30);
  for (const { name, policies } of rows) expect([name, policies]).toEqual([name, ['hosts', 'reach']]);
});
