import { expect, test } from 'vitest';
import { childrenOf, Metrics } from './metrics.ts';

test('asking twice for a metric gives the same one', async () => {
  const metrics = new Metrics();
  metrics.counter('sales_total', 'Sales', ['source']).inc({ source: 'crm' });
  metrics.counter('sales_total', 'Sales', ['source']).inc({ source: 'crm' });
  expect(await metrics.metrics()).toContain('sales_total{source="crm"} 2');
});

test('histograms count seconds unless told otherwise', async () => {
  const metrics = new Metrics();
  metrics.histogram('took_seconds', 'Took').observe(0.02);
  metrics.histogram('rows', 'Rows', [], [10, 100]).observe(50);
  const text = await metrics.metrics();
  expect(text).toContain('took_seconds_bucket{le="0.025"} 1');
  expect(text).toContain('rows_bucket{le="10"} 0');
  expect(text).toContain('rows_bucket{le="100"} 1');
});

test('Node tells its memory and event loop lag, once', async () => {
  const metrics = new Metrics();
  metrics.collectProcess();
  metrics.collectProcess();
  const text = await metrics.metrics();
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(text).toContain('process_resident_memory_bytes');
});

test('children are looked up once per labels, and never mixed up', async () => {
  const metrics = new Metrics();
  const counter = metrics.counter('requests_total', 'Requests', ['route', 'status']);
  let lookups = 0;
  const requests = childrenOf({
    labels: (...values: string[]) => {
      lookups += 1;
      return counter.labels(...values);
    },
  });
  requests('list', '200').inc();
  requests('list', '200').inc();
  requests('list2', '00').inc();
  expect(lookups).toBe(2);
  const text = await metrics.metrics();
  expect(text).toContain('requests_total{route="list",status="200"} 2');
  expect(text).toContain('requests_total{route="list2",status="00"} 1');
});
