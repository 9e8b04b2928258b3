/**
 * Durable sales a second over HTTP: 64 connections, one sale a request, one host process, with the API key,
 * validation, the event, target progress and figures on; beside a bare INSERT per request on the same
 * PostgreSQL.
 */
import { agents } from '@moonbase/agents/service.ts';
import { Database } from '@moonbase/data';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { sales } from '@moonbase/sales/service.ts';
import { makeKey, startInstallation, startProcess } from './installation.ts';
import { loader, pushSales } from './load.ts';
import { fillWorld } from './sale-rate/world.ts';
import { ratios, report, spread, takeTurns } from './side-by-side.ts';

const installation = await startInstallation([people, agents, sales, notifications, insights]);
const { owner, databaseUrl, folder } = installation;
await owner.query(`
  CREATE SCHEMA bench;
  CREATE TABLE bench.sales (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text, reference text, agent text,
    product text, amount numeric(19,4), sold_at timestamptz, recorded_at timestamptz DEFAULT now());`);
const key = await makeKey(owner, ['sales:write', 'targets:write']);
const headers = { authorization: `Bearer ${key}` };
const host = await startProcess('sale-rate/host.ts', [databaseUrl, folder]);
const peer = await startProcess('sale-rate/fastify-pool.ts', [databaseUrl]);
const db = new Database({ url: databaseUrl });
await fillWorld(db);
await new Promise((resolve) => setTimeout(resolve, 3_000));

const seconds = 2;
const warm = await pushSales(host.url, headers, { seconds });
if (warm.failed > 0)
  throw new Error(`${warm.failed} of the first sales were refused: the load is not what is measured.`);
await pushSales(peer.url, {}, { seconds });

const found = await takeTurns({
  moonbase: async () => {
    const load = await pushSales(host.url, headers);
    await drained();
    return load;
  },
  'fastify + pg pool, bare INSERT': () => pushSales(peer.url, {}),
});
await host.stop();
await peer.stop();

const ours = found.moonbase;
const theirs = found['fastify + pg pool, bare INSERT'];
const recorded = await owner.query<{ count: number }>('SELECT count(*) FROM sales.sales');
const counted = await owner.query<{ count: string }>(
  `SELECT sum(sales) AS count FROM sales.daily WHERE kind = 'company'`,
);
const rate = ratios(
  ours.map((load) => load.perSecond),
  theirs.map((load) => load.perSecond),
);
const slow = ratios(
  ours.map((load) => load.p99),
  theirs.map((load) => load.p99),
);
report('sale-rate', [
  {
    claim: 'Durable sales a second, one a request, 64 connections',
    unit: 'sales/s',
    figures: {
      moonbase: spread(ours.map((load) => load.perSecond)),
      'fastify + pg pool, bare INSERT': spread(theirs.map((load) => load.perSecond)),
    },
    ratios: { 'fastify + pg pool': rate },
    goal: 'at least 3 times the peer',
    met: rate.median >= 3,
    notes: [
      `load by ${loader}`,
      `${recorded.rows[0]!.count} sales recorded, ${counted.rows[0]!.count ?? 0} counted toward targets`,
    ],
  },
  {
    claim: 'Its 99th percentile',
    unit: 'ms',
    figures: {
      moonbase: spread(ours.map((load) => load.p99)),
      'fastify + pg pool, bare INSERT': spread(theirs.map((load) => load.p99)),
    },
    ratios: { 'fastify + pg pool': slow },
    goal: 'no worse than the peer',
    met: slow.median <= 1,
    notes: [`failed: ${ours.reduce((sum, load) => sum + load.failed, 0)}`],
  },
]);
await db.close();
await installation.stop();

/** Between turns the reactions catch up, so that the peer isn't measured beside them. */
async function drained(): Promise<void> {
  for (;;) {
    const answer = await db.query<{ behind: boolean }>(
      `SELECT EXISTS (SELECT FROM events.inbox)
           OR EXISTS (SELECT FROM events.lanes l, events.head h WHERE l.position < h.position - 5000) AS behind`,
    );
    if (!answer.rows[0]!.behind) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
