/** What the log holds of somebody, decrypted: for the export of their data. */
import type { Queryable } from '@moonbase/data';
import { decryptField } from './personal-fields.ts';
import { readSubjects } from './subjects.ts';

export interface PersonalEvent {
  position: number;
  type: string;
  occurredAt: Date;
  /** The personal fields of the payload. */
  fields: Record<string, unknown>;
}

const PAGE = 1_000;

/**
 * The events whose personal fields are the subject's, oldest first, page by page. Reads the whole log: nothing
 * but an export asks this, so that publishing need not pay for an index.
 */
export async function* readPersonal(db: Queryable, subject: string): AsyncGenerator<PersonalEvent[]> {
  const key = (await readSubjects(db, [subject])).get(subject)?.key;
  if (!key) return;
  for (let after = 0; ; ) {
    const page = await db.query<{
      position: number;
      id: string;
      type: string;
      occurred_at: Date;
      personal: Record<string, string>;
    }>(
      `SELECT position, id, type, occurred_at, personal FROM events.log
        WHERE position > $1 AND personal IS NOT NULL AND subjects[1] = $2 ORDER BY position LIMIT $3`,
      [after, subject, PAGE],
    );
    yield page.rows.map(({ position, id, type, occurred_at, personal }) => ({
      position,
      type,
      occurredAt: occurred_at,
      fields: Object.fromEntries(
        Object.entries(personal).map(([field, text]) => [field, decryptField(key, id, field, text)]),
      ),
    }));
    if (page.rows.length < PAGE) return;
    after = page.rows.at(-1)!.position;
  }
}
