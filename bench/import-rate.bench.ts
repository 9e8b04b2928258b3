/** Bulk import: a file of sales over HTTP, judged and announced, beside COPY of the same rows into a bare table. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { startMoonHost } from './moon-host.ts';
import { copyIn } from './sale-rate/copy-in.ts';
import { ratios, report, spread, takeTurns } from './side-by-side.ts';

const rows = process.env.BENCH_QUICK ? 2_000 : 100_000;
const moon = await startMoonHost(['sales:write'], async (owner) => {
  await owner.query(`
    CREATE SCHEMA bench;
    CREATE TABLE bench.copied (source text, reference text, agent text, product text, amount numeric(19,4),
      currency text, sold_at timestamptz);`);
});
const { host, installation, headers } = moon;

let turn = 0;
function* lines(format: 'csv' | 'ndjson'): Generator<string> {
  turn += 1;
  if (format === 'csv') yield 'source,reference,agent,product,amount,currency,soldAt\n';
  for (let i = 0; i < rows; i += 1) {
    const agent = `A${String(i % 60).padStart(3, '0')}`;
    const [product, amount] = [`P${i % 6}`, `${100 + (i % 900)}.25`];
    const soldAt = `2026-03-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00Z`;
    const reference = `import-${turn}-${i}`;
    yield format === 'csv'
      ? `file,${reference},${agent},${product},${amount},USD,${soldAt}\n`
      : `${JSON.stringify({ source: 'file', reference, agent, product, amount, currency: 'USD', soldAt })}\n`;
  }
}

async function upload(format: 'csv' | 'ndjson'): Promise<number> {
  const file = [...lines(format)].join('');
  const started = performance.now();
  const answer = await fetch(`${host.url}/api/sales/upload`, {
    method: 'POST',
    headers: { ...headers, 'content-type': format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from([Buffer.from(file)])) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  const said = await answer.text();
  const seconds = (performance.now() - started) / 1_000;
  const last = JSON.parse(said.trim().split('\n').at(-1)!);
  const recorded = JSON.stringify(last).match(/"recorded":(\d+)/)?.[1];
  if (Number(recorded) !== rows)
    throw new Error(`Of ${rows} rows, ${recorded} were recorded: ${said.slice(-500)}`);
  await drained();
  return rows / seconds;
}

async function copy(): Promise<number> {
  const file = join(installation.folder, 'copied.csv');
  await writeFile(file, [...lines('csv')].join(''));
  const started = performance.now();
  await copyIn(installation.databaseUrl, 'COPY bench.copied FROM STDIN (FORMAT csv, HEADER)', file);
  return rows / ((performance.now() - started) / 1_000);
}

/** Reactions catch up between the turns, so that nobody is measured beside them. */
async function drained(): Promise<void> {
  for (;;) {
    const answer = await moon.db.query<{ behind: boolean }>(
      `SELECT EXISTS (SELECT FROM events.inbox)
           OR EXISTS (SELECT FROM events.lanes l, events.head h WHERE l.position < h.position - 5000) AS behind`,
    );
    if (!answer.rows[0]!.behind) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await upload('ndjson');
const found = await takeTurns(
  { ndjson: () => upload('ndjson'), csv: () => upload('csv'), copy },
  process.env.BENCH_QUICK ? 1 : 3,
);
await moon.stop();

const share = ratios(found.ndjson, found.copy);
const shareOfCsv = ratios(found.csv, found.copy);
report('import-rate', [
  {
    claim: `Rows a second of a file of ${rows.toLocaleString('en')} sales, judged, recorded and announced`,
    unit: 'rows/s',
    figures: {
      'moonbase, NDJSON': spread(found.ndjson),
      'moonbase, CSV': spread(found.csv),
      'COPY into a bare table': spread(found.copy),
    },
    ratios: { 'COPY, NDJSON': share, 'COPY, CSV': shareOfCsv },
    goal: 'at least half of COPY',
    met: Math.min(share.median, shareOfCsv.median) >= 0.5,
  },
]);
