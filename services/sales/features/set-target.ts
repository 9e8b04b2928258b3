/** Sets, changes and deletes targets. Their progress is counted by the reaction track-progress. */
import type { Transaction } from '@moonbase/data';
import { newId } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Handler, ServiceContext } from '@moonbase/service';
import { context as requestContext } from '@moonbase/telemetry';
import type { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { targetChanged } from '../events.ts';
import type { TargetInput, TargetSubject } from '../schema.ts';
import { subjectOf, unitOf } from './announce-reached.ts';
import { COMPANY } from './day-counters.ts';
import { fourDecimals } from './decimals.ts';
import { readTarget } from './read-targets.ts';

/** One target per external reference: setting it again answers with the first, changed if it differs. */
export const createTarget: Handler<typeof salesApi.createTarget> = async ({ body }, context) => {
  const { id, created } = await context.db.transaction(async (tx) => {
    const there = body.reference && (await lockReference(body.reference, tx));
    if (!there) return { id: await writeTarget(null, body, tx, context), created: true };
    return { id: await writeTarget(there, body, tx, context), created: false };
  });
  return { status: created ? 201 : 200, body: await readTarget(id, context) };
};

/** Changes it; the same content again changes nothing. */
export const changeTarget: Handler<typeof salesApi.changeTarget> = async ({ params, body }, context) => {
  await context.db.transaction((tx) => writeTarget(params.id, body, tx, context));
  return { status: 200, body: await readTarget(params.id, context) };
};

/** Deletes it; what it reached stays announced. */
export const deleteTarget: Handler<typeof salesApi.deleteTarget> = async ({ params }, context) => {
  await context.db.transaction(async (tx) => {
    const gone = await tx.query<TargetRow>(
      `UPDATE sales.targets SET deleted = true, revision = revision + 1, changed_at = $2, actor = $3
       WHERE id = $1 AND NOT deleted RETURNING ${ROW}`,
      [params.id, context.clock.now(), requestContext().actor],
    );
    if (!gone.rows[0]) throw salesError('target_unknown');
    await publishTarget(gone.rows[0], tx);
  });
  return { status: 204, body: undefined };
};

interface TargetRow {
  id: string;
  revision: number;
  kind: TargetSubject['kind'];
  subject_id: string;
  period: 'month' | 'quarter' | 'year' | 'open';
  first_day: string;
  last_day: string | null;
  repeats: boolean;
  measure: 'amount' | 'count';
  value: string;
  currency: string | null;
  thresholds: number[];
  deleted: boolean;
}

const ROW = `id, revision, kind, subject_id, period, first_day, last_day, repeats, measure, value::text AS value,
  currency, thresholds, deleted`;

/** The target of a reference, locked; a second request for a new one waits for the first. */
async function lockReference(reference: string, tx: Transaction): Promise<string | null> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`sales.targets/${reference}`]);
  const there = await tx.query<{ id: string }>(
    'SELECT id FROM sales.targets WHERE reference = $1 AND NOT deleted',
    [reference],
  );
  return there.rows[0]?.id ?? null;
}

/** Writes a target, new where `id` is null, and its event; nothing when it is so already. */
export async function writeTarget(
  id: string | null,
  input: TargetInput,
  tx: Transaction,
  context: ServiceContext,
): Promise<string> {
  const { measure, currency } = input;
  const subject = await checkSubject(input.subject, tx);
  const value = fourDecimals(input.value);
  if (value.startsWith('-') || !/[1-9]/.test(value)) throw impossible('/value', 'must be above 0');
  if (measure === 'count' && !/\.0000$/.test(value))
    throw impossible('/value', 'must be a whole number of sales');
  if ((measure === 'amount') !== (currency !== null))
    throw impossible(
      '/currency',
      measure === 'amount' ? 'is needed for an amount' : 'must be null for a count',
    );
  const thresholds = [...new Set(input.thresholds)].sort((a, b) => a - b);
  const { kind, repeats } = input.period;
  if (kind === 'open' && repeats) throw impossible('/period/repeats', 'an open-ended target cannot repeat');
  const row = [
    ...[input.subject.kind, subject, kind, input.period.from, repeats, measure, value, currency, thresholds],
    ...[input.reference, context.clock.now(), requestContext().actor],
  ];
  // Months, quarters and years begin on their first day, whichever day of them was named.
  const first = `CASE WHEN $4 = 'open' THEN $5::date ELSE date_trunc($4, $5::timestamp)::date END`;
  const last = `CASE WHEN $4 = 'open' OR $6 THEN NULL ELSE (date_trunc($4, $5::timestamp) + CASE $4
    WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' ELSE interval '1 year' END)::date - 1 END`;
  const answer = id
    ? await tx.query<TargetRow>(
        `UPDATE sales.targets SET kind = $2, subject_id = $3, period = $4, first_day = ${first}, last_day = ${last},
           repeats = $6, measure = $7, value = $8, currency = $9, thresholds = $10,
           reference = coalesce($11, reference), changed_at = $12, actor = $13, revision = revision + 1
         WHERE id = $1 AND NOT deleted
           AND (kind, subject_id, period, first_day, last_day, repeats, measure, value, currency, thresholds)
            IS DISTINCT FROM ($2, $3::uuid, $4, ${first}, ${last}, $6::boolean, $7, $8::numeric, $9, $10::float8[])
         RETURNING ${ROW}`,
        [id, ...row],
      )
    : await tx.query<TargetRow>(
        `INSERT INTO sales.targets (id, kind, subject_id, period, first_day, last_day, repeats, measure, value,
           currency, thresholds, reference, changed_at, actor)
         VALUES ($1, $2, $3, $4, ${first}, ${last}, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${ROW}`,
        [newId(), ...row],
      );
  const written = answer.rows[0];
  if (written) {
    await tx.query('INSERT INTO sales.target_revisions VALUES ($1, $2, $3, $4, $5)', [
      ...[written.id, written.revision, written.value, ...row.slice(-2)],
    ]);
    await publishTarget(written, tx);
    return written.id;
  }
  const there = await tx.query('SELECT FROM sales.targets WHERE id = $1 AND NOT deleted', [id]);
  if (there.rowCount === 0) throw salesError('target_unknown');
  return id!;
}

function impossible(at: string, message: string) {
  return salesError('target_impossible', { faults: [{ at, message }] });
}

const TABLES = {
  agent: 'known_agents',
  team: 'known_teams',
  branch: 'known_branches',
  product: 'known_products',
};

async function checkSubject({ kind, id }: TargetSubject, tx: Transaction): Promise<string> {
  if (kind === 'company') {
    if (id !== null) throw impossible('/subject/id', 'must be null for the company');
    return COMPANY;
  }
  const known = id && (await tx.query(`SELECT FROM sales.${TABLES[kind]} WHERE id = $1`, [id])).rowCount;
  if (!id || !known)
    throw salesError('target_subject_unknown', {
      faults: [{ at: '/subject/id', message: `is no known ${kind}` }],
    });
  return id;
}

async function publishTarget(row: TargetRow, tx: Transaction): Promise<void> {
  await publish(tx, targetChanged, {
    key: row.id,
    subjects: row.kind === 'agent' ? [row.subject_id] : [],
    payload: {
      targetId: row.id,
      revision: row.revision,
      subject: subjectOf(row),
      period: { kind: row.period, from: row.first_day, to: row.last_day, repeats: row.repeats },
      measure: row.measure,
      value: row.value,
      currency: row.currency,
      thresholds: row.thresholds,
      deleted: row.deleted,
      unitId: unitOf(row),
    },
  });
}
