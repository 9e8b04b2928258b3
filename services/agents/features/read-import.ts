/** How far an import is, and which of its lines did not land. */

import type { Queryable } from '@moonbase/data';
import { decodeCursor, encodeCursor } from '@moonbase/http';
import type { Handler } from '@moonbase/service';
import { z } from 'zod';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import type { importProgress } from '../schema.ts';
import type { RejectedRow } from './push-agents.ts';

export type ImportProgress = z.infer<typeof importProgress>;

interface Row extends Omit<ImportProgress, 'startedAt' | 'endedAt'> {
  startedAt: Date;
  endedAt: Date | null;
  progressedAt: Date;
}

/** An import that has not moved for this long lost its host. */
const STILL_MS = 120_000;

/** @throws CodedError `import_unknown` */
export async function readProgress(db: Queryable, id: string, now: Date): Promise<ImportProgress> {
  const answer = await db.query<Row>(
    `SELECT id, file_name AS "fileName", status, started_at AS "startedAt", ended_at AS "endedAt",
       progressed_at AS "progressedAt", rows, created, changed, unchanged, rejected, error
     FROM agents.imports WHERE id = $1`,
    [id],
  );
  const [row] = answer.rows;
  if (!row) throw agentsError('import_unknown');
  const { progressedAt, startedAt, endedAt, ...rest } = row;
  const lost = rest.status === 'running' && now.getTime() - progressedAt.getTime() > STILL_MS;
  return {
    ...rest,
    ...(lost && { status: 'broken', error: 'The host went away: send the file again.' }),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export const readImport: Handler<typeof agentsApi.readImport> = async ({ params }, { db, clock }) => ({
  status: 200,
  body: await readProgress(db, params.id, clock.now()),
});

export const listRejectedRows: Handler<typeof agentsApi.listRejectedRows> = async (
  { params, query },
  { db, clock },
) => {
  await readProgress(db, params.id, clock.now());
  const after = query.cursor ? decodeCursor(z.tuple([z.number().int()]), query.cursor)[0] : 0;
  const answer = await db.query<RejectedRow>(
    `SELECT row, code, faults, remedy FROM agents.rejected_rows
     WHERE import_id = $1 AND row > $2 ORDER BY row LIMIT $3`,
    [params.id, after, query.limit + 1],
  );
  const items = answer.rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    status: 200,
    body: { items, next: answer.rows.length > query.limit && last ? encodeCursor(last.row) : null },
  };
};
