import { Database, DataError, type Transaction } from '@moonbase/data';
import type { TestDatabase } from '@moonbase/data/testing';
import { context } from '@moonbase/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  count,
  countAll,
  counted,
  createCountingDatabase,
  createLog,
  effects,
  leaveEffects,
  quickRetries,
  terminate,
  until,
} from '../fixtures/counting.ts';
import { type ConsumerOptions, type Event, type EventLog, publish } from './events.ts';

let database: TestDatabase;
let logs: EventLog[];
beforeEach(async () => {
  database = await createCountingDatabase();
  logs = [];
});
afterEach(async () => {
  await Promise.all(logs.map((log) => log.stop()));
  await database.drop();
});

type Counting = ConsumerOptions<typeof counted>;

/** A host with a consumer that leaves its effects. */
async function startHost(options: Partial<Counting> = {}, db: Database = database.db): Promise<EventLog> {
  const log = createLog(db);
  logs.push(log);
  log.addConsumer({
    name: 'test',
    on: [counted],
    handle: leaveEffects(options.name ?? 'test'),
    retry: quickRetries,
    ...options,
  });
  await log.start();
  return log;
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

test('every event has its effect once and each key in order, over a backlog and after it', async () => {
  const keys = upTo(40).map((i) => `key ${i}`);
  await countAll(
    database.db,
    upTo(4_000).map((n) => ({ key: keys[n % 40]!, n })),
  );
  const log = await startHost({ batch: 100 });
  await Promise.all(keys.slice(0, 8).map((key) => count(database.db, key, 5_000, 5_001)));
  await log.drained();
  const done = await effects(database.db);
  expect(Object.keys(done)).toHaveLength(40);
  for (const [i, key] of keys.entries())
    expect(done[key]).toEqual([...upTo(4_000).filter((n) => n % 40 === i), ...(i < 8 ? [5_000, 5_001] : [])]);
  expect(await log.positions()).toEqual([{ name: 'test', position: 4_016, lag: 0, parked: 0 }]);
});

test('two hosts share the lanes, and nothing is done twice', async () => {
  const keys = upTo(64).map((i) => `key ${i}`);
  const shares = [0, 0];
  const handler = (host: number) => async (events: Event<typeof counted>[], tx: Transaction) => {
    shares[host]! += events.length;
    await leaveEffects('test')(events, tx);
    await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const second = new Database({ url: database.url, connections: 5 });
  const one = await startHost({ handle: handler(0), batch: 50 });
  const two = await startHost({ handle: handler(1), batch: 50 }, second);
  await Promise.all(
    upTo(8).map((part) =>
      countAll(
        database.db,
        upTo(800).map((n) => ({ key: keys[part * 8 + (n % 8)]!, n })),
      ),
    ),
  );
  await Promise.all([one.drained(), two.drained()]);
  const done = await effects(database.db);
  for (const [i, key] of keys.entries()) expect(done[key]).toEqual(upTo(800).filter((n) => n % 8 === i % 8));
  // Both did something; who did how much is up to the moment.
  expect(Math.min(...shares)).toBeGreaterThan(0);
  await two.stop();
  await second.close();
});

/** Ends the connection before a step of a turn (claim, effect, move, commit), once. */
class DyingDatabase extends Database {
  dieBefore = -1;
  /** Commits the next turn, but says that the answer was lost. */
  loseAnswer = false;

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let step = -1;
    const before = async (text: Parameters<Transaction['query']>[0]) => {
      if (step < 0 && !(typeof text === 'object' && text.name === 'events.claim')) return;
      step += 1;
      await this.#mayDie(step);
    };
    const result = await super.transaction(async (tx) => {
      const sending: Promise<void>[] = [];
      const inner = await work({
        send: (text, values) => void sending.push(before(text).then(() => tx.send(text, values))),
        afterCommit: (run) => tx.afterCommit(run),
        query: async (text, values) => {
          await before(text);
          return tx.query(text, values);
        },
      });
      await Promise.all(sending);
      if (step > 0) await this.#mayDie(step + 1);
      return inner;
    });
    if (!this.loseAnswer || step <= 0) return result;
    this.loseAnswer = false;
    throw new DataError('commit_unknown');
  }

  async #mayDie(step: number): Promise<void> {
    if (this.dieBefore !== step) return;
    this.dieBefore = -1;
    await database.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'dying' AND state = 'idle in transaction'`,
    );
  }
}

test('every effect happens once when the connection dies at any step, also at the commit', async () => {
  const dying = new DyingDatabase({ url: database.url, connections: 3, name: 'dying' });
  const log = await startHost({}, dying);
  await log.drained();
  for (const [n, step] of ['claim', 'effect', 'move', 'commit'].entries()) {
    dying.dieBefore = n;
    await count(database.db, 'a', n);
    await log.drained();
    expect(dying.dieBefore, `it died before the ${step}`).toBe(-1);
    expect(await effects(database.db)).toEqual({ a: upTo(n + 1) });
  }
  dying.loseAnswer = true;
  await count(database.db, 'a', 4);
  await log.drained();
  expect(dying.loseAnswer).toBe(false);
  expect(await effects(database.db)).toEqual({ a: upTo(5) });
  expect(await log.parked()).toEqual([]);
  await log.stop();
  await dying.close();
});

test('connections killed at random under load cost no effect and double none', async () => {
  const log = await startHost({ batch: 20, retry: { attempts: 1, backoff: () => 1 } });
  let writing = true;
  let killed = 0;
  const killing = (async () => {
    while (writing) {
      killed += await terminate(database.owner, '%events.lanes%');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  const written: Record<string, number[]> = { a: [], b: [], c: [], d: [] };
  const write = async (key: string) => {
    // Publishers have connections of their own: what dies are the consumers. A fast machine is done with few
    // events before the third kill, so the load goes on until enough were hit.
    for (let n = 0; n < 60 || (killed < 3 && n < 20_000); n += 1) {
      await count(publishers, key, n);
      written[key]!.push(n);
    }
  };
  const publishers = new Database({ url: database.url, connections: 4 });
  await Promise.all(Object.keys(written).map(write));
  await publishers.close();
  writing = false;
  await killing;
  await log.drained();
  expect(killed).toBeGreaterThan(2);
  expect(await effects(database.db)).toEqual(written);
  expect(await log.parked()).toEqual([]);
});

test('a consumer that comes later starts from the beginning', async () => {
  const log = await startHost();
  await count(database.db, 'a', 1, 2);
  await log.drained();
  log.addConsumer({ name: 'late', on: [counted], handle: leaveEffects('late') });
  await log.drained();
  await count(database.db, 'a', 3);
  await log.drained();
  expect(await effects(database.db, 'late')).toEqual({ a: [1, 2, 3] });
  expect(await effects(database.db, 'test')).toEqual({ a: [1, 2, 3] });
});

test('with bootstrap it takes over a list instead, once, and goes on from its position', async () => {
  await count(database.db, 'a', 1, 2);
  const first = await startHost({ name: 'other' });
  await first.drained();
  const calls: number[] = [];
  const bootstrap = async (tx: Transaction, position: number) => {
    calls.push(position);
    await tx.query(`INSERT INTO public.effects (consumer, key, n) VALUES ('test', 'a', 100)`);
  };
  await startHost({ bootstrap });
  const log = await startHost({ bootstrap });
  await count(database.db, 'a', 3);
  await log.drained();
  expect(calls).toEqual([2]);
  expect(await effects(database.db)).toEqual({ a: [100, 3] });
});

test('a bootstrap that fails leaves no consumer behind', async () => {
  const log = createLog(database.db);
  logs.push(log);
  const bootstrap = async () => {
    throw new Error('no list');
  };
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test'), bootstrap });
  await expect(log.start()).rejects.toThrow('no list');
  expect((await database.db.query('SELECT FROM events.consumers')).rowCount).toBe(0);
});

test('another number of lanes is taken over once all lanes are level, without doubling', async () => {
  const one = await startHost({ lanes: 4 });
  const send = (from: number) =>
    countAll(
      database.db,
      upTo(300).map((n) => ({ key: `key ${n % 30}`, n: from + n })),
    );
  await send(0);
  await one.drained();
  await one.stop();
  const two = await startHost({ lanes: 7 });
  await send(1_000);
  await two.drained();
  await send(2_000);
  await two.drained();
  const lanes = await database.db.query<{ n: number }>('SELECT count(*) AS n FROM events.lanes');
  expect(lanes.rows[0]!.n).toBe(7);
  const done = await effects(database.db);
  const expected = (i: number) => [0, 1_000, 2_000].flatMap((from) => upTo(10).map((n) => from + n * 30 + i));
  for (const i of upTo(30)) expect(done[`key ${i}`]).toEqual(expected(i));
});

test('with one lane everything comes in the order of the log', async () => {
  const seen: number[] = [];
  const log = await startHost({
    lanes: 1,
    batch: 70,
    handle: async (events) => void seen.push(...events.map((event) => event.position)),
  });
  await Promise.all(
    upTo(20).map((i) =>
      countAll(
        database.db,
        upTo(50).map((n) => ({ key: `${i}`, n })),
      ),
    ),
  );
  await log.drained();
  expect(seen).toEqual(upTo(1_000).map((i) => i + 1));
});

test('a consumer without events of its own does not fall behind', async () => {
  const log = createLog(database.db);
  logs.push(log);
  const other = { ...counted, type: 'things.other' } as const;
  log.addConsumer({ name: 'bystander', on: [other], handle: async () => {} });
  await log.start();
  await count(database.db, 'a', 1, 2, 3);
  await until(() => log.head === 3);
  expect(await log.positions()).toEqual([{ name: 'bystander', position: 3, lag: 0, parked: 0 }]);
  const moved = async () => {
    const lanes = await database.db.query<{ position: number }>('SELECT position FROM events.lanes');
    return lanes.rows.every((lane) => lane.position === 3);
  };
  await until(moved);
});

test('lag counts the events that wait for it, and only those', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log = await startHost({ handle: () => gate });
  const other = { ...counted, type: 'things.other' } as const;
  await count(database.db, 'a', 1, 2, 3);
  await database.db.transaction((tx) => publish(tx, other, { key: 'a', payload: { n: 4 } }));
  await until(() => log.head === 4);
  expect(await log.positions()).toEqual([{ name: 'test', position: 0, lag: 3, parked: 0 }]);
  expect(log.reached('test')).toBe(0);
  release();
  await log.drained();
  expect(log.reached('test')).toBe(4);
  expect(await log.positions()).toEqual([{ name: 'test', position: 4, lag: 0, parked: 0 }]);
});

test('what a reaction publishes names the event as its cause, and is sequenced and reacted to in turn', async () => {
  const contexts: unknown[] = [];
  const log = await startHost({
    handle: async (events, tx) => {
      for (const event of events) {
        contexts.push(context().cause);
        if (event.payload.n > 0)
          await publish(tx, counted, { key: event.key, payload: { n: event.payload.n - 1 } });
      }
    },
  });
  await count(database.db, 'a', 3);
  await log.drained();
  const all = await log.read({ after: 0, limit: 10 });
  expect(all.map((event) => event.cause)).toEqual([null, all[0]!.id, all[1]!.id, all[2]!.id]);
  expect(contexts).toEqual(all.map((event) => event.id));
});

test('an event can not be changed by one reaction under the eyes of another', async () => {
  const log = await startHost({
    handle: async ([event]) => {
      (event!.payload as { n: number }).n = 9;
    },
  });
  await count(database.db, 'a', 1);
  await log.drained();
  expect((await log.read({ after: 0, limit: 1 }))[0]!.payload).toEqual({ n: 1 });
  expect((await log.parked())[0]!.error).toContain('read only');
});

test('a host behind the fence does nothing, until it is its turn', async () => {
  let mine = false;
  const { db } = database;
  const log = createLog(db, { fence: async () => mine });
  logs.push(log);
  log.addConsumer({ name: 'test', on: [counted], handle: leaveEffects('test') });
  await log.start();
  await count(db, 'a', 1);
  await until(() => log.head === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await effects(db)).toEqual({});
  mine = true;
  await log.drained();
  expect(await effects(db)).toEqual({ a: [1] });
});

test('two consumers of one name are refused', async () => {
  const log = await startHost();
  expect(() => log.addConsumer({ name: 'test', on: [counted], handle: async () => {} })).toThrow(
    expect.objectContaining({ code: 'consumer_exists' }),
  );
});
