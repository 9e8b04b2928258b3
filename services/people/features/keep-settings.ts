/** Settings of all services: listed from what the hosts declared, checked against it, kept. */
import type { Queryable } from '@moonbase/data';
import { actorOf, forgetSettings, schemaOfSetting } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { z } from 'zod';
import type { peopleApi } from '../api.ts';
import { peopleError } from '../errors.ts';
import type { setting } from '../schema.ts';

interface SettingRow {
  name: string;
  title: string;
  schema: Record<string, unknown>;
  fallback: unknown;
  set: boolean;
  value: unknown;
  changed_by: string | null;
  changed_at: Date | null;
}

const selectSettings = `
  SELECT d.name, d.title, d.schema, d.fallback, s.name IS NOT NULL AS set, s.value, s.changed_by, s.changed_at
  FROM people.declared_settings d LEFT JOIN people.settings s ON s.name = d.name`;

function settingOf(row: SettingRow): z.input<typeof setting> {
  return {
    name: row.name,
    title: row.title,
    value: row.set ? row.value : row.fallback,
    default: row.fallback,
    schema: row.schema,
    changedBy: row.changed_by,
    changedAt: row.changed_at?.toISOString() ?? null,
  };
}

/** @throws CodedError `setting_unknown` */
async function readSetting(db: Queryable, name: string): Promise<SettingRow> {
  const answer = await db.query<SettingRow>(`${selectSettings} WHERE d.name = $1`, [name]);
  const row = answer.rows[0];
  if (!row) throw peopleError('setting_unknown');
  return row;
}

export const listSettings: Handler<typeof peopleApi.listSettings> = async (_request, { db }) => {
  const answer = await db.query<SettingRow>(`${selectSettings} ORDER BY d.name`);
  return { status: 200, body: { items: answer.rows.map(settingOf) } };
};

export const changeSetting: Handler<typeof peopleApi.changeSetting> = async (request, { db, clock }) => {
  const { params, body, principal } = request;
  const row = await readSetting(db, params.name);
  if (body.value === null || body.value === undefined) {
    await db.query('DELETE FROM people.settings WHERE name = $1', [params.name]);
  } else {
    const parsed = schemaOfSetting(row.name, row.schema).safeParse(body.value);
    if (!parsed.success) {
      throw peopleError('setting_invalid', {
        faults: parsed.error.issues.map((issue) => ({
          at: `/value${issue.path.map((part) => `/${String(part)}`).join('')}`,
          message: issue.message,
        })),
      });
    }
    await db.query(
      `INSERT INTO people.settings (name, value, changed_by, changed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [params.name, JSON.stringify(body.value), actorOf(principal), clock.now()],
    );
  }
  forgetSettings();
  return { status: 200, body: settingOf(await readSetting(db, params.name)) };
};
