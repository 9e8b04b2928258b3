/** Taking parked events up again: by themselves when their time has come, or because a person says so. */
import type { Database, Transaction } from '@moonbase/data';
import { describeError } from './parked.ts';
import { retryIn } from './retry-policy.ts';
import { slotOf } from './slots.ts';
import { tryHandler } from './try-handler.ts';
import { decoder, type Lane, type TurnOptions } from './turn.ts';
import { withCause } from './with-cause.ts';

type Options = Pick<TurnOptions, 'consumer' | 'declarations' | 'pages' | 'policy' | 'subjects'>;

/** Most keys taken up, and events of a key, in one transaction. */
const KEYS = 10;
const EVENTS = 200;

export interface Replayed {
  /** Events that went well, in their order; they are no longer parked. */
  handled: number;
  /** Events of the key that are still parked. */
  left: number;
  /** Why it stopped. */
  error: string | null;
}

/** In a turn: takes up the keys of some lanes whose time has come. Changes the lanes. */
export async function retryDue(
  tx: Transaction,
  options: Options,
  lanes: readonly Lane[],
  laneCount: number,
): Promise<void> {
  const due = await tx.query<{ key: string; slot: number }>(
    `SELECT key, slot FROM events.parked
      WHERE consumer = $1 AND retry_at <= now() AND slot % $2 = ANY($3) ORDER BY retry_at LIMIT ${KEYS}`,
    [options.consumer.name, laneCount, lanes.map((lane) => lane.lane)],
  );
  for (const { key, slot } of due.rows) {
    const lane = lanes.find((each) => each.lane === slot % laneCount)!;
    const { handled } = await handleKey(tx, options, key);
    lane.parked -= handled;
    if (handled > 0) lane.failures = 0;
  }
}

/** Handles the parked events of a key in their order, now, in one transaction, up to one that fails. */
export function replayKey(db: Database, options: Options, key: string): Promise<Replayed> {
  return inLaneOf(db, options.consumer.name, key, (tx) => handleKey(tx, options, key));
}

/**
 * Gives up the first parked event of a key: this consumer never handles it. Those behind it are tried.
 *
 * @returns how many events of the key are still parked
 */
export async function discardFirst(db: Database, consumer: string, key: string): Promise<number> {
  const { left } = await inLaneOf(db, consumer, key, async (tx) => {
    const gone = await tx.query(
      `DELETE FROM events.parked WHERE consumer = $1 AND key = $2 AND position =
         (SELECT min(position) FROM events.parked WHERE consumer = $1 AND key = $2)`,
      [consumer, key],
    );
    return { handled: gone.rowCount ?? 0, left: await retryFirst(tx, consumer, key), error: null };
  });
  return left;
}

/** Claims the lane of a key, waiting for it, so that no turn adds to the key's events meanwhile. */
async function inLaneOf(
  db: Database,
  consumer: string,
  key: string,
  work: (tx: Transaction) => Promise<Replayed>,
): Promise<Replayed> {
  return db.transaction(async (tx) => {
    const lane = await tx.query<{ lane: number }>(
      `SELECT l.lane FROM events.lanes l JOIN events.consumers c ON c.name = l.consumer
        WHERE l.consumer = $1 AND l.lane = $2 % c.lanes FOR UPDATE OF l`,
      [consumer, slotOf(key)],
    );
    const result = await work(tx);
    await tx.query('UPDATE events.lanes SET parked = parked - $3 WHERE consumer = $1 AND lane = $2', [
      consumer,
      lane.rows[0]?.lane,
      result.handled,
    ]);
    return result;
  });
}

async function handleKey(tx: Transaction, options: Options, key: string): Promise<Replayed> {
  const { consumer, policy } = options;
  const rows = await tx.query<{ position: number; attempts: number }>(
    `SELECT position, attempts FROM events.parked WHERE consumer = $1 AND key = $2 ORDER BY position LIMIT ${EVENTS}`,
    [consumer.name, key],
  );
  const tries = new Map(rows.rows.map(({ position, attempts }) => [position, attempts]));
  const stored = await options.pages.pick([...tries.keys()]);
  const decode = await decoder(tx, options, stored);
  const done: number[] = [];
  let failure: { error: unknown } | undefined;
  for (const each of stored) {
    failure = await tryHandler(tx, async (inner) => {
      const event = decode(each);
      await withCause([event], () => consumer.handle([event], inner));
    });
    if (failure) {
      const attempts = (tries.get(each.position) ?? 0) + 1;
      await tx.query(
        `UPDATE events.parked SET error = $4, attempts = $5, retry_at = now() + $6 * interval '1 millisecond'
          WHERE consumer = $1 AND key = $2 AND position = $3`,
        [
          consumer.name,
          key,
          each.position,
          describeError(failure.error),
          attempts,
          retryIn(policy, attempts),
        ],
      );
      break;
    }
    done.push(each.position);
  }
  await tx.query('DELETE FROM events.parked WHERE consumer = $1 AND key = $2 AND position = ANY($3)', [
    consumer.name,
    key,
    done,
  ]);
  const left = failure ? await count(tx, consumer.name, key) : await retryFirst(tx, consumer.name, key);
  return { handled: done.length, left, error: failure ? describeError(failure.error) : null };
}

/** Has what is now the first of a key tried next. @returns how many there are */
async function retryFirst(tx: Transaction, consumer: string, key: string): Promise<number> {
  await tx.query(
    `UPDATE events.parked SET retry_at = now() WHERE consumer = $1 AND key = $2 AND position =
       (SELECT min(position) FROM events.parked WHERE consumer = $1 AND key = $2)`,
    [consumer, key],
  );
  return count(tx, consumer, key);
}

async function count(tx: Transaction, consumer: string, key: string): Promise<number> {
  const left = await tx.query<{ left: number }>(
    'SELECT count(*) AS left FROM events.parked WHERE consumer = $1 AND key = $2',
    [consumer, key],
  );
  return left.rows[0]!.left;
}
