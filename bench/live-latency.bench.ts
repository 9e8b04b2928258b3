/**
 * From the commit of a sale to the dashboard's number that holds it, at 1,000 sales a second: a page listens to
 * the live stream and asks for the number when it hears of a sale, as the console does.
 */
import { once } from 'node:events';
import http from 'node:http';
import { startMoonHost } from './moon-host.ts';
import { quantile, report, spread } from './side-by-side.ts';

const quick = Boolean(process.env.BENCH_QUICK);
const rounds = quick ? 1 : 5;
const seconds = quick ? 2 : 8;
const PER_MS = 1;
const NUMBER = 'daily-sales';

const moon = await startMoonHost(['sales:write', 'sales:read', 'insights:read']);
const { host, headers } = moon;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** When a sale's answer came, and at which position its event is; whichever comes first waits for the other. */
const recordedAt = new Map<string, number>();
const heard: { id: string; position: number }[] = [];
let latencies: number[] = [];

function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${host.url}${path}`,
      { method, agent, headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      },
    );
    request.on('error', reject);
    request.end(body ? JSON.stringify(body) : undefined);
  });
}

let number = 0;
async function sell(): Promise<void> {
  number += 1;
  const answer = await send('POST', '/api/sales', {
    source: 'live',
    reference: `${process.pid}-${number}`,
    agent: `A${String(number % 60).padStart(3, '0')}`,
    product: `P${number % 6}`,
    amount: '10.25',
    currency: 'USD',
    soldAt: new Date().toISOString(),
  });
  if (answer.status !== 201) throw new Error(answer.body);
  recordedAt.set(JSON.parse(answer.body).saleId, performance.now());
}

let asking = false;
/** Asks for the number; what it holds, by its position in the log, has arrived. */
async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    while (heard.length > 0) {
      const upTo = heard.length;
      const answer = await send('GET', `/api/insights/${NUMBER}`);
      if (answer.status !== 200) throw new Error(answer.body);
      const now = performance.now();
      const { position } = JSON.parse(answer.body) as { position: number };
      const asked = heard.splice(0, upTo);
      for (const each of asked) {
        if (each.position > position) heard.push(each);
        else latencies.push(Math.max(0, now - (recordedAt.get(each.id) ?? now)));
      }
    }
  } finally {
    asking = false;
  }
}

const stream = http.get(`${host.url}/api/live?types=sales.recorded&after=insights.figures`, { headers });
const [events] = (await once(stream, 'response')) as [http.IncomingMessage];
let rest = '';
events.setEncoding('utf8');
events.on('data', (chunk: string) => {
  const messages = (rest + chunk).split('\n\n');
  rest = messages.pop()!;
  for (const message of messages) {
    const data = message.split('\n').find((line) => line.startsWith('data: ['));
    if (!data) continue;
    for (const event of JSON.parse(data.slice(6)) as { key: string; position: number }[])
      heard.push({ id: event.key, position: event.position });
  }
  void ask();
});

async function push(milliseconds: number): Promise<void> {
  const started = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; sent < milliseconds * PER_MS; ) {
    const due = Math.min(milliseconds * PER_MS, Math.floor((performance.now() - started) * PER_MS));
    for (; sent < due; sent += 1) under.push(sell());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  const patience = performance.now() + 30_000;
  while (latencies.length < milliseconds * PER_MS && performance.now() < patience)
    await new Promise((resolve) => setTimeout(resolve, 10));
  if (latencies.length < under.length) throw new Error(`${latencies.length} of ${under.length} arrived.`);
}

await push(1_000);
const p50: number[] = [];
const p99: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  latencies = [];
  recordedAt.clear();
  await push(seconds * 1_000);
  latencies.sort((one, other) => one - other);
  p50.push(quantile(latencies, 0.5));
  p99.push(quantile(latencies, 0.99));
}
stream.destroy();
agent.destroy();
await moon.stop();

const late = spread(p99);
report('live-latency', [
  {
    claim: 'Answer to a sale → the dashboard’s number holds it, at 1,000 sales a second',
    unit: 'ms',
    figures: { p50: spread(p50), p99: late },
    goal: 'p99 under 250 ms',
    met: late.median < 250,
    notes: [`number: ${NUMBER}, asked for anew with each message of the live stream`],
  },
]);
