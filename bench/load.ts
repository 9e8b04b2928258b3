/** A load of POSTs of one sale each, by wrk where it is installed (it costs least), else by autocannon. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';

export interface Load {
  /** Answers of 2xx a second. */
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers of other statuses, and broken connections. */
  failed: number;
}

const run = promisify(execFile);
export const loader = spawnSync('wrk', ['--version']).error ? 'autocannon' : 'wrk';
let turn = 0;

/** @param options 64 `connections` and `seconds` 8 unless said */
export async function pushSales(
  url: string,
  headers: Record<string, string>,
  options: { connections?: number; seconds?: number } = {},
): Promise<Load> {
  const { connections = 64, seconds = process.env.BENCH_QUICK ? 2 : 8 } = options;
  turn += 1;
  // References are new in every turn: a repeated one would be answered from what is there.
  const prefix = `${process.pid}-${turn}-`;
  return loader === 'wrk'
    ? byWrk(url, headers, prefix, connections, seconds)
    : byAutocannon(url, headers, prefix, connections, seconds);
}

async function byWrk(
  url: string,
  headers: Record<string, string>,
  prefix: string,
  connections: number,
  seconds: number,
): Promise<Load> {
  const script = join(mkdtempSync(join(tmpdir(), 'moonbase-wrk-')), 'sales.lua');
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  writeFileSync(
    script,
    `${lines.join('\n')}
wrk.headers["content-type"] = "application/json"
local count, format = 0, string.format
failed = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() failed = 0 end
function request()
  count = count + 1
  return wrk.format("POST", "/api/sales", nil, format(
    '{"source":"core","reference":"${prefix}%d","agent":"A%03d","product":"P%d","amount":"%d.25","currency":"USD","soldAt":"2026-03-10T10:00:00Z"}',
    count, count % 60, count % 6, 100 + count % 900))
end
function response(status) if status > 299 then failed = failed + 1 end end
function done(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get("failed") end
  local errors = summary.errors
  io.write(format('RESULT {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"failed":%d}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), bad + errors.connect + errors.read + errors.write + errors.timeout))
end
`,
  );
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url];
  const { stdout } = await run('wrk', args, { maxBuffer: 1 << 24 });
  const found = JSON.parse(/RESULT (.*)/.exec(stdout)![1]!);
  return {
    perSecond: (found.requests - found.failed) / (found.micros / 1e6),
    p50: found.p50 / 1_000,
    p99: found.p99 / 1_000,
    failed: found.failed,
  };
}

async function byAutocannon(
  url: string,
  headers: Record<string, string>,
  prefix: string,
  connections: number,
  seconds: number,
): Promise<Load> {
  let count = 0;
  const result = await autocannon({
    url: `${url}/api/sales`,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        setupRequest: (request: object) => {
          count += 1;
          const agent = `A${String(count % 60).padStart(3, '0')}`;
          const sale = { source: 'core', reference: `${prefix}${count}`, agent, product: `P${count % 6}` };
          return {
            ...request,
            body: JSON.stringify({
              ...sale,
              amount: `${100 + (count % 900)}.25`,
              currency: 'USD',
              soldAt: '2026-03-10T10:00:00Z',
            }),
          };
        },
      },
    ],
  });
  const failed = result.non2xx + result.errors;
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed,
  };
}
