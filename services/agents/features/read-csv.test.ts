import type { CodedError } from '@moonbase/http/errors';
import { expect, test } from 'vitest';
import { type CsvRecord, readCsv } from './read-csv.ts';

const columns = { needed: ['code', 'first_name'], optional: ['branch'] };

async function* chunks(content: string | Buffer, size = 7) {
  const bytes = Buffer.from(content as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(content: string | Buffer): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readCsv(chunks(content), columns)) records.push(record);
  return records;
}

async function refusal(content: string | Buffer): Promise<CodedError> {
  return read(content).then(
    () => {
      throw new Error('was taken');
    },
    (error: CodedError) => error,
  );
}

test('records come with the line they begin on, whatever stands in between', async () => {
  const records = await read('code,first_name\nA1,"Ni\nmal"\n\nA2,Saman\n');
  expect(records).toEqual([
    { line: 2, cells: { code: 'A1', first_name: 'Ni\nmal' }, faults: [] },
    { line: 5, cells: { code: 'A2', first_name: 'Saman' }, faults: [] },
  ]);
});

test.each([
  ['semicolons', 'code;first_name;branch\nA1;Nimal;N,1\n'],
  ['tabs', 'code\tfirst_name\tbranch\nA1\tNimal\tN,1\n'],
  ['bars', 'code|first_name|branch\nA1|Nimal|N,1\n'],
  ['commas', 'code,first_name,branch\nA1,Nimal,"N,1"\n'],
  ['a byte order mark', '\uFEFFcode,first_name,branch\nA1,Nimal,"N,1"\n'],
  ['Windows line ends', 'code,first_name,branch\r\nA1,Nimal,"N,1"\r\n'],
  ['another order and way of writing', '"Branch","First Name", CODE \n"N,1",Nimal,A1\n'],
  ['no line end at the end', 'code,first_name,branch\nA1,Nimal,"N,1"'],
])('%s are understood', async (_, content) => {
  expect(await read(content)).toEqual([
    { line: 2, cells: { code: 'A1', first_name: 'Nimal', branch: 'N,1' }, faults: [] },
  ]);
});

test('missing and unknown columns are named with line and column, before any record', async () => {
  const error = await refusal('code,name\nA1,Nimal\n');
  expect(error.code).toBe('csv_columns');
  expect(error.faults).toEqual([
    { at: 'line 1, column "first_name"', message: 'Is missing.' },
    { at: 'line 1, column "name"', message: expect.stringContaining('code, first_name, branch') },
  ]);
});

test('a delimiter that is none of ours reads as missing columns', async () => {
  const error = await refusal('code/first_name\nA1/Nimal\n');
  expect(error.code).toBe('csv_columns');
  expect(error.message).toContain('it has 1');
});

test('an empty file is refused', async () => {
  expect((await refusal('')).code).toBe('csv_columns');
});

test('a column that is there twice is refused', async () => {
  const error = await refusal('code,first_name,code\nA1,Nimal,A2\n');
  expect(error.faults).toEqual([{ at: 'line 1, column "code"', message: 'Is there twice.' }]);
});

test('half a record says that the file may be cut off, and the others are fine', async () => {
  const records = await read('code,first_name,branch\nA1,Nimal,N\nA2,Sam');
  expect(records[0]!.faults).toEqual([]);
  expect(records[1]).toMatchObject({
    line: 3,
    faults: [{ at: 'line 3', message: expect.stringMatching(/2 of 3 columns.*cut off/) }],
  });
});

test('a record with too many columns is named', async () => {
  const [record] = await read('code,first_name\nA1,Perera, Nimal\n');
  expect(record!.faults).toEqual([{ at: 'line 2', message: expect.stringContaining('3 columns') }]);
});

test('a quote that is never closed names the line it was opened on', async () => {
  const error = await refusal('code,first_name\nA1,Nimal\nA2,"Saman\nA3,Ruwan\n');
  expect(error.code).toBe('csv_unreadable');
  expect(error.faults[0]!.at).toBe('line 3');
  expect(error.faults[0]!.message).toContain('never closed');
});

test('a quote that is never closed does not fill the memory', async () => {
  const error = await refusal(`code,first_name\nA1,"Nimal\n${'A2,Saman\n'.repeat(20_000)}`);
  expect(error.code).toBe('csv_unreadable');
  expect(error.faults[0]!.at).toBe('line 2');
});

test('records before the broken line have been read', async () => {
  const seen: string[] = [];
  const reading = (async () => {
    for await (const record of readCsv(chunks('code,first_name\nA1,Nimal\nA2,Sa"man"\n'), columns))
      seen.push(record.cells.code!);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'csv_unreadable', faults: [{ at: 'line 3' }] });
  expect(seen).toEqual(['A1']);
});

test('a cell that is not UTF-8 is named with line and column', async () => {
  const content = Buffer.concat([
    Buffer.from('code,first_name,branch\nA1,Nimal,N\nA2,'),
    Buffer.from([0x4a, 0xf6, 0x72, 0x67]),
    Buffer.from(',N\nA3,Ruwan,N\n'),
  ]);
  const records = await read(content);
  expect(records.map((record) => record.faults)).toEqual([
    [],
    [{ at: 'line 3, column "first_name"', message: expect.stringContaining('UTF-8') }],
    [],
  ]);
});

test('UTF-16 is refused by name', async () => {
  const error = await refusal(Buffer.from('\uFEFFcode,first_name\nA1,Nimal\n', 'utf16le'));
  expect(error).toMatchObject({ code: 'csv_unreadable', faults: [{ at: 'line 1' }] });
});

test('when the sender goes away the reader fails with the sender’s error', async () => {
  async function* broken() {
    yield Buffer.from('code,first_name\nA1,Nimal\n');
    throw new Error('aborted');
  }
  const reading = (async () => {
    for await (const _ of readCsv(broken(), columns));
  })();
  await expect(reading).rejects.toThrow('aborted');
});
