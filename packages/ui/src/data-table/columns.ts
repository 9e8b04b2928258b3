/** What a column of a table is. */
import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  align?: 'right' | 'center';
  /** Pixels it always has; without, it shares what is left. */
  width?: number;
  /** Pixels it has at least where it shares; 120 unless said. */
  min?: number;
  /** Its part of what is left; 1 unless said. */
  grow?: number;
  /** `local` sorts the rows at hand by `value`; true asks `onSort`. */
  sort?: true | 'local';
  value?: (row: Row) => string | number | null;
  /** Left out on narrow screens. */
  hide?: 'narrow';
  /** Explains the header. */
  hint?: string;
}

export interface SortOrder {
  by: string;
  descending: boolean;
}

const least = <Row>(column: Column<Row>) => column.width ?? column.min ?? 120;

/** Pixels that columns need at least. */
export function neededBy<Row>(columns: readonly Column<Row>[]): number {
  return columns.reduce((sum, column) => sum + least(column), 0);
}

/**
 * A column's width in a table of `room` pixels: what it needs, and its part of what is left. Widths do not
 * depend on the rows, so columns do not jump while rows come and go.
 */
export function widthOf<Row>(column: Column<Row>, all: readonly Column<Row>[], room: number): number {
  if (column.width !== undefined) return column.width;
  const left = Math.max(0, room - neededBy(all));
  const parts = all.reduce((sum, each) => sum + (each.width === undefined ? (each.grow ?? 1) : 0), 0);
  return least(column) + (left * (column.grow ?? 1)) / parts;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The rows in the order of a column; those of equal value stay as they were. */
export function sorted<Row>(rows: readonly Row[], { value }: Column<Row>, { descending }: SortOrder): Row[] {
  const way = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: value?.(row) ?? null }))
    .sort((a, b) => way * compare(a.key, b.key))
    .map(({ row }) => row);
}

/** Nothing comes before something. Decimal strings compare as numbers. */
function compare(left: string | number | null, right: string | number | null): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  const [x, y] = [Number(left), Number(right)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return collator.compare(String(left), String(right));
}
