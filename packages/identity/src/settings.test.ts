import { createTestDatabase } from '@moonbase/data/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { forgetSettings, Settings } from './settings.ts';

const sets = [{ schema: 'people', folder: new URL('../../../services/people/migrations/', import.meta.url) }];
const threshold = { schema: z.number().positive(), default: 80 };

test('a setting has its default until somebody sets it, and again when the value no longer fits', async () => {
  const database = await createTestDatabase(sets);
  const settings = new Settings({ db: database.db });
  const set = async (value: unknown) => {
    await database.db.query(
      `INSERT INTO people.settings (name, value, changed_by) VALUES ('sales.threshold', $1, 'system')
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [JSON.stringify(value)],
    );
    forgetSettings();
  };
  expect(await settings.get('sales.threshold', threshold)).toBe(80);
  await set(90);
  expect(await settings.get('sales.threshold', threshold)).toBe(90);
  await set('high');
  expect(await settings.get('sales.threshold', threshold)).toBe(80);
  expect(await settings.organisation()).toEqual({ name: 'Moonbase', zone: 'UTC', currency: 'USD' });
  await database.drop();
});
