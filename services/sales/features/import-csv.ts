/**
 * Imports sales from a CSV of any layout, told by a mapping file: which column is what, and what the file
 * does not say (currency, zone, agents). Agents, branches and products that the mapping describes are
 * entered first.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandWorld } from '@moonbase/service';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { salesError } from '../errors.ts';
import { businessDay } from '../schema.ts';
import { pushReferences, type References } from './push-references.ts';
import { SalesPush } from './push-sales.ts';

/** Text with columns in braces: `HOUSE-{Branch}`; `{City|code}` is the column in the form of a code. */
const template = z.string().min(1).max(500);

const mappingShape = z.strictObject({
  /** For people who read the mapping. */
  comment: z.string().optional(),
  source: z.string().min(1).max(64),
  delimiter: z.string().length(1).default(','),
  currency: z.string().length(3),
  /** IANA zone of the branches, in which the file's times are meant. */
  zone: z.string(),
  sale: z.strictObject({
    reference: template,
    amount: template,
    date: template,
    time: template.optional(),
    /** Order of year, month and day in the date. */
    dateOrder: z.enum(['YMD', 'MDY', 'DMY']),
    policyNumber: template.optional(),
  }),
  product: z.strictObject({ code: template, name: template, type: template }),
  branch: z.strictObject({ code: template, name: template, region: template }),
  agent: z.strictObject({
    code: template,
    firstName: template,
    lastName: template,
    /** From this day on the agents may sell every product of the file. */
    from: businessDay,
  }),
});
export type Mapping = z.output<typeof mappingShape>;

const MAPPINGS = new URL('../mappings/', import.meta.url);

/** @param name a file, or one of the mappings that ship with Moon */
export async function readMapping(name: string): Promise<Mapping> {
  const shipped = (await readdir(fileURLToPath(MAPPINGS))).map((file) => basename(file, '.json'));
  const file = shipped.includes(name) ? new URL(`${name}.json`, MAPPINGS) : name;
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw salesError('mapping_impossible', {
      detail: `There is no file ${name}; Moon brings ${shipped.join(', ')}.`,
      cause,
    });
  });
  try {
    return mappingShape.parse(JSON.parse(text));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const detail = issue ? `${issue.path.join('.')}: ${issue.message}.` : `${(cause as Error).message}.`;
    throw salesError('mapping_impossible', { detail, cause });
  }
}

type Cells = Record<string, string>;

/** Imports the file: twice through it, once for what it speaks of, once for its sales. */
export async function importCsv(file: string, mapping: Mapping, world: CommandWorld): Promise<void> {
  const references = await collect(file, mapping);
  const { products, refused } = await pushReferences(references, world);
  const { branches, agents } = references;
  world.print(
    `Branches: ${branches.length}. Products: ${products.size}. Agents: ${agents.length - refused.length}.`,
  );
  for (const line of refused) world.print(`  agent not taken: ${line}`);
  const push = new SalesPush(world, await world.key('sales:write'));
  for await (const { cells, line } of readCells(file, mapping)) {
    await push.add(line, saleOf(cells, mapping));
    world.signal.throwIfAborted();
  }
  await push.flush();
  push.report();
}

/** A row as a core system would push it. */
export function saleOf(cells: Cells, { source, currency, zone, sale, product, branch, agent }: Mapping) {
  return {
    ...{ source, currency, zone },
    reference: fill(sale.reference, cells),
    agent: fill(agent.code, cells),
    product: fill(product.code, cells),
    branch: fill(branch.code, cells),
    amount: fill(sale.amount, cells),
    soldAt: timeOf(cells, sale),
    policyNumber: sale.policyNumber && fill(sale.policyNumber, cells),
  };
}

async function collect(file: string, mapping: Mapping): Promise<References> {
  const branches = new Map<string, References['branches'][number]>();
  const products = new Map<string, References['products'][number]>();
  const agents = new Map<string, Omit<References['agents'][number], 'authorisations'>>();
  const { branch, product, agent, zone } = mapping;
  for await (const { cells } of readCells(file, mapping)) {
    const place = fill(branch.code, cells);
    const [sold, who] = [fill(product.code, cells), fill(agent.code, cells)];
    branches.set(place, {
      ...{ code: place, name: fill(branch.name, cells), region: fill(branch.region, cells), zone },
    });
    products.set(sold, { code: sold, name: fill(product.name, cells), type: fill(product.type, cells) });
    agents.set(who, {
      ...{ code: who, firstName: fill(agent.firstName, cells), lastName: fill(agent.lastName, cells) },
      ...{ hireDate: agent.from, branch: place },
    });
  }
  const authorisations = [...products.keys()].map((code) => ({ product: code, from: agent.from }));
  return {
    branches: [...branches.values()],
    teams: [],
    products: [...products.values()],
    agents: [...agents.values()].map((each) => ({ ...each, authorisations })),
  };
}

async function* readCells(file: string, mapping: Mapping): AsyncGenerator<{ cells: Cells; line: number }> {
  const options = { delimiter: mapping.delimiter, bom: true, columns: true, info: true, trim: true };
  const parser = createReadStream(file)
    .on('error', (error) => parser.destroy(error))
    .pipe(parse({ ...options, skip_empty_lines: true }));
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Cells; info: { lines: number } }>)
      yield { cells: record, line: info.lines };
  } catch (cause) {
    const { message, lines } = cause as CsvError & { lines?: number };
    const detail = `${file}${cause instanceof CsvError && lines ? `, line ${lines}` : ''}: ${message}.`;
    throw salesError('source_unreachable', { detail, cause });
  }
}

/** @throws `mapping_impossible` where it names a column that the file lacks */
function fill(text: string, cells: Cells): string {
  return text.replace(/\{([^}|]+)(\|code)?\}/g, (_, column: string, asCode?: string) => {
    const cell = cells[column];
    if (cell === undefined)
      throw salesError('mapping_impossible', {
        detail: `It names the column "${column}"; the file has ${Object.keys(cells).join(', ')}.`,
      });
    return asCode ? cell.toUpperCase().replace(/[^\p{L}\d]+/gu, '-') : cell;
  });
}

/** `1/5/2019` and `13:08` → `2019-01-05T13:08`; what is no date stays, to be listed as it is. */
function timeOf(cells: Cells, { date, time, dateOrder }: Mapping['sale']): string {
  const text = fill(date, cells);
  const parts = text.split(/[-/.]/);
  if (parts.length !== 3 || parts.some((part) => !/^\d+$/.test(part))) return text;
  const part = (letter: string) => parts[dateOrder.indexOf(letter)]!.padStart(letter === 'Y' ? 4 : 2, '0');
  const day = `${part('Y')}-${part('M')}-${part('D')}`;
  if (time === undefined) return day;
  return `${day}T${fill(time, cells).replace(/^(\d):/, '0$1:')}`;
}
