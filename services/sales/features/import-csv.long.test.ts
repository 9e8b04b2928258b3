import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importCommand } from '../commands.ts';
import { type ImportWorld, sharedData, startImportWorld } from '../fixtures/import-world.ts';
import { importCsv, readMapping } from './import-csv.ts';

let imports: ImportWorld;
beforeEach(async () => {
  imports = await startImportWorld();
});
afterEach(() => imports.host.stop());

const query = async (text: string) => (await imports.host.db.query(text)).rows;

test('the supermarket’s thousand sales come in exactly, and a second time change nothing', async () => {
  const file = sharedData('supermarket-sales.csv');
  for (const recorded of [1000, 0]) {
    imports.printed.length = 0;
    await importCommand.run([file], { mapping: 'supermarket' }, imports.world);
    expect(imports.printed).toContain(
      `Sales: 1000 read, ${recorded} recorded, ${1000 - recorded} there already.`,
    );
    expect(imports.printed).toContain('Amount: 322966.7490 USD');
  }
  await imports.host.settled();
  expect(
    await query('SELECT count(*) AS n, sum(amount)::text AS sum, min(currency) AS currency FROM sales.sales'),
  ).toEqual([{ n: 1000, sum: '322966.7490', currency: 'USD' }]);
  expect(
    await query(
      `SELECT amount::text AS amount, sales FROM sales.daily WHERE kind = 'company' AND day = '2019-01-05'`,
    ),
  ).toHaveLength(1);
  expect(await query(`SELECT sum(amount)::text AS sum FROM sales.daily WHERE kind = 'branch'`)).toEqual([
    { sum: '322966.7490' },
  ]);
  expect(await query('SELECT code, name FROM sales.known_agents ORDER BY code')).toEqual([
    { code: 'HOUSE-A', name: 'House Yangon' },
    { code: 'HOUSE-B', name: 'House Mandalay' },
    { code: 'HOUSE-C', name: 'House Naypyitaw' },
  ]);
  expect(await query('SELECT code FROM sales.known_products ORDER BY code')).toHaveLength(6);
  // 13:08 in Yangon, six and a half hours ahead.
  expect(await query(`SELECT sold_at, day FROM sales.sales WHERE reference = '750-67-8428'`)).toEqual([
    { sold_at: new Date('2019-01-05T06:38:00Z'), day: '2019-01-05' },
  ]);
  expect(await query('SELECT count(*) AS n FROM sales.rejected')).toEqual([{ n: 0 }]);
});

test('bad rows are listed with their line, the others land', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moon-import-'));
  const lines = (await readFile(sharedData('supermarket-sales.csv'), 'utf8')).split('\n').slice(0, 6);
  lines[2] = lines[2]!.replace('80.22', 'eighty');
  lines[4] = lines[4]!.replace(/\d+\/\d+\/2019/, '1/1/1970');
  const file = join(folder, 'few.csv');
  await writeFile(file, lines.join('\n'));
  await importCsv(file, await readMapping('supermarket'), imports.world);
  expect(imports.printed.filter((line) => line.startsWith('  row'))).toEqual([
    expect.stringMatching(/^ {2}row 3 \(226-31-3081, amount\): .*decimal/),
    expect.stringMatching(/^ {2}row 5 \(.*soldAt\): .*1990/),
  ]);
  expect(await query('SELECT count(*) AS n FROM sales.sales')).toEqual([{ n: 3 }]);
});

test('a mapping that does not fit is refused by name, before anything is entered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moon-import-'));
  const file = join(folder, 'other.csv');
  await writeFile(file, 'Number,Total\n1,2\n');
  const mapping = await readMapping('supermarket');
  await expect(importCsv(file, mapping, imports.world)).rejects.toMatchObject({
    message: expect.stringContaining('"Branch"; the file has Number, Total'),
  });
  await writeFile(join(folder, 'mapping.json'), JSON.stringify({ ...mapping, zone: undefined }));
  await expect(readMapping(join(folder, 'mapping.json'))).rejects.toMatchObject({
    ...{ code: 'mapping_impossible', message: expect.stringContaining('zone') },
  });
  await expect(readMapping('nowhere')).rejects.toMatchObject({
    message: expect.stringContaining('supermarket'),
  });
  await expect(importCommand.run([file], {}, imports.world)).rejects.toMatchObject({
    code: 'option_impossible',
  });
  expect(await query('SELECT FROM agents.branches')).toEqual([]);
});
