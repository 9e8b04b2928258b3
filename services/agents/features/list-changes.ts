/** The history of an agent: who changed what and when, the newest first. */
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { change } from '../schema.ts';

type Change = z.infer<typeof change>;
const place = z.tuple([z.iso.datetime(), z.uuid()]);

export const listChanges: Handler<typeof agentsApi.listChanges> = async ({ params, query }, { db }) => {
  const [at, id] = query.cursor ? decodeCursor(place, query.cursor) : [null, null];
  const known = await db.query('SELECT FROM agents.agents WHERE id = $1', [params.id]);
  if (!known.rowCount) throw agentsError('agent_unknown');
  const answer = await db.query<Omit<Change, 'at'> & { at: Date }>(
    `SELECT id, at, actor, kind, reason, fields FROM agents.changes
     WHERE agent_id = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
     ORDER BY at DESC, id DESC LIMIT $4`,
    [params.id, at, id, query.limit + 1],
  );
  const items = answer.rows.slice(0, query.limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  const last = items.at(-1);
  return {
    status: 200,
    body: { items, next: answer.rows.length > query.limit && last ? encodeCursor(last.at, last.id) : null },
  };
};
