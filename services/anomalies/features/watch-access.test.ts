/** Sign-ins and exports through their handlers, against the database. */
import { newId } from '@moonbase/data';
import { createTestDatabase, type TestDatabase } from '@moonbase/data/testing';
import { eventMigrations } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { businessHoursSetting } from '../settings.ts';
import { copyNames } from './copy-names.ts';
import { watchExports } from './watch-exports.ts';
import { watchSignIns } from './watch-sign-ins.ts';

let database: TestDatabase;
let context: ServiceContext;
const ann = newId();

beforeEach(async () => {
  const folder = new URL('../migrations/', import.meta.url);
  database = await createTestDatabase([eventMigrations, { schema: 'anomalies', folder }]);
  context = {
    db: database.db,
    clock: { now: () => new Date('2026-03-10T12:00:00Z') },
    organisation: async () => ({ name: 'Serendib', zone: 'Asia/Colombo', currency: 'LKR' }),
    setting: async () => businessHoursSetting.default,
  } as unknown as ServiceContext;
});
afterEach(() => database.drop());

const FIREFOX = 'Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0';

const signIn = (at: string, place: string, browser = FIREFOX, sessionId = newId()) =>
  database.db.transaction((tx) =>
    watchSignIns(
      [
        {
          occurredAt: new Date(at),
          payload: { personId: ann, sessionId, place, browser, secondFactor: false },
        },
      ],
      tx,
      context,
    ),
  );
const exported = (at: string, personId: string | null = ann, keyId: string | null = null) =>
  database.db.transaction((tx) =>
    watchExports(
      [{ occurredAt: new Date(at), payload: { personId, keyId, route: 'GET /api/sales/export' } }],
      tx,
      context,
    ),
  );
const flagged = async () =>
  (await database.db.query('SELECT * FROM anomalies.anomalies ORDER BY at')).rows as Record<
    string,
    unknown
  >[];

test('the first sign-in ever is no anomaly, a later one from elsewhere is, and then the place is known', async () => {
  await signIn('2026-02-01T04:00:00Z', '203.0.113.7');
  await signIn('2026-02-20T04:00:00Z', '203.0.113.200');
  expect(await flagged()).toEqual([]);
  await signIn('2026-03-01T22:10:00Z', '45.1.2.3', 'curl/8.9');
  await signIn('2026-03-02T22:10:00Z', '45.1.2.9', 'curl/8.10');
  const found = await flagged();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ detector: 'new-place', person_id: ann, score: 5, day: '2026-03-02' });
  expect(found[0]!.reason).toBe(
    'Sign-in at 03:40 from a network and a browser not used before (another client), without a second factor; 1 place is known of this person.',
  );
});

test('the same session is flagged once, and no address is kept anywhere', async () => {
  const session = newId();
  await signIn('2026-02-01T04:00:00Z', '203.0.113.7');
  await signIn('2026-03-01T04:00:00Z', '45.1.2.3', 'curl/8.9', session);
  await signIn('2026-03-01T04:00:00Z', '46.1.2.3', 'Opera/1 OPR/1', session);
  expect(await flagged()).toHaveLength(1);
  const kept = JSON.stringify([
    await flagged(),
    (
      await database.db.query('SELECT encode(network, $1), encode(browser, $1) FROM anomalies.places', [
        'escape',
      ])
    ).rows,
    (await database.owner.query('SELECT payloads FROM events.inbox')).rows,
  ]);
  expect(kept).not.toMatch(/203\.0\.113|45\.1\.2|46\.1\.2/);
});

test('an export at night is flagged once a night, with the hour of the organisation', async () => {
  await exported('2026-03-09T05:00:00Z');
  await exported('2026-03-09T21:30:00Z');
  await exported('2026-03-09T21:40:00Z');
  const found = await flagged();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ detector: 'export-out-of-hours', person_id: ann, day: '2026-03-10' });
  expect(found[0]!.reason).toBe(
    'Export (GET /api/sales/export) at 03:00, outside business hours (7:00 to 20:00), by a person; 0 of 1 exports before were near that hour.',
  );
});

test('an API key that exports every night is soon known for it', async () => {
  const key = newId();
  for (let day = 1; day <= 9; day += 1) await exported(`2026-03-0${day}T20:30:00Z`, null, key);
  const found = await flagged();
  expect(found.length).toBeLessThanOrEqual(3);
  expect(found.every((row) => row.person_id === null)).toBe(true);
});

test('an erased person leaves no place and no habit', async () => {
  await signIn('2026-02-01T04:00:00Z', '203.0.113.7');
  await exported('2026-03-09T21:30:00Z');
  await database.db.transaction((tx) =>
    copyNames([{ type: 'people.erased', payload: { personId: ann } } as never], tx),
  );
  for (const table of ['places', 'export_hours'])
    expect((await database.db.query(`SELECT FROM anomalies.${table}`)).rowCount).toBe(0);
});
