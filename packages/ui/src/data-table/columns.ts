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

interface Comparable {
  getValue(id: string): unknown;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Ascending; nothing comes first (so last when descending). Decimal strings compare as numbers. */
export function compareValues(a: Comparable, b: Comparable, id: string): number {
  const [left, right] = [a.getValue(id), b.getValue(id)];
  if (left === right) return 0;
  if (left === null || left === undefined) return -1;
  if (right === null || right === undefined) return 1;
  const [x, y] = [Number(left), Number(right)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return collator.compare(String(left), String(right));
}
