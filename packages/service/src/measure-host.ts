/** What a host measures about itself, for `/metrics` and the Status page. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { metrics } from '@moonbase/telemetry';
import type { Host } from './host.ts';

const loop = monitorEventLoopDelay({ resolution: 20 });

/** Keeps the gauges of consumers and connections up to date. @returns stops it */
export function measureHost(host: Host): () => void {
  const lag = metrics.gauge('event_consumer_lag', 'Events that wait for a consumer', ['consumer']);
  const parked = metrics.gauge('event_consumer_parked', 'Events parked for a consumer', ['consumer']);
  const head = metrics.gauge('event_log_head', 'The last position of the event log');
  const pool = metrics.gauge('database_connections', 'Connections of the pool', ['state']);
  loop.enable();
  const measure = async () => {
    for (const consumer of await host.events.positions()) {
      lag.set({ consumer: consumer.name }, consumer.lag);
      parked.set({ consumer: consumer.name }, consumer.parked);
    }
    head.set(host.events.head);
    const { total, idle, waiting } = poolState(host);
    pool.set({ state: 'total' }, total);
    pool.set({ state: 'idle' }, idle);
    pool.set({ state: 'waiting' }, waiting);
  };
  const timer = setInterval(() => void measure().catch(() => {}), 5_000);
  timer.unref();
  return () => clearInterval(timer);
}

function poolState({ db }: Host): { total: number; idle: number; waiting: number } {
  return { total: db.pool.totalCount, idle: db.pool.idleCount, waiting: db.pool.waitingCount };
}

export async function processState(host: Host) {
  const eventLoopLagMilliseconds = Math.max(0, Math.round((loop.mean / 1e6 - 20) * 10) / 10 || 0);
  return { memoryBytes: process.memoryUsage.rss(), eventLoopLagMilliseconds, connections: poolState(host) };
}

interface Requests {
  requests: number;
  errors: number;
  p50Milliseconds: number | null;
  p99Milliseconds: number | null;
}

/** Requests since this process started, from the histogram that `/metrics` shows. */
export async function requestsByService(): Promise<Map<string, Requests>> {
  const histogram = metrics.getSingleMetric('http_request_duration_seconds');
  const { values } = (await histogram?.get()) ?? { values: [] };
  const byService = new Map<string, Requests>();
  for (const [service, rows] of Map.groupBy(values, ({ labels }) => String(labels.service))) {
    const named = rows as ((typeof rows)[number] & { metricName?: string })[];
    const counts = named.filter(({ metricName }) => metricName?.endsWith('_count'));
    const sum = (some: typeof named) => some.reduce((total, { value }) => total + value, 0);
    const buckets = new Map<number, number>();
    for (const { metricName, labels, value } of named) {
      if (!metricName?.endsWith('_bucket')) continue;
      const edge = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
      buckets.set(edge, (buckets.get(edge) ?? 0) + value);
    }
    byService.set(service, {
      requests: sum(counts),
      errors: sum(counts.filter(({ labels }) => Number(labels.status) >= 500)),
      p50Milliseconds: quantile(buckets, 0.5),
      p99Milliseconds: quantile(buckets, 0.99),
    });
  }
  return byService;
}

/** The upper edge of the bucket that holds the quantile, in milliseconds. */
function quantile(buckets: ReadonlyMap<number, number>, share: number): number | null {
  const edges = [...buckets].sort(([one], [other]) => one - other);
  const total = edges.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  const [edge] = edges.find(([, count]) => count >= total * share) ?? [];
  return edge === undefined || edge === Number.POSITIVE_INFINITY ? null : edge * 1_000;
}
