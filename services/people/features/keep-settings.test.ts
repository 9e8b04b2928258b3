import {
  declareSettings,
  organisation,
  type Principal,
  Settings,
  unsetOrganisation,
} from '@moonbase/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { changeSetting, listSettings } from './keep-settings.ts';
import { type PeopleUnderTest, peopleUnderTest } from './people-under-test.ts';

let people: PeopleUnderTest;
let administrator: Principal;
beforeEach(async () => {
  people = await peopleUnderTest();
  administrator = await people.add('admin@example.com', ['administrator']);
  await declareSettings(people.db, 'people', {
    organisation: { title: 'Organisation', schema: organisation, default: unsetOrganisation },
  });
});
afterEach(() => people.drop());

const set = (name: string, value: unknown) =>
  people.call(changeSetting, { principal: administrator, params: { name }, body: { value } });

test('a setting is listed with its default, set, and brought back', async () => {
  expect((await people.call(listSettings)).body.items).toMatchObject([
    { name: 'people.organisation', value: { zone: 'UTC' }, default: { zone: 'UTC' }, changedBy: null },
  ]);
  const value = { name: 'Moon', zone: 'Asia/Yangon', currency: 'USD' };
  const answer = await set('people.organisation', value);
  expect(answer.body).toMatchObject({
    value,
    changedBy: `person:${administrator.id}`,
    changedAt: '2026-03-02T08:00:00.000Z',
  });
  expect(await new Settings({ db: people.db }).organisation()).toEqual(value);
  expect((await set('people.organisation', null)).body).toMatchObject({
    value: { zone: 'UTC' },
    changedBy: null,
  });
});

test('a value that does not fit is refused with the field at fault, and nothing changes', async () => {
  await expect(
    set('people.organisation', { name: 'Moon', zone: 'Mars/Olympus', currency: 'USD' }),
  ).rejects.toMatchObject({
    code: 'setting_invalid',
    faults: [{ at: '/value/zone' }],
  });
  await expect(set('people.nothing', 1)).rejects.toMatchObject({ code: 'setting_unknown' });
  expect((await people.db.query('SELECT FROM people.settings')).rowCount).toBe(0);
});

test('a setting of a service that runs elsewhere is checked against what that host wrote down', async () => {
  const schema = z.strictObject({ cron: z.string().max(40) });
  await declareSettings(people.db, 'elsewhere', {
    schedule: { title: 'Schedule', schema, default: { cron: '5 * * * *' } },
  });
  // As if another process had declared it.
  await people.db.query(
    `UPDATE people.declared_settings SET name = 'far.schedule' WHERE name = 'elsewhere.schedule'`,
  );
  await expect(set('far.schedule', { cron: 5 })).rejects.toMatchObject({ faults: [{ at: '/value/cron' }] });
  expect((await set('far.schedule', { cron: '0 * * * *' })).status).toBe(200);
});

test('a setting that is no longer declared is no longer listed', async () => {
  await declareSettings(people.db, 'people', {});
  expect((await people.call(listSettings)).body.items).toEqual([]);
});
