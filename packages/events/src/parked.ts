/** Events that a consumer failed on, and the later ones of their keys, which wait behind them. */
import type { Queryable, Transaction } from '@moonbase/data';
import { loggableError } from '@moonbase/telemetry';
import type { StoredEvent } from './stored-event.ts';

/** An event to be parked. */
export interface Parking {
  stored: StoredEvent;
  /** Null where it only waits behind an earlier one. */
  error: string | null;
  attempts: number;
  /** Milliseconds; null: not by itself. */
  retryIn: number | null;
}

/** The first parked event of a key: the one that failed. */
export interface ParkedKey {
  consumer: string;
  key: string;
  position: number;
  eventId: string;
  type: string;
  version: number;
  error: string;
  attempts: number;
  parkedAt: Date;
  /** When it is tried again by itself; null: it waits for a person. */
  retryAt: Date | null;
  /** Later events of the key that wait behind it. */
  behind: number;
}

export async function insertParked(tx: Transaction, consumer: string, parking: Parking[]): Promise<void> {
  if (parking.length === 0) return;
  await tx.query(
    `INSERT INTO events.parked (consumer, key, position, slot, error, attempts, retry_at)
     SELECT $1, key, position, slot, error, attempts, now() + wait * interval '1 millisecond'
       FROM unnest($2::text[], $3::bigint[], $4::smallint[], $5::text[], $6::integer[], $7::float8[])
            AS p(key, position, slot, error, attempts, wait)`,
    [
      consumer,
      parking.map(({ stored }) => stored.key),
      parking.map(({ stored }) => stored.position),
      parking.map(({ stored }) => stored.slot),
      parking.map(({ error }) => error),
      parking.map(({ attempts }) => attempts),
      parking.map(({ retryIn }) => retryIn),
    ],
  );
}

/** Keys that have parked events. True for the lanes that the transaction has claimed. */
export async function parkedKeys(tx: Transaction, consumer: string): Promise<Set<string>> {
  const keys = await tx.query<{ key: string }>('SELECT DISTINCT key FROM events.parked WHERE consumer = $1', [
    consumer,
  ]);
  return new Set(keys.rows.map(({ key }) => key));
}

/** The parked keys of all consumers, oldest first, a thousand at most. */
export async function listParked(db: Queryable): Promise<ParkedKey[]> {
  const answer = await db.query<ParkedKey>(
    `SELECT p.consumer, p.key, p.position, l.id AS "eventId", l.type, l.version,
            coalesce(p.error, 'It waits.') AS error, p.attempts, p.parked_at AS "parkedAt",
            p.retry_at AS "retryAt", p.behind
       FROM (SELECT DISTINCT ON (consumer, key) *, count(*) OVER (PARTITION BY consumer, key) - 1 AS behind
               FROM events.parked ORDER BY consumer, key, position) AS p
       JOIN events.log l ON l.position = p.position
      ORDER BY p.position LIMIT 1000`,
  );
  return answer.rows;
}

/** What is kept of an error: what a log may say of it, never the row that PostgreSQL quotes. */
export function describeError(error: unknown): string {
  const { type, message, code } = loggableError(error) as { type?: string; message: string; code?: string };
  return `${type ?? 'Error'}${code ? ` ${code}` : ''}: ${message}`.slice(0, 1_000);
}
