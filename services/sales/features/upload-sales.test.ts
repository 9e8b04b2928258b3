import { afterEach, beforeEach, expect, test } from 'vitest';
import { salesError } from '../errors.ts';
import { type SalesFixture, someSale, startSales } from '../fixtures/sales-world.ts';
import type { BatchSummary, RowOutcome, UploadLine } from '../schema.ts';
import { exportSales } from './export-sales.ts';
import { listRejectedSales } from './list-rejected.ts';
import { recordSales } from './record-sales.ts';
import { dismissRejectedSale, mendRejectedSale, retryRejectedSale } from './retry-rejected.ts';
import { uploadSales } from './upload-sales.ts';

let sales: SalesFixture;
beforeEach(async () => {
  sales = await startSales();
});
afterEach(() => sales.stop());

async function* bytes(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const all = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

async function upload(text: string | Uint8Array, type = 'text/csv', size?: number): Promise<UploadLine[]> {
  const answer = await sales.call(uploadSales, {
    query: { source: 'file' },
    stream: { type, body: bytes(text, size) },
  });
  const lines: string[] = [];
  for await (const line of answer.body as AsyncIterable<string>) lines.push(line);
  return lines.map((line) => JSON.parse(line));
}

const summaryOf = (lines: UploadLine[]): BatchSummary => (lines.at(-1) as { summary: BatchSummary }).summary;
const rowsOf = (lines: UploadLine[]): RowOutcome[] =>
  lines.flatMap((line) => ('row' in line ? [line.row] : []));
const told = (row: RowOutcome) => `${row.line} ${row.outcome} ${row.code} ${row.field}`;
const stored = async () =>
  (
    await sales.database.db.query<{ reference: string; amount: string }>(
      'SELECT reference, amount::text AS amount FROM sales.sales ORDER BY reference',
    )
  ).rows.map((row) => `${row.reference} ${row.amount}`);
const listed = async () =>
  (await sales.call(listRejectedSales, { query: { limit: 100 } })).body.items.map(
    (item) => `${item.line} ${item.code} ${item.field} ${item.reference}`,
  );

const HEADER = 'reference,agent,product,amount,soldAt\n';

test('a CSV is taken in whatever its separator, line ends, case of columns, and cut into bytes', async () => {
  await upload(`${HEADER}A1,ANN,LIFE,10.50,2026-03-01\nA2,ANN,LIFE,1,2026-03-02\n`, 'text/csv', 1);
  await upload(
    '\uFEFFReference;Sold At;AGENT;"Product";amount;policyholder\r\nB1;2026-03-01T10:00;ANN;LIFE;"2.0";"Ann; Ümit"\r\n',
  );
  expect(await stored()).toEqual(['A1 10.5000', 'A2 1.0000', 'B1 2.0000']);
  const holder = await sales.database.db.query(`SELECT policyholder FROM sales.sales WHERE reference = 'B1'`);
  expect(holder.rows).toEqual([{ policyholder: 'Ann; Ümit' }]);
});

test('one bad row among many: the others land, the bad one is listed with line, field and reason', async () => {
  const rows = Array.from({ length: 1200 }, (_, n) =>
    n === 700 ? `R${n},ANN,LIFE,ten,2026-03-01` : `R${n},ANN,LIFE,1.25,2026-03-01`,
  );
  const lines = await upload(`${HEADER}${rows.join('\n')}`, 'text/csv', 4096);
  expect(summaryOf(lines)).toMatchObject({ rows: 1200, recorded: 1199, invalid: 1 });
  expect(rowsOf(lines).map(told)).toEqual(['702 invalid sale_invalid amount']);
  expect(await listed()).toEqual(['702 sale_invalid amount R700']);
  expect(lines.filter((line) => 'progress' in line).length).toBeGreaterThan(1);
});

test('the same file again doubles nothing', async () => {
  const file = `${HEADER}A1,ANN,LIFE,10.50,2026-03-01\nA2,ANN,LIFE,1,2026-03-02\n`;
  await upload(file);
  expect(summaryOf(await upload(file))).toMatchObject({ rows: 2, recorded: 0, repeated: 2 });
  expect(await stored()).toHaveLength(2);
});

test('every kind of bad row is told apart', async () => {
  await upload(`${HEADER}TAKEN,ANN,LIFE,1,2026-03-01\n`);
  const lines = await upload(
    `${HEADER}TAKEN,ANN,LIFE,2,2026-03-01\nW1,EVE,LIFE,1,2026-03-01\nR1,ANN,BOAT,1,2026-03-01\n` +
      `I1,ANN,LIFE,1\nI2,ANN,LIFE,1,01/03/2026\nI3,A\0N,LIFE,1,2026-03-01\nOK,ANN,LIFE,1,2026-03-01\n`,
  );
  expect(rowsOf(lines).map(told)).toEqual([
    '2 conflict reference_conflict reference',
    '3 waiting agent_unknown agent',
    '4 rejected product_unknown product',
    '5 invalid sale_invalid null',
    '6 invalid sale_invalid soldAt',
    '7 invalid sale_invalid agent',
  ]);
  expect(summaryOf(lines)).toMatchObject({
    ...{ rows: 7, recorded: 1, repeated: 0, waiting: 1, rejected: 1, conflict: 1, invalid: 3 },
  });
  expect((await listed()).length).toBe(6);
  expect(await stored()).toEqual(['OK 1.0000', 'TAKEN 1.0000']);
});

test.each([
  ['nothing', '', 'upload_empty', []],
  ['a header alone', HEADER, 'upload_empty', []],
  ['columns missing', 'reference,agent\nA1,ANN\n', 'upload_columns', ['product', 'amount', 'soldAt']],
  ['a misspelt column', `agnt,${HEADER}x,A1,ANN,LIFE,1,2026-03-01\n`, 'upload_columns', ['agnt']],
  ['a wrong delimiter', HEADER.replaceAll(',', '^'), 'upload_columns', [HEADER.trim().replaceAll(',', '^')]],
])('a CSV with %s is refused, naming what is wrong', async (_, text, code, columns) => {
  const refused = await upload(text).catch((error) => error);
  expect(refused).toMatchObject({ status: 400, code });
  for (const column of columns)
    expect(refused.faults.map((fault: { at: string }) => fault.at)).toContain(`line 1, column "${column}"`);
});

test('an upload that breaks off keeps the rows before, and names the line', async () => {
  const good = `${HEADER}A1,ANN,LIFE,1,2026-03-01\nA2,ANN,LIFE,1,2026-03-01\n`;
  const quote = await upload(`${good}A3,"ANN,LIFE,1,2026-03-01\n`);
  expect(quote.at(-1)).toMatchObject({ error: { code: 'upload_broken' }, summary: { recorded: 2 } });
  const latin = await upload(Buffer.concat([Buffer.from(`${good}A4,`), Buffer.from([0xe4, 0x2c])]));
  expect(latin.at(-1)).toMatchObject({ error: { code: 'upload_broken', line: 4 }, summary: { repeated: 2 } });
  expect(await stored()).toEqual(['A1 1.0000', 'A2 1.0000']);
});

test.each([1, 2, 3, 7, 1_000])(
  'what is not UTF-8 is named by its line, in chunks of %i bytes',
  async (size) => {
    const row = (n: number, holder: string) => `A${n},ANN,LIFE,1,2026-03-01,${holder}\n`;
    const good = `${HEADER.trim()},policyholder\n${row(1, 'Ümit 漢字 🌙')}${row(2, 'é')}`;
    const bad = Buffer.concat([Buffer.from('A3,ANN,LIFE,1,2026-03-01,J'), Buffer.from([0xe9, 0x0a])]);
    const lines = await upload(
      Buffer.concat([Buffer.from(good), bad, Buffer.from(row(4, 'x'))]),
      'text/csv',
      size,
    );
    expect(lines.at(-1)).toMatchObject({
      error: { code: 'upload_broken', line: 4 },
      summary: { recorded: 2 },
    });
    expect(await stored()).toEqual(['A1 1.0000', 'A2 1.0000']);
  },
);

test('an upload that the server cannot go on with ends with a line that says so', async () => {
  const row = (n: number) => `R${n},ANN,LIFE,1,2026-03-01\n`;
  async function* cut(error: Error) {
    yield new TextEncoder().encode(HEADER + Array.from({ length: 600 }, (_, n) => row(n)).join(''));
    throw error;
  }
  const send = async (error: Error) => {
    const stream = { type: 'text/csv', body: cut(error) };
    const answer = await sales.call(uploadSales, { query: { source: 'file' }, stream });
    let text = '';
    for await (const line of answer.body as AsyncIterable<string>) text += line;
    return JSON.parse(text.trim().split('\n').at(-1)!);
  };
  const large = Object.assign(salesError('upload_broken'), { code: 'too_large' });
  expect(await send(large)).toMatchObject({ error: { code: 'too_large' } });
  const gone = await send(new Error('connect ECONNREFUSED 10.0.0.1'));
  expect(gone).toMatchObject({
    error: { code: 'upload_broken', remedy: expect.stringContaining('not doubled') },
  });
  // What went wrong inside is for the log, not for the answer.
  expect(JSON.stringify(gone)).not.toContain('ECONNREFUSED');
});

test('NDJSON is taken in line by line, and a broken line is listed', async () => {
  const line = (reference: string) => JSON.stringify(someSale({ reference, source: undefined }));
  const lines = await upload(
    `${line('A1')}\n\n{"reference":\n[1]\n${line('A2').replace('}', ',"colour":"red"}')}\n${line('A3')}`,
    'application/x-ndjson',
  );
  expect(rowsOf(lines).map(told)).toEqual([
    '3 invalid sale_invalid null',
    '4 invalid sale_invalid null',
    '5 invalid sale_invalid colour',
  ]);
  expect(summaryOf(lines)).toMatchObject({ rows: 5, recorded: 2 });
  const source = await sales.database.db.query('SELECT DISTINCT source FROM sales.sales');
  expect(source.rows).toEqual([{ source: 'file' }]);
});

test('shares of a split sale stand in one column, and the export can be uploaded again', async () => {
  await upload('reference,shares,product,amount,soldAt\nA1,ANN:60 BOB:40,LIFE,10,2026-03-01\n');
  const exported = await sales.call(exportSales, { query: {} });
  let text = '';
  for await (const part of exported.body as AsyncIterable<string>) text += part;
  expect(text.split('\r\n')[1]).toMatch(
    /^file,A1,,ANN:60\.0000 BOB:40\.0000,LIFE,10\.0000,USD,2026-02-28T18:30:00\.000Z,NORTH/,
  );
  await sales.database.db.query('DELETE FROM sales.sales');
  expect(summaryOf(await upload(text))).toMatchObject({ rows: 1, recorded: 1 });
});

test('a batch answers for each of its rows in order', async () => {
  const rows = [
    someSale({ reference: 'A1' }),
    { nonsense: true },
    someSale({ reference: 'A2', product: 'BOAT' }),
    someSale({ reference: 'A1', soldAt: '2026-03-10T10:00:00.000Z' }),
  ];
  const { body } = await sales.call(recordSales, { body: rows });
  expect(body.results.map(told)).toEqual([
    '1 recorded null null',
    '2 invalid sale_invalid reference',
    '3 rejected product_unknown product',
    '4 repeated null null',
  ]);
  expect(body.summary).toMatchObject({ rows: 4, recorded: 1, repeated: 1, rejected: 1, invalid: 1 });
});

test('a rejected row can be mended, tried again, or dismissed', async () => {
  await sales.call(recordSales, {
    body: [
      someSale({ reference: 'A1', product: 'BOAT' }),
      { reference: 'A2' },
      someSale({ reference: 'A3', amount: '0' }),
    ],
  });
  const find = async (reference: string) => {
    const { items } = (await sales.call(listRejectedSales, { query: { limit: 100 } })).body;
    return items.find((item) => item.reference === reference)!;
  };
  const first = await find('A1');
  const again = () => sales.call(retryRejectedSale, { params: { id: first.id } });
  await expect(again()).rejects.toMatchObject({ status: 422, code: 'product_unknown' });
  expect((await find('A1')).attempts).toBe(2);
  await expect(
    sales.call(retryRejectedSale, { params: { id: (await find('A2')).id } }),
  ).rejects.toMatchObject({ code: 'sale_invalid' });
  // Mended under another reference, it still leaves the list.
  const mended = await sales.call(mendRejectedSale, {
    params: { id: first.id },
    body: someSale({ reference: 'A1-mended' }),
  });
  expect(mended.body).toMatchObject({
    outcome: 'recorded',
    sale: { saleId: first.id, reference: 'A1-mended' },
  });
  await sales.call(dismissRejectedSale, { params: { id: (await find('A3')).id } });
  const left = (await sales.call(listRejectedSales, { query: { limit: 100 } })).body;
  expect(left).toMatchObject({ rejected: 1, waiting: 0, items: [{ reference: 'A2' }] });
  await expect(again()).rejects.toMatchObject({ status: 404, code: 'rejected_unknown' });
});
