/**
 * Publishing: the events of a call become one row of the inbox, written in the caller's transaction. They
 * exist if and only if it commits; the sequencer gives them their positions afterwards.
 */
import { newId, type Transaction } from '@moonbase/data';
import { type Context, context } from '@moonbase/telemetry';
import { checkDeclaration } from './check-declaration.ts';
import type { EventDeclaration, NewEvent } from './declarations.ts';
import { EventsError } from './errors.ts';
import { measures } from './measures.ts';
import { encryptField } from './personal-fields.ts';
import { slotOf } from './slots.ts';
import { ensureSubjects } from './subjects.ts';
import { announcePublished } from './wake-ups.ts';

/** Most events in a row of the inbox; the sequencer counts on it. */
const ROW = 1_000;
/** Characters of a payload: hosts hold thousands of events in memory. What is larger is a file. */
const LARGEST = 1_048_576;

interface Record {
  id: string;
  key: string;
  payload: unknown;
  details?: Details;
}

/** What most events don't have; undefined is not written. */
interface Details {
  subjects?: readonly string[];
  at?: Date;
  personal?: { [field: string]: string };
  actor?: string;
  cause?: string;
  trace?: string;
}

/**
 * Publishes one event or many of a kind, in their order. Call it after the rows that they speak of are
 * locked or written: events of one key then come in the order of the commits.
 *
 * @returns the ids of the events
 * @throws EventsError `invalid_payload`, `invalid_event`, `subject_missing`
 * @example
 *   await publish(tx, salesRecorded, { key: sale.id, payload: { after: sale, policyholder } });
 */
export async function publish<D extends EventDeclaration>(
  tx: Transaction,
  declaration: D,
  input: NewEvent<D> | readonly NewEvent<D>[],
): Promise<string[]> {
  const events: readonly NewEvent<D>[] = Array.isArray(input) ? input : [input as NewEvent<D>];
  if (events.length === 0) return [];
  checkDeclaration(declaration);
  const outer = context();
  // Events that bring a context of their own share nothing with the row.
  const own = events.some((event) => event.context !== undefined);
  const records = events.map((event) => toRecord(declaration, event));
  if (own) for (const [index, record] of records.entries()) setContext(record, outer, events[index]!.context);
  if (declaration.personal?.length) await encryptPersonal(tx, declaration.personal, records);
  for (let from = 0; from < records.length; from += ROW) {
    const part = records.length <= ROW ? records : records.slice(from, from + ROW);
    const lines = part.map((record) => JSON.stringify(record.payload));
    if (lines.some((line) => line.length > LARGEST))
      throw new EventsError('invalid_event', {
        detail: `${declaration.type}: its payload is over a mebibyte.`,
      });
    const payloads = lines.join('\n');
    const details = part.some((record) => record.details)
      ? JSON.stringify(part.map((record) => record.details ?? {}))
      : null;
    refuseUnstorable(declaration, payloads);
    if (details) refuseUnstorable(declaration, details);
    // Its answer says nothing, and it is often the last statement: it then goes out with the COMMIT.
    tx.send(
      {
        name: 'events.publish',
        text: `INSERT INTO events.inbox (type, version, actor, cause, trace, size, ids, keys, slots, payloads, details)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      },
      [
        declaration.type,
        declaration.version,
        outer.actor,
        own ? null : outer.cause,
        own ? null : (outer.traceId ?? null),
        part.length,
        `{${part.map((record) => record.id).join(',')}}`,
        part.map((record) => record.key),
        `{${part.map((record) => slotOf(record.key)).join(',')}}`,
        payloads,
        details,
      ],
    );
  }
  tx.afterCommit(() => {
    measures.published(declaration.type).inc(records.length);
    announcePublished();
  });
  return records.map((record) => record.id);
}

function toRecord<D extends EventDeclaration>(declaration: D, event: NewEvent<D>): Record {
  const parsed = declaration.payload.safeParse(event.payload);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new EventsError('invalid_payload', {
      detail: `${declaration.type}: ${path.join('.') || 'payload'}: ${message}.`,
      cause: parsed.error,
    });
  }
  if (!event.key || event.key.includes('\0') || !event.key.isWellFormed())
    throw new EventsError('invalid_event', { detail: `${declaration.type}: its key is no usable text.` });
  const year = event.occurredAt?.getUTCFullYear();
  if (year !== undefined && !(year >= 1 && year <= 9999))
    throw new EventsError('invalid_event', { detail: `${declaration.type}: occurredAt is no usable date.` });
  return {
    id: newId(),
    key: event.key,
    payload: parsed.data,
    details:
      event.subjects?.length || event.occurredAt
        ? { subjects: event.subjects?.length ? event.subjects : undefined, at: event.occurredAt }
        : undefined,
  };
}

function setContext(record: Record, outer: Context, inner: Partial<Context> | undefined): void {
  const { actor, cause, traceId } = { ...outer, ...inner };
  record.details = { ...record.details, actor, cause: cause ?? undefined, trace: traceId };
}

/** Moves personal fields out of the payloads, encrypted; those of an erased person are left out. */
async function encryptPersonal(tx: Transaction, fields: readonly string[], records: Record[]): Promise<void> {
  const owned = records.filter((record) => {
    const payload = record.payload as { [field: string]: unknown };
    return fields.some((field) => payload[field] !== null && payload[field] !== undefined);
  });
  const owner = (record: Record) => {
    if (record.details?.subjects) return record.details.subjects[0]!;
    throw new EventsError('subject_missing', { detail: `Its key is ${record.key}.` });
  };
  const subjects = await ensureSubjects(tx, owned.map(owner));
  for (const record of owned) {
    const payload = { ...(record.payload as { [field: string]: unknown }) };
    const key = subjects.get(owner(record))?.key;
    record.payload = payload;
    for (const field of fields) {
      const value = payload[field];
      if (value === null || value === undefined) continue;
      payload[field] = null;
      if (!key) continue;
      record.details!.personal ??= {};
      record.details!.personal[field] = encryptField(key, record.id, field, value);
    }
  }
}

/** PostgreSQL's text has no NUL, its JSON no lone surrogates: say so here, where it can be understood. */
function refuseUnstorable(declaration: EventDeclaration, json: string): void {
  if (!json.includes('\\u')) return;
  // An even number of backslashes before it is text that speaks of an escape, not one.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(json))
    throw new EventsError('invalid_event', {
      detail: `${declaration.type}: a text holds a NUL character or half a surrogate pair.`,
    });
}
