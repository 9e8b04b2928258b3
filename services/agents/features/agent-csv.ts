/** How an agent stands in a CSV file: the same columns in and out. */
import type { Columns } from './read-csv.ts';

export const agentColumns = {
  needed: ['code', 'first_name', 'last_name', 'branch'],
  optional: ['team', 'email', 'contact', 'hire_date', 'status', 'authorisations', 'assigned_from'],
} as const satisfies Columns;

/** Columns of an export, in its order. */
export const exportColumns = [
  'code',
  'first_name',
  'last_name',
  'branch',
  'team',
  'email',
  'contact',
  'hire_date',
  'status',
  'authorisations',
] as const;

const fieldOf: Record<string, string> = {
  first_name: 'firstName',
  last_name: 'lastName',
  hire_date: 'hireDate',
  assigned_from: 'assignedFrom',
};
/** Cells of these may not be emptied: an empty one says nothing. */
const silent = new Set(['status', 'assigned_from']);

/**
 * A line as a pushed agent, still unchecked. An empty cell empties the field; a column that the file
 * does not have leaves it as it is.
 */
export function rowOf(cells: Record<string, string>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(cells)) {
    const value = unguard(cell);
    const needed = (agentColumns.needed as readonly string[]).includes(column);
    if (column === 'authorisations') row.authorisations = readAuthorisations(value);
    else if (value !== '' || needed) row[fieldOf[column] ?? column] = value;
    else if (!silent.has(column)) row[fieldOf[column] ?? column] = null;
  }
  return row;
}

/** The column that a fault of the row is about: `/hireDate` is `hire_date`. */
export function columnOf(pointer: string): string {
  const field = pointer.split('/')[1] ?? '';
  return Object.entries(fieldOf).find(([, name]) => name === field)?.[0] ?? field;
}

/** `LIFE-TERM@2019-01-01.. MOTOR@2020-01-01..2021-12-31` */
export function writeAuthorisations(
  list: readonly { product: string; from: string; to: string | null }[],
): string {
  return list.map(({ product, from, to }) => `${product}@${from}..${to ?? ''}`).join(' ');
}

function readAuthorisations(cell: string): unknown[] {
  return cell
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.lastIndexOf('@');
      const [from = '', to = ''] = part.slice(at + 1).split('..');
      return { product: part.slice(0, Math.max(at, 0)), from, to: to === '' ? null : to };
    });
}

// Spreadsheets run cells that begin with these signs as formulas; an apostrophe before keeps them text.
const formula = /^[=@\t\r]|^[+-](?![\d\s().-]*$)/;

/** One cell, quoted where needed. */
export function cellOf(value: string | null): string {
  const guarded = value && formula.test(value) ? `'${value}` : (value ?? '');
  return /[",;\t\r\n|]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function unguard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}
