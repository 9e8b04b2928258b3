/** A consumer in the database: made at its first start, with as many lanes as it declares. */
import type { Database, Queryable, Transaction } from '@moonbase/data';
import type { ConsumerOptions } from './consumer.ts';

/**
 * Makes the consumer if it is not there: at the beginning of the log, or, with `bootstrap`, at its head.
 *
 * @returns where it starts if it was made now, and whether the beginning of the log is gone
 */
export function createConsumer(
  db: Database,
  { name, bootstrap }: Pick<ConsumerOptions, 'name' | 'bootstrap'>,
  lanes: number,
): Promise<{ position: number; late: boolean } | undefined> {
  return db.transaction(async (tx) => {
    const made = await tx.query(
      'INSERT INTO events.consumers (name, lanes, started_at) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
      [name, lanes],
    );
    if (!made.rowCount) return undefined;
    // Retention takes this lock alone: no partition is dropped between looking and leaving a position.
    if (!bootstrap) await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtext('events.retention'))`);
    const from = await tx.query<{ position: number }>(
      bootstrap
        ? 'SELECT position FROM events.head'
        : 'SELECT coalesce(min(first), 1) - 1 AS position FROM events.partitions',
    );
    const { position } = from.rows[0]!;
    // The position is read first: what the owner lists afterwards holds all that came before it.
    if (bootstrap) await bootstrap(tx, position);
    await tx.query('UPDATE events.consumers SET started_at = $2 WHERE name = $1', [name, position]);
    await insertLanes(tx, name, position);
    return { position, late: !bootstrap && position > 0 };
  });
}

/** Gives a consumer another number of lanes. All its lanes must be claimed, and at one position. */
export async function changeLanes(tx: Transaction, name: string, lanes: number): Promise<void> {
  const old = await tx.query<{ position: number }>(
    'DELETE FROM events.lanes WHERE consumer = $1 RETURNING position',
    [name],
  );
  await tx.query('UPDATE events.consumers SET lanes = $2 WHERE name = $1', [name, lanes]);
  await insertLanes(tx, name, old.rows[0]!.position);
}

async function insertLanes(tx: Transaction, name: string, position: number): Promise<void> {
  await tx.query(
    `INSERT INTO events.lanes (consumer, lane, position, parked)
     SELECT c.name, lane, $2, (SELECT count(*) FROM events.parked p WHERE p.consumer = $1 AND p.slot % c.lanes = lane)
       FROM events.consumers c, generate_series(0, c.lanes - 1) AS lane WHERE c.name = $1`,
    [name, position],
  );
}

export interface LaneRow {
  consumer: string;
  lane: number;
  position: number;
  parked: number;
  /** After failures; it is not claimed until its time has come. */
  waits: boolean;
  laneCount: number;
}

/** Every lane of every consumer that has been here, also of those that other hosts run. */
export async function readLanes(db: Queryable): Promise<LaneRow[]> {
  const rows = await db.query<LaneRow>({
    name: 'events.lanes',
    text: `SELECT l.consumer, l.lane, l.position, l.parked, coalesce(l.waits_until > now(), false) AS waits,
                  c.lanes AS "laneCount"
             FROM events.lanes l JOIN events.consumers c ON c.name = l.consumer ORDER BY l.consumer, l.lane`,
  });
  return rows.rows;
}

/** Consumers with a parked key whose time has come. */
export async function readDue(db: Queryable): Promise<Set<string>> {
  const due = await db.query<{ consumer: string }>({
    name: 'events.due',
    text: 'SELECT DISTINCT consumer FROM events.parked WHERE retry_at <= now()',
  });
  return new Set(due.rows.map(({ consumer }) => consumer));
}

export interface Advance {
  consumer: string;
  lane: number;
  /** The position from which on the log was looked at. */
  from: number;
  /** The position up to which it holds nothing for the lane. */
  to: number;
}

/** Moves lanes for which the log holds nothing, in one statement; those under work are left alone. */
export async function advanceIdle(tx: Transaction, advances: readonly Advance[]): Promise<void> {
  await tx.query(
    `WITH idle AS (
       SELECT l.consumer, l.lane, v.upto
         FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[]) AS v(consumer, lane, known, upto)
         JOIN events.lanes l ON l.consumer = v.consumer AND l.lane = v.lane
        WHERE l.position >= v.known AND l.position < v.upto AND l.waits_until IS NULL
        ORDER BY l.consumer, l.lane FOR UPDATE OF l SKIP LOCKED
     )
     UPDATE events.lanes l SET position = idle.upto FROM idle WHERE l.consumer = idle.consumer AND l.lane = idle.lane`,
    [
      advances.map((each) => each.consumer),
      advances.map((each) => each.lane),
      advances.map((each) => each.from),
      advances.map((each) => each.to),
    ],
  );
}
