/**
 * A consumer's turn: one transaction that claims lanes no other host works on, has the handler do its
 * statements for their next events, and moves their positions. Effect and position are committed together or
 * not at all, hence every effect happens once, whatever dies when.
 *
 * A handler that throws rolls the turn back; nothing is counted. The turn is then taken again carefully,
 * event by event between savepoints, which shows who is at fault (see deliver.ts).
 */
import type { Database, Transaction } from '@moonbase/data';
import { collect } from './collect.ts';
import type { ConsumerOptions } from './consumer.ts';
import { changeLanes } from './consumer-rows.ts';
import type { Event } from './declarations.ts';
import { type Declarations, decode, ownerOf } from './decode.ts';
import { type Delivered, deliver, OWN_FAULT } from './deliver.ts';
import { retryDue } from './handle-parked.ts';
import type { LogPages } from './log-pages.ts';
import { insertParked, parkedKeys } from './parked.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { StoredEvent } from './stored-event.ts';
import { readSubjects, type SubjectCache } from './subjects.ts';

/** Locks the active generation's row, so that a host of another release does not work. */
export type Fence = (tx: Transaction) => Promise<boolean>;

export interface TurnOptions {
  db: Database;
  pages: LogPages;
  subjects: SubjectCache;
  head: number;
  fence: Fence | undefined;
  consumer: ConsumerOptions;
  declarations: Declarations;
  types: ReadonlySet<string>;
  policy: RetryPolicy;
  /** Most lanes to claim. */
  lanes: number;
  /** How many lanes the consumer should have. */
  laneCount: number;
  batch: number;
  /** Event by event up to this position, because a turn failed there. */
  carefulUntil: number;
}

/** A claimed lane: what it is after the turn. */
export interface Lane {
  lane: number;
  position: number;
  parked: number;
  failures: number;
  /** Milliseconds that it waits from now on. */
  waits: number | null;
}

export interface Turn {
  lanes: Lane[];
  /** How many lanes the consumer has. */
  laneCount: number;
  handled: number;
  parked: number;
  /** It did something. */
  moved: boolean;
  /** The number of lanes was changed, and nothing else is known. */
  changed: boolean;
}

const CLAIM = {
  name: 'events.claim',
  text: `SELECT l.lane, l.position, l.parked, l.failures, c.lanes AS "laneCount"
    FROM events.lanes l JOIN events.consumers c ON c.name = l.consumer
   WHERE l.consumer = $1 AND (l.waits_until IS NULL OR l.waits_until <= now())
   ORDER BY l.position, l.lane LIMIT $2 FOR UPDATE OF l SKIP LOCKED`,
};

/** Positions looked at in one transaction: a consumer of rare events must not hold its lanes for long. */
const POSITIONS = 20_000;
/** Events in a careful turn: each costs three statements. */
const CAREFUL = 100;

/** @throws HandlerFailed when it had events: what a handler does may also fail with a later statement or the COMMIT */
export async function takeTurn(options: TurnOptions): Promise<Turn> {
  let upTo: number | undefined;
  try {
    return await options.db.transaction((tx) =>
      turn(tx, options, (position) => {
        upTo = position;
      }),
    );
  } catch (error) {
    throw upTo === undefined ? error : new HandlerFailed(upTo, error);
  }
}

/** @param delivering is told the last position when the handler is about to be called */
async function turn(
  tx: Transaction,
  options: TurnOptions,
  delivering: (upTo: number) => void,
): Promise<Turn> {
  const { consumer } = options;
  const none: Turn = { lanes: [], laneCount: 0, handled: 0, parked: 0, moved: false, changed: false };
  if (options.fence && !(await options.fence(tx))) return none;
  const claim = await tx.query<Lane & { laneCount: number }>(CLAIM, [consumer.name, options.lanes]);
  const laneCount = claim.rows[0]?.laneCount;
  if (!laneCount) return none;
  const lanes: Lane[] = claim.rows.map(({ lane, position, parked, failures }) => ({
    lane,
    position,
    parked,
    failures,
    waits: null,
  }));
  const before = lanes.map((lane) => ({ ...lane }));
  const careful = lanes.some((lane) => lane.failures > 0 || lane.position < options.carefulUntil);
  const { events, upTo } = await collect(options.pages, {
    lanes: new Map(lanes.map((lane) => [lane.lane, lane.position])),
    laneCount,
    types: options.types,
    head: options.head,
    events: careful ? CAREFUL : options.batch,
    positions: POSITIONS,
  });
  const byNumber = new Map(lanes.map((lane) => [lane.lane, lane]));
  const laneOf = (stored: StoredEvent) => byNumber.get(stored.slot % laneCount)!;
  const someParked = lanes.some((lane) => lane.parked > 0);
  if (someParked) {
    // In a lane that is stopped because everything fails, the tries of parked events would be wasted.
    const stopped = new Set(events.map(laneOf).filter((lane) => lane.failures > OWN_FAULT));
    const able = lanes.filter((lane) => lane.parked > 0 && !stopped.has(lane));
    if (able.length > 0) await retryDue(tx, options, able, laneCount);
  }
  for (const lane of lanes) lane.position = Math.max(lane.position, upTo);
  let delivered: Delivered = { handled: 0, parking: [] };
  if (events.length > 0) {
    const decode = await decoder(tx, options, events);
    const blocked = someParked ? await parkedKeys(tx, consumer.name) : new Set<string>();
    const { policy } = options;
    delivering(upTo);
    delivered = await deliver(tx, { stored: events, decode, consumer, policy, careful, laneOf, blocked });
  }
  await insertParked(tx, consumer.name, delivered.parking);
  const moved = await moveLanes(tx, consumer.name, before, lanes);
  const level = lanes.length === laneCount && lanes.every((lane) => isLevel(lane, lanes[0]!));
  if (level && laneCount !== options.laneCount) {
    await changeLanes(tx, consumer.name, options.laneCount);
    return { ...none, moved: true, changed: true };
  }
  const parked = delivered.parking.length;
  return { lanes, laneCount, handled: delivered.handled, parked, moved, changed: false };
}

function isLevel(lane: Lane, first: Lane): boolean {
  return lane.position === first.position && lane.failures === 0;
}

/** A handler threw (or its connection was lost) while it had events up to a position. */
export class HandlerFailed extends Error {
  readonly upTo: number;

  constructor(upTo: number, cause: unknown) {
    super('A handler failed', { cause });
    this.upTo = upTo;
  }
}

/** Reads the keys of all their owners at once. */
export async function decoder(
  tx: Transaction,
  options: Pick<TurnOptions, 'subjects' | 'declarations'>,
  stored: readonly StoredEvent[],
): Promise<(stored: StoredEvent) => Event> {
  const owners = stored.map(ownerOf).filter((owner) => owner !== undefined);
  const subjects = owners.length
    ? await options.subjects.get(owners, (missing) => readSubjects(tx, missing))
    : undefined;
  return (event) => decode(event, options.declarations.get(event), subjects);
}

const MOVE = {
  name: 'events.move',
  text: 'UPDATE events.lanes SET position = $3 WHERE consumer = $1 AND lane = ANY($2)',
};

/** @returns whether there was anything to write */
async function moveLanes(
  tx: Transaction,
  consumer: string,
  before: readonly Lane[],
  after: readonly Lane[],
): Promise<boolean> {
  const numbers = after.map((lane) => lane.lane);
  const { position } = after[0]!;
  // Nearly always: all lanes are at one position now, and nothing failed.
  const smooth = after.every(
    (lane, index) =>
      lane.position === position &&
      lane.parked === before[index]!.parked &&
      lane.failures + before[index]!.failures === 0,
  );
  if (smooth) {
    if (before.every((lane) => lane.position === position)) return false;
    tx.send(MOVE, [consumer, numbers, position]);
    return true;
  }
  await tx.query(
    `UPDATE events.lanes l
        SET position = v.position, parked = v.parked, failures = v.failures,
            waits_until = now() + v.waits * interval '1 millisecond'
       FROM unnest($2::smallint[], $3::bigint[], $4::integer[], $5::integer[], $6::float8[])
            AS v(lane, position, parked, failures, waits)
      WHERE l.consumer = $1 AND l.lane = v.lane`,
    [
      consumer,
      numbers,
      after.map((lane) => lane.position),
      after.map((lane) => lane.parked),
      after.map((lane) => lane.failures),
      after.map((lane) => lane.waits),
    ],
  );
  return true;
}
