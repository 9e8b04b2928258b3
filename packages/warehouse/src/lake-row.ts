/** One event as a row of the lake, before its payload is typed. */
import type { Event, EventDeclaration } from '@moonbase/events';
import type { LogSource } from './log-source.ts';

/** Columns of every file beside `payload`; the staging table has the payload as JSON text. */
export const STAGING_COLUMNS = `
  position BIGINT, id VARCHAR, type VARCHAR, version INTEGER, key VARCHAR,
  occurred_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ, actor VARCHAR, payload VARCHAR`;

export type LakeRow = [bigint, string, string, number, string | null, Date, Date, string, string];

/**
 * The row of an event. Nobody can be recognised in it: `lake` drops personal fields and replaces people by
 * pseudonyms; the actor keeps only its kind; a key that names a person becomes that person's pseudonym.
 */
export function lakeRow(event: Event, declaration: EventDeclaration, log: Pick<LogSource, 'lake'>): LakeRow {
  const payload = log.lake(event);
  return [
    BigInt(event.position),
    event.id,
    event.type,
    event.version,
    lakeKey(event, declaration, payload),
    event.occurredAt,
    event.recordedAt,
    event.actor.split(':', 1)[0]!,
    JSON.stringify(payload),
  ];
}

function lakeKey(event: Event, declaration: EventDeclaration, payload: unknown): string | null {
  for (const path of declaration.people ?? []) {
    const originals = valuesAt(event.payload, path.split('.'));
    const at = originals.indexOf(event.key);
    if (at >= 0) return (valuesAt(payload, path.split('.'))[at] as string | undefined) ?? null;
  }
  return event.subjects.includes(event.key) ? null : event.key;
}

function valuesAt(value: unknown, [step, ...rest]: string[]): unknown[] {
  if (step === undefined) return [value];
  if (value === null || typeof value !== 'object') return [];
  const below = step === '*' ? Object.values(value) : [(value as Record<string, unknown>)[step]];
  return below.flatMap((each) => valuesAt(each, rest));
}
