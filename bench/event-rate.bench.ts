/** Events a second: published durably in batches, and handled by a reaction with an effect in the database. */
import { addUp, counted, publishSome, startBenchLog } from './event-log.ts';
import { report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const events = quick ? 10_000 : 200_000;
const rounds = quick ? 1 : 5;
const BATCH = 1_000;
const PUBLISHERS = 3;

const bench = await startBenchLog();
const committed: number[] = [];
const positioned: number[] = [];
const handled: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  // Publishing, with the sequencer at work as always.
  const log = bench.newLog();
  await log.start();
  const before = log.head;
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: PUBLISHERS }, async () => {
      while (next < events) {
        const first = next;
        next += BATCH;
        await publishSome(bench.db, first, BATCH);
      }
    }),
  );
  committed.push(events / seconds(started));
  while (log.head < before + events) await new Promise((resolve) => setTimeout(resolve, 2));
  positioned.push(events / seconds(started));
  await log.stop();

  // Then a reaction that has them all before it.
  const reader = bench.newLog();
  let seen = 0;
  let from = 0;
  const done = Promise.withResolvers<void>();
  reader.addConsumer({
    name: `bench.round-${round}`,
    on: [counted],
    lanes: 4,
    handle: async (batch, tx) => {
      from ||= performance.now();
      await addUp(batch, tx);
      tx.afterCommit(() => {
        seen += batch.length;
        if (seen >= events * (round + 1)) done.resolve();
      });
    },
  });
  await reader.start();
  await done.promise;
  handled.push((events * (round + 1)) / seconds(from));
  await reader.stop();
}
const sum = await bench.db.query<{ events: string }>('SELECT sum(events) AS events FROM bench.counters');
const expected = (events * rounds * (rounds + 1)) / 2;
if (Number(sum.rows[0]!.events) !== expected)
  throw new Error(`${sum.rows[0]!.events} events have their effect, not ${expected}.`);
await bench.stop();

function seconds(started: number): number {
  return (performance.now() - started) / 1_000;
}

const rate = spread(committed);
const reacted = spread(handled);
report('event-rate', [
  {
    claim: `Durable publish, ${BATCH} events a transaction, ${PUBLISHERS} at once`,
    unit: 'events/s',
    figures: { committed: rate, 'with their positions': spread(positioned) },
    goal: 'at least 60,000/s',
    met: rate.median >= 60_000,
  },
  {
    claim: 'Reaction with its effect: counters added up, exactly once, four lanes',
    unit: 'events/s',
    figures: { handled: reacted },
    goal: 'at least 25,000/s',
    met: reacted.median >= 25_000,
  },
]);
