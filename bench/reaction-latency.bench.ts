/** From the commit of an event to the commit of a reaction's effect, at 1,000 events a second, one a transaction. */
import { addUp, counted, publishSome, startBenchLog } from './event-log.ts';
import { quantile, report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const rounds = quick ? 1 : 5;
const seconds = quick ? 2 : 8;
const PER_MS = 1;

const bench = await startBenchLog();
const log = bench.newLog();
const committedAt = new Map<number, number>();
let latencies: number[] = [];
log.addConsumer({
  name: 'bench.latency',
  on: [counted],
  handle: async (batch, tx) => {
    await addUp(batch, tx);
    tx.afterCommit(() => {
      const now = performance.now();
      for (const { key } of batch) {
        const at = committedAt.get(Number(key.slice(4)));
        // The reaction may be done before the publisher has its answer: then it took no time that counts.
        latencies.push(at === undefined ? 0 : now - at);
      }
    });
  },
});
await log.start();

let next = 0;
async function publishOne(): Promise<void> {
  const number = next;
  next += 1;
  await publishSome(bench.db, number, 1);
  committedAt.set(number, performance.now());
}

async function push(milliseconds: number): Promise<void> {
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; sent < milliseconds * PER_MS; ) {
    const due = Math.min(milliseconds * PER_MS, Math.floor((performance.now() - started) * PER_MS));
    for (; sent < due; sent += 1) under.push(publishOne());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  await log.drained();
}

await push(1_000);
const p50: number[] = [];
const p99: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  latencies = [];
  committedAt.clear();
  await push(seconds * 1_000);
  latencies.sort((one, other) => one - other);
  p50.push(quantile(latencies, 0.5));
  p99.push(quantile(latencies, 0.99));
}
await log.stop();
await bench.stop();

const [middle, late] = [spread(p50), spread(p99)];
report('reaction-latency', [
  {
    claim: 'Commit of an event to commit of its reaction, at 1,000 events a second',
    unit: 'ms',
    figures: { p50: middle, p99: late },
    goal: 'p50 at most 3 ms, p99 at most 15 ms',
    met: middle.median <= 3 && late.median <= 15,
    notes: ['publisher, sequencer and reaction in one process'],
  },
]);
