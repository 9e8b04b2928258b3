/** Keeps sales that were not taken in, to be mended and tried again. The newest content of a reference wins. */
import type { Transaction } from '@moonbase/data';
import type { World } from './prepare-sale.ts';
import type { Refused } from './write-sales.ts';

const COLUMNS = `id, status, source, reference, code, field, detail, input, agents, product, branch, upload, line,
  actor, received_at`;

const ROWS = `(
  SELECT id, status, source, reference, code, field, detail, input,
         ARRAY(SELECT jsonb_array_elements_text(names)) AS agents, product, branch, upload, line, actor, received_at
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
              $9::jsonb[], $10::text[], $11::text[], $12::uuid[], $13::bigint[], $14::text[], $15::timestamptz[])
    AS r(id, status, source, reference, code, field, detail, input, names, product, branch, upload, line,
         actor, received_at)
  ORDER BY reference, source, id)`;

/** @returns the id of each in the list of rejected sales, in order */
export async function keepRejected(
  tx: Transaction,
  refused: readonly Refused[],
  world: World,
): Promise<string[]> {
  const newest = new Map(refused.map((each) => [placeOf(each.sale), each]));
  const rows = [...newest.values()];
  const fresh = rows.filter(({ sale }) => !sale.listed);
  const listed = rows.filter(({ sale }) => sale.listed);
  const ids = new Map(listed.map(({ sale }) => [placeOf(sale), sale.id]));
  if (fresh.length > 0) {
    const answer = await tx.query<{ id: string; source: string; reference: string | null }>(
      `INSERT INTO sales.rejected AS kept (${COLUMNS}, tried_at)
       SELECT ${COLUMNS}, $16 FROM ${ROWS} r
       ON CONFLICT (reference, source) DO UPDATE SET
         status = excluded.status, code = excluded.code, field = excluded.field, detail = excluded.detail,
         input = excluded.input, agents = excluded.agents, product = excluded.product, branch = excluded.branch,
         upload = coalesce(excluded.upload, kept.upload), line = coalesce(excluded.line, kept.line),
         actor = excluded.actor, tried_at = excluded.tried_at, attempts = kept.attempts + 1
       RETURNING id, source, reference`,
      parameters(fresh, world),
    );
    for (const row of answer.rows) ids.set(placeOf(row), row.id);
  }
  // Only where it still is: another push of the reference may have been taken in meanwhile.
  if (listed.length > 0) {
    await tx.query(
      `DELETE FROM sales.rejected r USING unnest($1::uuid[], $2::text[], $3::text[]) AS l(id, reference, source)
       WHERE r.reference = l.reference AND r.source = l.source AND r.id <> l.id`,
      [
        listed.map(({ sale }) => sale.id),
        listed.map(({ sale }) => sale.reference),
        listed.map(({ sale }) => sale.source),
      ],
    );
    await tx.query(
      `UPDATE sales.rejected kept SET
         status = r.status, source = r.source, reference = r.reference, code = r.code, field = r.field,
         detail = r.detail, input = r.input, agents = r.agents, product = r.product, branch = r.branch,
         tried_at = $16, attempts = attempts + 1
       FROM ${ROWS} r WHERE r.id = kept.id`,
      parameters(listed, world),
    );
  }
  return refused.map(({ sale }) => ids.get(placeOf(sale))!);
}

function parameters(rows: readonly Refused[], world: World): unknown[] {
  return [
    rows.map(({ sale }) => sale.id),
    rows.map(({ refusal }) => (refusal.code === 'agent_unknown' ? 'waiting' : 'rejected')),
    rows.map(({ sale }) => sale.source),
    rows.map(({ sale }) => sale.reference || null),
    rows.map(({ refusal }) => refusal.code),
    rows.map(({ refusal }) => refusal.field),
    rows.map(({ refusal }) => refusal.detail ?? null),
    rows.map(({ sale }) => JSON.stringify(sale.sent)),
    rows.map(({ sale }) => JSON.stringify(sale.shares?.map((share) => share.agent) ?? [sale.agent])),
    rows.map(({ sale }) => sale.product),
    rows.map(({ sale }) => sale.branch),
    rows.map(({ sale }) => sale.origin?.upload ?? null),
    rows.map(({ sale }) => sale.origin?.line ?? null),
    rows.map(({ sender }) => sender.actor),
    rows.map(({ sale }) => sale.receivedAt.toISOString()),
    world.clock.now().toISOString(),
  ];
}

/** What it is kept under: its reference, or itself where the row has none. */
function placeOf(sale: { id: string; reference: string | null; source: string }): string {
  return sale.reference ? `${sale.reference}\0${sale.source}` : sale.id;
}
