/**
 * Metrics, in Prometheus' format. One registry a process, with Node's own metrics (memory, event loop lag,
 * garbage collection) from the start of `collectProcess`.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds, from a fast statement to a slow job. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry whose getters return the metric that is there already, so that any file may ask for it. */
export class Metrics extends Registry {
  #process = false;

  /** Counts up. Names end in `_total`. */
  counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    const known = this.getSingleMetric(name) as unknown as Counter<L> | undefined;
    return known ?? new Counter({ name, help, labelNames: [...labels], registers: [this] });
  }

  /** Goes up and down. */
  gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
    const known = this.getSingleMetric(name) as unknown as Gauge<L> | undefined;
    return known ?? new Gauge({ name, help, labelNames: [...labels], registers: [this] });
  }

  /** A distribution, of seconds unless `buckets` are given. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels: readonly L[] = [],
    buckets: number[] = SECONDS,
  ): Histogram<L> {
    const known = this.getSingleMetric(name) as unknown as Histogram<L> | undefined;
    return known ?? new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this] });
  }

  /** Adds Node's own metrics; once, however often it is called. */
  collectProcess(): void {
    if (this.#process) return;
    this.#process = true;
    collectDefaultMetrics({ register: this });
  }
}

/** The process's metrics; `await metrics.metrics()` is the text of `/metrics`. */
export const metrics = new Metrics();
metrics.collectProcess();

export type Children<Child> = (...values: string[]) => Child;

/**
 * The children of a labelled metric, each looked up by its labels once: `labels()` hashes them anew at
 * every call, which a hot path feels.
 *
 * @example
 *   const requests = childrenOf(metrics.counter('http_requests_total', 'Requests', ['route', 'status']));
 *   requests('listSales', '200').inc();
 */
export function childrenOf<Child>(metric: { labels(...values: string[]): Child }): Children<Child> {
  const known = new Map<string, Child>();
  return (...values) => {
    const key = values.join('\0');
    let child = known.get(key);
    if (child === undefined) {
      child = metric.labels(...values);
      known.set(key, child);
    }
    return child;
  };
}
