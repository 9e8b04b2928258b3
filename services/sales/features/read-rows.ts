/**
 * Reads the rows of an upload from a stream of bytes: NDJSON, or CSV whose header names the fields of a
 * sale. Nothing is held but the row under way.
 */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse';
import { salesError } from '../errors.ts';
import type { Row } from './take-rows.ts';

/** Why and where an upload broke off. */
export class BrokenUpload extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const LONGEST_LINE = 64 * 1024;

/** Fields of a sale by their spelling in lower case without separators: `sold_at` and `Sold At` are `soldAt`. */
const FIELDS = new Map(
  [
    ...[
      'source',
      'reference',
      'agent',
      'shares',
      'product',
      'amount',
      'currency',
      'soldAt',
      'zone',
      'branch',
    ],
    ...['policyNumber', 'policyholder'],
  ].map((name) => [name.toLowerCase(), name]),
);
/** Columns of the export that an upload may carry and that say nothing to it. */
const IGNORED = new Set(['saleid', 'day', 'status', 'recordedat']);

/**
 * Text of a stream of UTF-8, chunk by chunk.
 *
 * @throws BrokenUpload at the line that is not UTF-8, after the text of the lines before it
 */
async function* decode(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  // The last bytes so far: a character may be cut between two chunks.
  let tail = Buffer.alloc(0);
  for await (const chunk of body) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      const good = goodLines(Buffer.concat([begun(tail), chunk]));
      if (good) yield good;
      throw new BrokenUpload('It is not UTF-8.', lines + countLines(good));
    }
    tail = Buffer.concat([tail, chunk]).subarray(-3);
    lines += countLines(text);
    yield text;
  }
  if (begun(tail).length > 0) throw new BrokenUpload('It is not UTF-8.', lines);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** The first bytes of a character whose others have not come yet, at the end of valid UTF-8. */
function begun(tail: Buffer): Buffer {
  for (let at = tail.length - 1; at >= 0; at -= 1) {
    const byte = tail[at]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return tail.length - at < length ? tail.subarray(at) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}

/** The whole lines before the first one that is not UTF-8. */
function goodLines(bytes: Buffer): string {
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return bytes.toString('utf8', 0, start);
}

/** Rows of NDJSON; empty lines are passed over. */
export async function* readJsonRows(body: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Row> {
  let line = 0;
  let rest = '';
  const row = (text: string): Row | null => {
    line += 1;
    if (text.trim() === '') return null;
    try {
      const input: unknown = JSON.parse(text);
      const plain = typeof input === 'object' && input !== null && !Array.isArray(input);
      return { line, input: plain ? { source, ...input } : input };
    } catch {
      return { line, input: text.slice(0, 1_000), fault: 'It is not JSON.' };
    }
  };
  for await (const text of decode(body)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    if (rest.length > LONGEST_LINE) throw new BrokenUpload('A line is longer than 64 KiB.', line + 1);
    for (const part of parts) {
      const made = row(part);
      if (made) yield made;
    }
  }
  const last = row(rest);
  if (last) yield last;
}

/**
 * Rows of a CSV.
 *
 * @param delimiter found from the header unless given
 * @throws `upload_empty`, `upload_columns` before the first row
 */
export async function* readCsvRows(
  body: AsyncIterable<Uint8Array>,
  source: string,
  delimiter?: string,
): AsyncGenerator<Row> {
  const text = decode(body);
  let start = '';
  while (!start.includes('\n')) {
    const next = await text.next();
    if (next.done) break;
    start += next.value;
    if (start.length > LONGEST_LINE && !start.includes('\n'))
      throw new BrokenUpload('The first line is longer than 64 KiB.', 1);
  }
  start = start.replace(/^\uFEFF/, '');
  if (start.trim() === '') throw salesError('upload_empty');
  const header = start.split(/\r?\n/, 1)[0]!;
  const separator = delimiter ?? findDelimiter(header);
  const read: { record: string[]; line: number }[] = [];
  let failure: Error | null = null;
  // Rows are taken from the parser as it reads them: those before a fault are not lost with it.
  const parser = parse({
    ...{ delimiter: separator, relax_column_count: true, skip_empty_lines: true, trim: true },
    on_record: (record: string[], { lines }: { lines: number }) => {
      read.push({ record, line: lines });
      return null;
    },
  });
  parser.on('error', (error) => {
    failure = error;
  });
  let columns: (string | null)[] | null = null;
  const rows = function* (): Generator<Row> {
    for (const { record, line } of read.splice(0)) {
      if (columns === null) columns = columnsOf(record);
      else yield { line, ...fieldsOf(record, columns, source) };
    }
  };
  const wait = (send: (done: () => void) => void) => new Promise<void>((resolve) => send(resolve));
  let broken: unknown = null;
  const whole = wholeLines(start, text);
  for (let next = await settled(whole.next()); !next.done; next = await settled(whole.next())) {
    await wait((done) => parser.write(next.value, () => done()));
    yield* rows();
    if (failure) throw brokenBy(failure);
  }
  // The parser holds the last row back until it knows that nothing follows.
  await wait((done) => parser.once('close', done).resume().end());
  yield* rows();
  if (broken) throw broken;
  if (failure) throw brokenBy(failure);

  function settled<T>(next: Promise<IteratorResult<T>>): Promise<IteratorResult<T>> {
    return next.catch((error) => {
      broken = error;
      return { done: true, value: undefined };
    });
  }
}

/** The text cut at ends of lines: what is left of a line when the text breaks off is not told. */
async function* wholeLines(start: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  let rest = '';
  const cut = (part: string) => {
    const end = part.lastIndexOf('\n') + 1;
    rest = part.slice(end);
    return part.slice(0, end);
  };
  yield cut(start);
  for await (const part of text) {
    const whole = cut(rest + part);
    if (whole) yield whole;
    else if (rest.length > 16 * LONGEST_LINE) throw new BrokenUpload('A line does not end.', 1);
  }
  yield rest;
}

function brokenBy(error: Error & { lines?: number }): BrokenUpload {
  return new BrokenUpload(`${error.message}.`, error.lines ?? 1);
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

/** The separator by which the header holds most known fields. */
function findDelimiter(header: string): string {
  const known = (separator: string) =>
    header.split(separator).filter((name) => FIELDS.has(plain(name.replaceAll('"', '')))).length;
  return [',', ';', '\t', '|'].reduce((best, each) => (known(each) > known(best) ? each : best));
}

function columnsOf(header: readonly string[]): (string | null)[] {
  const names = header.map(
    (name) => FIELDS.get(plain(name)) ?? (IGNORED.has(plain(name)) ? null : undefined),
  );
  const faults = header
    .filter((_, index) => names[index] === undefined)
    .map((name) => ({ at: `line 1, column "${name}"`, message: 'is not a known column' }));
  const missing = ['reference', 'product', 'amount', 'soldAt'].filter((name) => !names.includes(name));
  if (!names.includes('agent') && !names.includes('shares')) missing.push('agent');
  for (const name of missing) faults.push({ at: `line 1, column "${name}"`, message: 'is missing' });
  if (faults.length > 0)
    throw salesError('upload_columns', { detail: `Found: ${header.join(' · ').slice(0, 500)}.`, faults });
  return names as (string | null)[];
}

function fieldsOf(
  record: readonly string[],
  columns: readonly (string | null)[],
  source: string,
): Omit<Row, 'line'> {
  // A row with a cell too many or too few is no sale: its cells may stand under the wrong names.
  if (record.length !== columns.length)
    return { input: record, fault: `It has ${record.length} cells instead of ${columns.length}.` };
  const fields: Record<string, unknown> = { source };
  for (const [index, name] of columns.entries()) {
    const cell = record[index]!;
    if (name === null || cell === '') continue;
    fields[name] = name === 'shares' ? sharesOf(cell) : cell;
  }
  return { input: fields };
}

/** `ANN:60 BOB:40` */
function sharesOf(cell: string): unknown {
  return cell.split(/\s+/).map((part) => {
    const at = part.lastIndexOf(':');
    return { agent: part.slice(0, at), percent: part.slice(at + 1) };
  });
}
