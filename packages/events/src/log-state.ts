/** The state of the log and its consumers at one moment. */
import type { Database } from '@moonbase/data';
import type { Consumer } from './consumer.ts';
import { type LaneRow, readLanes } from './consumer-rows.ts';

/** How far a consumer is. */
export interface ConsumerPosition {
  name: string;
  /** Everything for it up to here is done. */
  position: number;
  /** Events that wait for it; an upper bound where it is far behind. */
  lag: number;
  /** Events that it failed on, and those behind them. */
  parked: number;
}

export interface LogState {
  head: number;
  /** The inbox is not empty. */
  waiting: boolean;
  /** Consumers with a parked event that is tried again by itself. */
  retrying: ReadonlySet<string>;
  lanes: LaneRow[];
}

type Consumers = ReadonlyMap<string, Consumer>;

export function readState(db: Database): Promise<LogState> {
  return db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const answer = await tx.query<{ head: number; waiting: boolean; retrying: string[] }>(
      `SELECT position AS head, EXISTS (SELECT FROM events.inbox) AS waiting,
              ARRAY(SELECT consumer FROM events.parked WHERE retry_at IS NOT NULL) AS retrying FROM events.head`,
    );
    const { head, waiting, retrying } = answer.rows[0]!;
    return { head, waiting, retrying: new Set(retrying), lanes: await readLanes(tx) };
  });
}

/** @param here the consumers of this host; of others' the lag is an upper bound */
export async function positionsOf({ head, lanes }: LogState, here: Consumers): Promise<ConsumerPosition[]> {
  const names = [...new Set(lanes.map(({ consumer }) => consumer))];
  return Promise.all(
    names.map(async (name) => {
      const rows = lanes.filter(({ consumer }) => consumer === name);
      const position = Math.min(...rows.map((row) => row.position));
      const lag = (await here.get(name)?.lag(rows, head)) ?? head - position;
      const parked = rows.reduce((sum, row) => sum + row.parked, 0);
      return { name, position: lag === 0 ? head : position, lag, parked };
    }),
  );
}

/** What is still under way on this host; undefined when nothing is. */
export async function busyWith(state: LogState, here: Consumers): Promise<string | undefined> {
  if (state.waiting) return 'The inbox is not empty.';
  for (const [name, consumer] of here) {
    const rows = state.lanes.filter((row) => row.consumer === name);
    if (rows.length === 0) return `${name} has not started.`;
    const lag = await consumer.lag(rows, state.head);
    if (lag > 0) return `${name} has ${lag} events before it.`;
    if (state.retrying.has(name)) return `${name} tries a parked event again.`;
  }
  return undefined;
}
