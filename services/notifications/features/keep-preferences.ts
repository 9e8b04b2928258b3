/** What somebody wants to be told, and how: their choice, or what the kind says. */
import type { Queryable } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { z } from 'zod';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import { channel, kind, type preference } from '../schema.ts';
import { kinds } from './kinds.ts';
import { mine } from './list-inbox.ts';

type Preference = z.infer<typeof preference>;

/** Every kind over every channel. */
export async function preferencesOf(db: Queryable, person: string | null): Promise<Preference[]> {
  const answer = await db.query<Preference>(
    'SELECT kind, channel, wanted FROM notifications.preferences WHERE person_id = $1',
    [person],
  );
  const chosen = new Map(answer.rows.map((row) => [`${row.kind} ${row.channel}`, row.wanted]));
  return kind.options.flatMap((kind) =>
    channel.options.map((channel) => ({
      kind,
      channel,
      wanted: chosen.get(`${kind} ${channel}`) ?? kinds[kind].channels.includes(channel),
    })),
  );
}

export const readPreferences: Handler<typeof notificationsApi.readPreferences> = async (
  { principal },
  { db },
) => ({ status: 200, body: { items: await preferencesOf(db, mine(principal)[0]) } });

export const setPreferences: Handler<typeof notificationsApi.setPreferences> = async (
  { body, principal },
  { db },
) => {
  const [person] = mine(principal);
  if (!person) throw notificationsError('not_a_person');
  const last = new Map(body.items.map((item) => [`${item.kind} ${item.channel}`, item]));
  await db.query(
    `INSERT INTO notifications.preferences (person_id, kind, channel, wanted)
     SELECT $1, kind, channel, wanted
     FROM jsonb_to_recordset($2) AS p (kind text, channel text, wanted boolean) ORDER BY kind, channel
     ON CONFLICT (person_id, kind, channel) DO UPDATE SET wanted = EXCLUDED.wanted`,
    [person, JSON.stringify([...last.values()])],
  );
  return { status: 200, body: { items: await preferencesOf(db, person) } };
};
