/** Requests about personal data: exports and erasures, with their state. */
import { newId, type Queryable } from '@moonbase/data';
import type { SubjectKind } from '../personal.ts';

export interface RequestRow {
  id: string;
  kind: 'export' | 'erasure';
  subjectKind: SubjectKind;
  subjectId: string;
  state: 'running' | 'ready' | 'done' | 'expired' | 'failed';
  askedBy: string;
  askedAt: Date;
  endedAt: Date | null;
  expiresAt: Date | null;
  bytes: number | null;
  counts: Record<string, number> | null;
}

const COLUMNS = `id, kind, subject_kind AS "subjectKind", subject_id AS "subjectId", asked_by AS "askedBy",
  asked_at AS "askedAt", ended_at AS "endedAt", expires_at AS "expiresAt", bytes, counts,
  CASE WHEN state = 'ready' AND NOT EXISTS (SELECT FROM privacy.parts p WHERE p.request_id = requests.id)
       THEN 'expired' ELSE state END AS state`;

export async function addRequest(
  tx: Queryable,
  request: Pick<RequestRow, 'kind' | 'subjectKind' | 'subjectId' | 'askedBy' | 'state'>,
  now: Date,
): Promise<RequestRow> {
  const { kind, subjectKind, subjectId, askedBy, state } = request;
  const made = await tx.query<RequestRow>(
    `INSERT INTO privacy.requests (id, kind, subject_kind, subject_id, state, asked_by, asked_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $5 = 'done' THEN $7::timestamptz END) RETURNING ${COLUMNS}`,
    [newId(), kind, subjectKind, subjectId, state, askedBy, now],
  );
  return made.rows[0]!;
}

export async function findRequest(db: Queryable, id: string): Promise<RequestRow | undefined> {
  const found = await db.query<RequestRow>(`SELECT ${COLUMNS} FROM privacy.requests WHERE id = $1`, [id]);
  return found.rows[0];
}

/** The latest first. @param subject only of this one, and only exports */
export async function listRequests(db: Queryable, subject?: string): Promise<RequestRow[]> {
  const found = await db.query<RequestRow>(
    `SELECT ${COLUMNS} FROM privacy.requests WHERE $1::text IS NULL OR subject_id = $1 AND kind = 'export'
      ORDER BY asked_at DESC, id DESC LIMIT 200`,
    [subject ?? null],
  );
  return found.rows;
}

/** Of an export that runs, or is ready and of this day: asking twice makes one. */
export async function freshExport(
  db: Queryable,
  subject: string,
  now: Date,
): Promise<RequestRow | undefined> {
  const [latest] = (await listRequests(db, subject)).filter(
    ({ state, askedAt }) =>
      (state === 'running' || state === 'ready') && now.getTime() - askedAt.getTime() < 86_400_000,
  );
  return latest;
}

/**
 * What the platform itself keeps about an erased one: answers kept for repeated requests, archives. Evidence of
 * consent and of requests names only an id and stays for its period.
 */
export async function erasePlatformCopies(tx: Queryable, ids: readonly string[], now: Date): Promise<void> {
  // A repeat of such a request is told that it was carried out and that its answer is not there any more.
  await tx.query(
    `UPDATE http.idempotency SET state = 'carried-out', answer = NULL, status = NULL, headers = NULL
      WHERE state = 'answered' AND EXISTS (SELECT FROM unnest($1::text[]) AS id WHERE strpos(answer::text, id) > 0)`,
    [ids],
  );
  await tx.query(
    `DELETE FROM privacy.parts WHERE request_id IN (SELECT id FROM privacy.requests WHERE subject_id = ANY($1))`,
    [ids],
  );
  await tx.query(
    'UPDATE privacy.consents SET erased_at = $2 WHERE person_id::text = ANY($1) AND erased_at IS NULL',
    [ids, now],
  );
}
