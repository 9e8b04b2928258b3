/**
 * Takes in rows of a batch or an upload: good ones are recorded, the others are kept with line, field and
 * reason in the list of rejected sales. What became of each is told in order.
 */
import { newId } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import { context as requestContext } from '@moonbase/telemetry';
import type { z } from 'zod';
import { salesError } from '../errors.ts';
import { type BatchSummary, type RowOutcome, saleInput } from '../schema.ts';
import { keepRejected } from './keep-rejected.ts';
import { type PreparedSale, prepareSale, type Refusal, type World } from './prepare-sale.ts';
import { writeSale } from './record-sale.ts';
import type { Outcome } from './write-sales.ts';

/** Most rows that are on their way to the database in one call. */
export const ROWS = 500;

export interface Row {
  /** Line of an upload, or place in an array, from 1. */
  line: number;
  /** A sale's fields, unchecked. */
  input: unknown;
  /** Why it cannot even be read. */
  fault?: string;
}

/** @param upload id that the kept rows can be found by; null for a batch that is answered at once */
export async function takeRows(
  rows: readonly Row[],
  upload: string | null,
  world: World,
  context: ServiceContext,
): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = new Array(rows.length);
  const kept: { place: number; sale: PreparedSale; refusal: Refusal }[] = [];
  const invalid = new Set<number>();
  await Promise.all(
    rows.map(async (row, place) => {
      const origin = upload === null ? null : { upload, line: row.line };
      const parsed = row.fault === undefined ? saleInput.safeParse(row.input) : null;
      if (!parsed?.success) {
        kept.push({
          place,
          sale: unusable(row, origin, world),
          refusal: faultOf(row, parsed?.error.issues[0]),
        });
        invalid.add(place);
        return;
      }
      const sale = prepareSale(parsed.data, world, origin);
      const outcome = await writeSale(context.system, { sale, world });
      outcomes[place] = tell(row, sale, outcome);
      if (outcome.outcome === 'conflict')
        kept.push({ place, sale, refusal: { code: 'reference_conflict', field: 'reference' } });
    }),
  );
  if (kept.length === 0) return outcomes;
  kept.sort((a, b) => a.place - b.place);
  const sender = requestContext();
  const ids = await context.db.transaction((tx) =>
    keepRejected(
      tx,
      kept.map(({ sale, refusal }) => ({ sale, refusal, sender })),
      world,
    ),
  );
  for (const [index, { place, sale, refusal }] of kept.entries()) {
    const outcome = invalid.has(place) ? 'invalid' : 'conflict';
    outcomes[place] = told(rows[place]!, sale, outcome, ids[index]!, refusal);
  }
  return outcomes;
}

/** Counts outcomes into a summary. */
export function count(summary: BatchSummary, outcomes: readonly RowOutcome[]): void {
  summary.rows += outcomes.length;
  for (const { outcome } of outcomes) summary[outcome] += 1;
}

/** A summary of nothing yet. */
export function emptySummary(): BatchSummary {
  return { rows: 0, recorded: 0, repeated: 0, waiting: 0, rejected: 0, conflict: 0, invalid: 0 };
}

function tell(row: Row, sale: PreparedSale, outcome: Outcome): RowOutcome {
  if (outcome.outcome === 'conflict')
    return told(row, sale, 'conflict', outcome.saleId, { code: 'reference_conflict', field: 'reference' });
  if ('refusal' in outcome) return told(row, sale, outcome.outcome, outcome.id, outcome.refusal);
  return told(row, sale, outcome.outcome, outcome.receipt.saleId, null);
}

function told(
  row: Row,
  sale: PreparedSale,
  outcome: RowOutcome['outcome'],
  id: string,
  refusal: Refusal | null,
): RowOutcome {
  const error = refusal && salesError.table[refusal.code];
  return {
    ...{ line: row.line, outcome, source: sale.source || null, reference: sale.reference || null, id },
    code: refusal?.code ?? null,
    field: refusal?.field ?? null,
    message: error ? (refusal.detail ? `${error.message} ${refusal.detail}` : error.message) : null,
    remedy: error?.remedy ?? null,
  };
}

function faultOf(row: Row, issue: z.core.$ZodIssue | undefined): Refusal {
  if (!issue) return { code: 'sale_invalid', field: null, detail: row.fault };
  const field = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path.join('.');
  return { code: 'sale_invalid', field: field || null, detail: `${issue.message}.` };
}

/** A row that is no sale, in the form in which it can be kept. */
function unusable(row: Row, origin: PreparedSale['origin'], world: World): PreparedSale {
  const fields = (typeof row.input === 'object' && row.input !== null ? row.input : {}) as Record<
    string,
    unknown
  >;
  const word = (name: string, longest: number) => {
    const value = fields[name];
    return typeof value === 'string' && value.length <= longest ? String(storable(value)) : '';
  };
  return {
    ...{ id: newId(), source: word('source', 64) || 'api', reference: word('reference', 128) },
    ...{ digest: '', agent: word('agent', 64), shares: null, product: word('product', 64), branch: null },
    ...{ amount: '0', currency: '', instant: null, local: null, zone: null, policyNumber: null },
    ...{ policyholder: null, refusal: null, sent: storable(row.input), origin, listed: false, within: null },
    receivedAt: world.clock.now(),
  };
}

/** The same with what PostgreSQL's JSON cannot hold (NUL, half a surrogate pair) replaced. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [String(storable(name)), storable(part)]),
  );
}
