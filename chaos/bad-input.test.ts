/** What people and programs send by mistake, over HTTP against a whole host. */
import type { Route } from '@moonbase/http';
import { permissions } from '@moonbase/identity';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { services } from './services.ts';
import { enterWorld, type World } from './world.ts';

let host: TestHost;
let world: World;
let headers: Record<string, string>;
beforeAll(async () => {
  host = await startTestHost(services);
  world = await enterWorld({ key: host.key }, host.url);
  headers = await host.key(...Object.keys(permissions));
  await host.settled();
}, 120_000);
afterAll(() => host.stop());

interface Answer {
  status: number;
  text: string;
}

async function send(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  how: { method?: string; type?: string } = {},
): Promise<Answer> {
  const { method = 'POST', type = 'application/json' } = how;
  const answer = await fetch(`${host.url}/api${path}`, {
    ...{ method, body },
    headers: { ...headers, 'content-type': type },
  });
  return { status: answer.status, text: await answer.text() };
}

/** Events so far, once what went before has been reacted to: an effect would add to them. */
async function effects(): Promise<number> {
  await host.settled();
  const answer = await host.owner.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM events.log) + (SELECT count(*) FROM events.inbox) AS count`,
  );
  return answer.rows[0]!.count;
}

function expectProblem(answer: Answer, status: number, told: RegExp): void {
  expect(answer, answer.text).toMatchObject({ status });
  const problem = JSON.parse(answer.text);
  expect(problem.code).toMatch(/^[a-z_0-9]+$/);
  expect(problem.remedy.length).toBeGreaterThan(10);
  expect(answer.text).toMatch(told);
  expectNoTrace(answer);
}

function expectNoTrace({ text }: Answer): void {
  expect(text).not.toMatch(/node_modules|\.ts:\d|\bat [\w.<>]+ \(|SELECT |INSERT |pg_|ZodError/);
}

/** Every route that takes a JSON body, with something in place of its parameters. */
const routes = services.flatMap((service) =>
  Object.entries(service.api ?? {})
    .filter(([, route]) => (route as Route).body !== undefined)
    .map(([name, route]) => {
      const path = (route as Route).path
        .replace(':kind', 'message')
        .replace(/:\w+/g, '01990000-0000-7000-8000-000000000000');
      return [`${service.name}.${name}`, { method: (route as Route).method, path }] as const;
    }),
);

test('there are many routes to try', () => expect(routes.length).toBeGreaterThan(30));

test.each(routes)('%s refuses what is not JSON, not UTF-8, or not text', async (_name, { method, path }) => {
  const before = await effects();
  expectProblem(await send(path, '{"a": [1,\n2,,3]}', { method }), 400, /not_json.*line 2, column 3"/s);
  expectProblem(await send(path, '{"half": "a bo', { method }), 400, /not_json.*line 1/s);
  expectProblem(
    await send(path, new Uint8Array([...Buffer.from('{"a":"'), 0xc3, 0x28, 0x22, 0x7d]), { method }),
    400,
    /not_utf8.*UTF-8/s,
  );
  expectProblem(await send(path, '{"a":{"b":"x\\u0000y"}}', { method }), 422, /"\/a\/b".*NUL/s);
  expectProblem(await send(path, '{"a":"\\ud800"}', { method }), 422, /"\/a".*surrogate/s);
  expectProblem(await send(path, '"a text alone"', { method }), 422, /"faults":\[\{"at":"\//);
  expectProblem(await send(path, '<sale/>', { method, type: 'application/xml' }), 415, /unsupported_type/);
  expect(await effects()).toBe(before);
});

/** Bodies that are a list are judged row by row, and so told. */
const lists = new Set(['sales.recordSales']);

test.each(routes.filter(([name]) => !lists.has(name)))(
  '%s refuses fields that it does not know',
  async (_name, { method, path }) => {
    const before = await effects();
    expectProblem(
      await send(path, '{"amuont": 1}', { method }),
      422,
      /"\/amuont","message":"is not a known field"/,
    );
    expect(await effects()).toBe(before);
  },
);

test.each(['/sales', '/sales/batch', '/agents', '/agents/batch', '/notifications', '/session'])(
  'a body of 10 MB is refused at %s',
  async (path) => {
    const before = await effects();
    const answer = await send(path, JSON.stringify({ reference: 'x'.repeat(10 * 1024 * 1024) }));
    expectProblem(answer, 413, /too_large/);
    expect(await effects()).toBe(before);
  },
);

const sale = (reference: string, change: Record<string, unknown> = {}) => ({
  ...{ source: 'bad', reference, agent: 'A0', product: 'LIFE', amount: '10.00', currency: 'USD' },
  ...{ soldAt: '2026-03-10T10:00:00Z', ...change },
});

const there = async (reference: string) =>
  (await host.owner.query(`SELECT FROM sales.sales WHERE source = 'bad' AND reference = $1`, [reference]))
    .rowCount;

test.each<[string, Record<string, unknown>, number, RegExp]>([
  ['an amount that is a number', { amount: 10.5 }, 422, /"\/amount"/],
  ['an amount with five decimals', { amount: '1.00001' }, 422, /"\/amount"/],
  ['an amount below zero', { amount: '-1' }, 422, /amount_impossible.*"\/amount"/],
  ['an agent that is a list', { agent: ['A0'] }, 422, /"\/agent"/],
  ['a day that does not exist', { soldAt: '2026-02-30' }, 422, /date_impossible.*"\/soldAt"/],
  ['a sale dated 1970', { soldAt: '1970-01-01T00:00:00Z' }, 422, /date_impossible.*before 1990.*"\/soldAt"/],
  ['a sale dated 2100', { soldAt: '2100-01-01' }, 422, /date_impossible.*"\/soldAt"/],
  ['a currency of nobody', { currency: 'XQX' }, 422, /currency_unknown.*"\/currency"/],
  ['a product of nobody', { product: 'BOAT' }, 422, /product_unknown.*"\/product"/],
  [
    'shares of 99 %',
    { agent: undefined, shares: [{ agent: 'A0', percent: '99' }] },
    422,
    /shares_impossible.*"\/shares"/,
  ],
])('%s is told with its field, and no sale is there', async (what, change, status, told) => {
  const before = await effects();
  expectProblem(await send('/sales', JSON.stringify(sale(what, change))), status, told);
  expect(await there(what)).toBe(0);
  expect(await effects()).toBe(before);
});

test('pushed again and again at the same time, a sale is there once; with other content it is a conflict', async () => {
  const before = await effects();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => send('/sales', JSON.stringify(sale('twin')))),
  );
  expect(all.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  const other = await send('/sales', JSON.stringify(sale('twin', { amount: '11.00' })));
  expectProblem(other, 409, /reference_conflict.*"\/reference"/);
  expect(await there('twin')).toBe(1);
  await host.host.events.drained();
  const recorded = await host.owner.query(
    `SELECT FROM events.log WHERE type = 'sales.recorded' AND payload #>> '{after,reference}' = 'twin'`,
  );
  expect(recorded.rowCount).toBe(1);
  expect(await effects()).toBeGreaterThan(before);
});

test('of 500 sales with one bad row, 499 land, and the bad one is listed with place, field and remedy', async () => {
  const rows = Array.from({ length: 500 }, (_, n) => sale(`many-${n}`, n === 250 ? { amount: 'ten' } : {}));
  const answer = await send('/sales/batch', JSON.stringify(rows));
  expect(answer.status).toBe(200);
  const { summary, results } = JSON.parse(answer.text);
  expect(summary).toMatchObject({ rows: 500, recorded: 499, invalid: 1 });
  expect(results[250]).toMatchObject({
    line: 251,
    outcome: 'invalid',
    field: 'amount',
    reference: 'many-250',
  });
  expect(results[250].remedy).toMatch(/field/);
  expectNoTrace(answer);
  // Sent again, mended: the one that was missing comes, nothing is doubled.
  const again = await send('/sales/batch', JSON.stringify(rows.map((_, n) => sale(`many-${n}`))));
  expect(JSON.parse(again.text).summary).toMatchObject({ rows: 500, recorded: 1, repeated: 499 });
});

const HEADER = 'reference,agent,product,amount,soldAt';
const line = (n: number) => `csv-${n},A1,CAR,5.25,2026-03-11`;
const upload = (body: string | Uint8Array<ArrayBuffer>, query = '') =>
  send(`/sales/upload?source=bad${query}`, body, { type: 'text/csv' });
const last = ({ text }: Answer) => JSON.parse(text.trim().split('\n').at(-1)!);

test('a CSV with missing columns names them; nothing lands', async () => {
  const before = await effects();
  expectProblem(await upload('reference,agent,amount\nx,A1,5\n'), 400, /upload_columns.*product.*soldAt/s);
  expectProblem(await upload(''), 400, /upload_empty/);
  expect(await effects()).toBe(before);
});

test('a CSV with the wrong delimiter is told so; nothing lands', async () => {
  const before = await effects();
  const answer = await upload(`${HEADER}\n${line(1)}\n`, '&delimiter=;');
  expectProblem(answer, 400, /upload_columns/);
  expectProblem(await upload(`${HEADER.replaceAll(',', '#')}\n${line(1)}\n`), 400, /upload_columns/);
  expect(await effects()).toBe(before);
});

test('a CSV that is not UTF-8 or holds NUL names the line, and the lines before are kept', async () => {
  const latin = Buffer.concat([
    Buffer.from(`${HEADER},policyholder\n${line(10)},Ann\n${line(11)},Jos`),
    Buffer.from([0xe9, 0x0a]),
  ]);
  const broken = await upload(new Uint8Array(latin));
  expectNoTrace(broken);
  expect(last(broken)).toMatchObject({ error: { code: 'upload_broken', line: 3 }, summary: { recorded: 1 } });
  expect(broken.text).toMatch(/UTF-8/);
  expect(await there('csv-10')).toBe(1);
  expect(await there('csv-11')).toBe(0);
  const nul = await upload(`${HEADER},policyholder\n${line(12)},A\0n\n${line(13)},Ann\n`);
  expectNoTrace(nul);
  expect(nul.text).toMatch(/"line":2/);
  expect(await there('csv-12')).toBe(0);
  expect(await there('csv-13')).toBe(1);
});

test('half a file, cut within a quoted field, keeps the whole lines; sent whole, it completes without doubling', async () => {
  const whole = `${HEADER},policyholder\n${Array.from({ length: 600 }, (_, n) => `${line(1_000 + n)},"Ann, ${n}"`).join('\n')}\n`;
  const half = await upload(whole.slice(0, whole.indexOf(', 300"')));
  expectNoTrace(half);
  expect(last(half)).toMatchObject({
    error: { code: 'upload_broken', line: 302 },
    summary: { recorded: 300 },
  });
  expect(last(half).error.remedy).toMatch(/send the file again/);
  expect(last(await upload(whole))).toMatchObject({ summary: { rows: 600, recorded: 300, repeated: 300 } });
});

test('a connection that is cut in the middle of an upload leaves whole sales with their events', async () => {
  const abort = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.from(`${HEADER}\n`));
      for (let n = 0; n < 1_200; n += 1) controller.enqueue(Buffer.from(`${line(5_000 + n)}\n`));
      await new Promise((resolve) => setTimeout(resolve, 500));
      abort.abort();
    },
  });
  const cut = fetch(`${host.url}/api/sales/upload?source=bad`, {
    ...{ method: 'POST', headers: { ...headers, 'content-type': 'text/csv' }, body, duplex: 'half' },
    signal: abort.signal,
  } as RequestInit);
  await expect(cut.then((answer) => answer.text())).rejects.toThrow();
  await host.settled();
  const halves = await host.owner.query(
    `SELECT s.id, e.key FROM sales.sales s
       FULL JOIN (SELECT key FROM events.log WHERE type = 'sales.recorded') AS e ON e.key = s.id::text
      WHERE s.id IS NULL OR e.key IS NULL`,
  );
  expect(halves.rows).toEqual([]);
  const all = Array.from({ length: 1_200 }, (_, n) => line(5_000 + n)).join('\n');
  const { summary } = last(await upload(`${HEADER}\n${all}\n`));
  expect(summary).toMatchObject({ rows: 1_200, recorded: 1_200 - summary.repeated, invalid: 0 });
});

test('an agent deactivated meanwhile: new sales are refused, repeats are not, and the refused come in on return', async () => {
  const { code, id } = world.wavering;
  const mine = (reference: string) => sale(reference, { agent: code, soldAt: new Date().toISOString() });
  const [first, second] = [mine('gone-1'), mine('gone-2')];
  expect((await send('/sales', JSON.stringify(first))).status).toBe(201);
  expect((await send(`/agents/${id}/deactivate`, '{}')).status).toBe(200);
  await host.settled();
  expectProblem(await send('/sales', JSON.stringify(second)), 422, /agent_inactive.*"\/agent"/);
  expect((await send('/sales', JSON.stringify(first))).status).toBe(200);
  expect(await there('gone-2')).toBe(0);
  expect((await send(`/agents/${id}/reactivate`, '{}')).status).toBe(200);
  await host.settled();
  expect(await there('gone-2')).toBe(1);
});
