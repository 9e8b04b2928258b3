/** An event as it lies in the log: the envelope parsed, the payload still text. */
import type pg from 'pg';
import type { EventEnvelope } from './declarations.ts';

export interface StoredEvent extends EventEnvelope {
  slot: number;
  /** JSON of the payload, with null in place of personal fields. */
  payloadText: string;
  /** Ciphertext of the personal fields. */
  personal: { [field: string]: string } | null;
}

const COLUMNS = `position, id, type, version, key, slot, subjects, occurred_at, recorded_at, actor, cause, trace,
       payload, personal`;

type Row = [
  position: string,
  id: string,
  type: string,
  version: string,
  key: string,
  slot: string,
  subjects: string[] | null,
  occurredAt: string,
  recordedAt: string,
  actor: string,
  cause: string | null,
  trace: string | null,
  payload: string,
  personal: string | null,
];

/** Reads positions after one and up to another. The connection must have its time zone set to UTC. */
export function selectEvents(after: number, upTo: number): pg.QueryArrayConfig {
  return {
    name: 'events.select',
    text: `SELECT ${COLUMNS} FROM events.log WHERE position > $1 AND position <= $2 ORDER BY position`,
    values: [after, upTo],
    rowMode: 'array',
    types: { getTypeParser },
  };
}

export function selectPositions(positions: readonly number[]): pg.QueryArrayConfig {
  return {
    name: 'events.pick',
    text: `SELECT ${COLUMNS} FROM events.log WHERE position = ANY($1) ORDER BY position`,
    values: [positions],
    rowMode: 'array',
    types: { getTypeParser },
  };
}

const TEXT_ARRAY = 1009;

// Everything stays text but the arrays: dates and payloads are parsed where they are needed, once.
function getTypeParser(oid: number): (text: string) => unknown {
  return oid === TEXT_ARRAY ? parseTextArray : (text) => text;
}

/** PostgreSQL's text of a one-dimensional text[] without nulls. */
export function parseTextArray(text: string): string[] {
  if (!text.includes('"')) return text === '{}' ? [] : text.slice(1, -1).split(',');
  const items: string[] = [];
  for (const [, quoted, plain] of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,"]+)/g))
    items.push(quoted === undefined ? plain! : quoted.replace(/\\(.)/g, '$1'));
  return items;
}

export function fromRow(values: unknown): StoredEvent {
  const row = values as Row;
  return {
    position: Number(row[0]),
    id: row[1],
    type: row[2],
    version: Number(row[3]),
    key: row[4],
    slot: Number(row[5]),
    subjects: row[6] ?? [],
    occurredAt: parseTime(row[7]),
    recordedAt: parseTime(row[8]),
    actor: row[9],
    cause: row[10],
    trace: row[11],
    payloadText: row[12],
    personal: row[13] === null ? null : JSON.parse(row[13]),
  };
}

/** `2026-11-21 10:00:00.123456+00`, of a connection in UTC, years 1 to 9999. */
function parseTime(text: string): Date {
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}
