/**
 * The table of every list. Rows are real table rows; only those in sight are in the document, between two
 * spacers; TanStack Virtual says which.
 */
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react';
import { useGo } from './address.tsx';
import { CardList } from './data-table/card-list.tsx';
import { type Column, neededBy, type SortOrder, sorted } from './data-table/columns.ts';
import { useFill, useRoom } from './data-table/fit.ts';
import { Grid, type GridProps } from './data-table/grid.tsx';
import { useRowKeys } from './data-table/row-keys.ts';
import { SelectionBar } from './data-table/selection-bar.tsx';
import classes from './data-table.module.css';
import type { TableSource } from './reads.ts';
import { EmptyState, ErrorState } from './states.tsx';

export type { Column, SortOrder };

const VirtualGrid = lazy(() => import('./data-table/virtual-grid.tsx'));

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers: «Sales». */
  label: string;
  columns: readonly Column<Row>[];
  /** From useReadMore or sourceOf; or plain `rows`. */
  source?: TableSource<Row>;
  rows?: readonly Row[];
  rowId: (row: Row) => string;
  /** Where a row leads. */
  href?: (row: Row) => string | undefined;
  /** What a click or Enter on a row does, where it leads nowhere. */
  onOpen?: (row: Row) => void;
  sort?: SortOrder;
  onSort?: (sort: SortOrder) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
  /** Shown beside the count while rows are selected. */
  selectionActions?: ReactNode;
  height?: 'content' | 'fill' | number;
  narrow?: 'cards' | 'scroll';
  empty?: ReactNode;
  /** Rows that light up when they appear. */
  fresh?: (row: Row) => boolean;
  /** Below the rows: totals. */
  footer?: ReactNode;
  /** No border of its own: it stands in a flush Panel. */
  bare?: boolean;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { source, height = 'content', narrow = 'cards' } = props;
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const below = useFill(frame, height === 'fill');
  const room = useRoom(scroller);
  const view = useView(props, room);
  const { rows } = view;

  const state = stateOf(props, rows.length);
  const sideways = neededBy(view.visible) > room;
  const cards = sideways && room < 560 && narrow === 'cards';
  // Cards are scrolled with the page: a list that scrolls within a small screen is a nuisance.
  const limit = cards || height === 'content' ? undefined : height === 'fill' ? below : height;

  return (
    <div
      ref={frame}
      className={classes.table}
      data-bare={props.bare || undefined}
      data-filled={limit !== undefined || undefined}
      style={limit === undefined ? undefined : { maxHeight: limit }}
    >
      {props.onSelect && (
        <SelectionBar
          selected={props.selected}
          onClear={() => props.onSelect?.(new Set())}
          actions={props.selectionActions}
        />
      )}
      <div
        ref={scroller}
        className={classes.scroller}
        data-sideways={(sideways && !cards) || undefined}
        {...(limit !== undefined || sideways
          ? { tabIndex: 0, role: 'group', 'aria-label': `${props.label}, scrolls` }
          : {})}
        aria-busy={source?.loading || undefined}
        data-content={height === 'content' || undefined}
      >
        {state ??
          (cards ? (
            <CardList {...props} {...view} />
          ) : (
            <Rows {...props} {...view} scroller={scroller} room={room} scrolls={limit !== undefined} />
          ))}
      </div>
      {props.footer && !state && <div className={classes.footer}>{props.footer}</div>}
    </div>
  );
}

/** What draws long tables is loaded with the first one; meanwhile its first rows stand there already. */
function Rows<Row>({ scrolls, ...props }: GridProps<Row> & { scrolls: boolean }) {
  if (!scrolls) return <Grid {...props} />;
  const first = { items: props.rows.slice(0, 40).map((_, index) => index), before: 0, after: 0 };
  return (
    <Suspense fallback={<Grid {...props} sight={first} />}>
      <VirtualGrid {...(props as unknown as GridProps<unknown>)} />
    </Suspense>
  );
}

/** Order, selection and movement among the rows, however they are drawn. */
function useView<Row>(props: DataTableProps<Row>, room: number) {
  const { columns, onSort, selected, onSelect, rowId } = props;
  const data = props.source?.rows ?? props.rows ?? none;
  const [localSort, setLocalSort] = useState<SortOrder | undefined>();
  const sort = localSort ?? props.sort;

  const local = columns.find((column) => column.id === sort?.by && column.sort === 'local');
  const rows = useMemo(() => (local && sort ? sorted(data, local, sort) : data), [data, local, sort]);
  const go = useGo();
  const open = (row: Row) => {
    const to = props.href?.(row);
    if (to) go(to);
    else props.onOpen?.(row);
  };
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    onSelect?.(next);
  };
  const sortBy = (column: Column<Row>) => {
    const next = nextOrder(sort, column);
    if (column.sort === 'local') setLocalSort(next);
    else {
      setLocalSort(undefined);
      onSort?.(next);
    }
  };
  const keys = useRowKeys({
    count: rows.length,
    open: (index) => open(rows[index]!),
    toggle: onSelect && toggleAt,
  });
  function toggleAt(index: number) {
    const id = rowId(rows[index]!);
    toggle([id], !selected?.has(id));
  }
  const narrow = room < 560 && neededBy(columns) > room;
  const visible = narrow ? columns.filter((column) => column.hide !== 'narrow') : columns;
  return { rows, visible, sort, sortBy, open, toggle, keys };
}

export type TableView<Row> = ReturnType<typeof useView<Row>>;

const none: readonly never[] = [];

/** Numbers and dates first go down: the largest and newest are what one looks for. */
function nextOrder<Row>(sort: SortOrder | undefined, column: Column<Row>): SortOrder {
  if (sort?.by === column.id) return { by: column.id, descending: !sort.descending };
  return { by: column.id, descending: column.align === 'right' };
}

function stateOf<Row>({ source, empty, label }: DataTableProps<Row>, count: number): ReactNode {
  if (count > 0 || source?.loading) return null;
  if (source?.error) return <ErrorState error={source.error} onRetry={source.retry} />;
  return empty ?? <EmptyState title={`No ${label.toLowerCase()}`} />;
}
