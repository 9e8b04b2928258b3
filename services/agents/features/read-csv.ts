/**
 * CSV as it arrives: the delimiter found from the header, every cell checked to be UTF-8, every record with
 * the line it begins on. Nothing but the record in hand is kept in memory.
 */
import { CsvError, parse } from 'csv-parse';
import { agentsError } from '../errors.ts';

export interface CsvRecord {
  /** From 1, the header included. */
  line: number;
  /** By the header's name; only columns that were asked for. */
  cells: Record<string, string>;
  /** What is wrong with the record as such: too few or many columns, not UTF-8. */
  faults: { at: string; message: string }[];
}

export interface Columns {
  needed: readonly string[];
  optional: readonly string[];
}

/** A record longer than this is no record: most likely a quote was opened and never closed. */
const LONGEST_RECORD = 64 * 1024;

/**
 * Reads the records of a file.
 *
 * @throws CodedError `csv_columns` when the header lacks or repeats columns, `csv_unreadable` with the line
 *   where quoting breaks; records before that line have been yielded
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  columns: Columns,
): AsyncGenerator<CsvRecord> {
  const { header, rest } = await peekLine(bytes);
  const delimiter = findDelimiter(header, columns);
  let names: string[] | undefined;
  // Where the next record begins, and how many empty lines were skipped before.
  let line = 1;
  let empty = 0;
  for await (const { record, lines, emptyLines } of parseRecords(rest, delimiter, () => line)) {
    const begin = line + emptyLines - empty;
    if (names) yield readRecord(record, names, columns, begin);
    else names = readHeader(record, columns, delimiter);
    line = lines + 1;
    empty = emptyLines;
  }
  if (!names) throw agentsError('csv_columns', { detail: 'The file is empty.' });
}

interface Parsed {
  record: Buffer[];
  /** So far, this record's included. */
  lines: number;
  emptyLines: number;
}

/**
 * Records as they are parsed. They go around the parser's own output, since a stream that fails throws away
 * what it has parsed and not yet handed over.
 */
async function* parseRecords(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: string,
  line: () => number,
): AsyncGenerator<Parsed> {
  let parsed: Parsed[] = [];
  const parser = parse({
    delimiter,
    // Cells stay bytes, so that one that is not UTF-8 can be named.
    encoding: null,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    on_record: (cells, { lines, empty_lines }) => {
      // Its types do not know that cells without an encoding are bytes.
      parsed.push({ record: cells as unknown as Buffer[], lines, emptyLines: empty_lines });
      return null;
    },
  });
  parser.resume();
  parser.on('error', () => {});
  const take = () => {
    const taken = parsed;
    parsed = [];
    return taken;
  };
  const feed = (chunk: Uint8Array | undefined) =>
    new Promise<Error | null | undefined>((resolve) => {
      parser.once('error', resolve);
      const done = (error?: Error | null) => {
        parser.off('error', resolve);
        resolve(error);
      };
      if (chunk) parser.write(chunk, done);
      else parser.end(done);
    });
  try {
    for await (const chunk of bytes) {
      const error = await feed(chunk);
      yield* take();
      if (error) throw error;
    }
    const error = await feed(undefined);
    yield* take();
    if (error) throw error;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw agentsError('csv_unreadable', {
      faults: [{ at: `line ${line()}`, message: quotingMessage(error) }],
    });
  } finally {
    parser.destroy();
  }
}

function quotingMessage(error: CsvError): string {
  return /MAX_RECORD_SIZE|QUOTE_NOT_CLOSED/.test(error.code)
    ? 'A quote is opened and never closed, or the file is cut off here.'
    : 'A quote stands inside a cell: put the cell in quotes and double the quote in it.';
}

/** The first line, and all bytes with it. */
async function peekLine(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ header: string; rest: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let length = 0;
  while (length < LONGEST_RECORD) {
    const next = await iterator.next();
    if (next.done) break;
    seen.push(next.value);
    length += next.value.length;
    if (next.value.includes(0x0a) || next.value.includes(0x0d)) break;
  }
  const start = Buffer.concat(seen);
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff))
    throw agentsError('csv_unreadable', {
      faults: [{ at: 'line 1', message: 'The file is UTF-16: save it as UTF-8.' }],
    });
  const marked = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  const first = marked ? start.subarray(3) : start;
  async function* rest() {
    try {
      yield first;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { header: first.toString('utf8').split(/\r?\n|\r/)[0]!, rest: rest() };
}

/** The delimiter by which the header has most of the columns. */
function findDelimiter(header: string, columns: Columns): string {
  const known = [...columns.needed, ...columns.optional];
  const score = (delimiter: string) =>
    header.split(delimiter).filter((cell) => known.includes(nameOf(cell))).length;
  return [',', ';', '\t', '|'].reduce((best, next) => (score(next) > score(best) ? next : best));
}

function nameOf(cell: string): string {
  return cell
    .trim()
    .replace(/^"|"$/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function readHeader(record: Buffer[], columns: Columns, delimiter: string): string[] {
  const names = record.map((cell) => nameOf(cell.toString('utf8')));
  const faults = columns.needed
    .filter((name) => !names.includes(name))
    .map((name) => ({ at: `line 1, column "${name}"`, message: 'Is missing.' }));
  const known = [...columns.needed, ...columns.optional];
  for (const [index, name] of names.entries()) {
    const at = `line 1, column "${name.slice(0, 60)}"`;
    if (names.indexOf(name) < index) faults.push({ at, message: 'Is there twice.' });
    else if (!known.includes(name))
      faults.push({ at, message: `Is not known: the columns are ${known.join(', ')}.` });
  }
  if (faults.length > 0)
    throw agentsError('csv_columns', {
      detail: `Read with ${delimiter === '\t' ? 'a tab' : `"${delimiter}"`} between columns, it has ${names.length}.`,
      faults,
    });
  return names;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readRecord(record: Buffer[], names: string[], columns: Columns, line: number): CsvRecord {
  const cells: Record<string, string> = {};
  const faults: CsvRecord['faults'] = [];
  if (record.length !== names.length)
    faults.push({
      at: `line ${line}`,
      message:
        record.length < names.length
          ? `Has ${record.length} of ${names.length} columns: something is missing, or the file is cut off here.`
          : `Has ${record.length} columns where the first line names ${names.length}: put cells with a delimiter in quotes.`,
    });
  for (const [index, name] of names.entries()) {
    if (!columns.needed.includes(name) && !columns.optional.includes(name)) continue;
    try {
      cells[name] = utf8.decode(record[index] ?? Buffer.alloc(0)).trim();
    } catch {
      cells[name] = '';
      faults.push({ at: `line ${line}, column "${name}"`, message: 'Is not UTF-8: save the file as UTF-8.' });
    }
  }
  return { line, cells, faults };
}
