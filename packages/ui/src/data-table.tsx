/**
 * The table of every list. Rows are real table rows; only those in sight are in the document, between two
 * spacers. TanStack Table holds order and selection, TanStack Virtual says which rows are in sight.
 */
import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useGo } from './address.tsx';
import { CardList } from './data-table/card-list.tsx';
import { type Column, compareValues, type SortOrder } from './data-table/columns.ts';
import { useFill, useNarrow, useSideways } from './data-table/fit.ts';
import { Grid } from './data-table/grid.tsx';
import { useRowKeys } from './data-table/row-keys.ts';
import { SelectionBar } from './data-table/selection-bar.tsx';
import classes from './data-table.module.css';
import type { TableSource } from './reads.ts';
import { EmptyState, ErrorState } from './states.tsx';

export type { Column, SortOrder };

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

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { source, height = 'content', narrow = 'cards' } = props;
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const room = useFill(frame, height === 'fill');
  const sideways = useSideways(scroller);
  const isNarrow = useNarrow(scroller);
  const view = useView(props, isNarrow);
  const { rows } = view;

  const state = stateOf(props, rows.length);
  const cards = isNarrow && narrow === 'cards';
  // Cards are scrolled with the page: a list that scrolls within a small screen is a nuisance.
  const limit = cards || height === 'content' ? undefined : height === 'fill' ? room : height;

  return (
    <div
      ref={frame}
      className={classes.table}
      data-bare={props.bare || undefined}
      data-filled={limit !== undefined || undefined}
      style={limit === undefined ? undefined : { height: limit }}
    >
      {props.onSelect && (
        <SelectionBar
          selected={props.selected}
          onClear={() => props.onSelect?.(new Set())}
          actions={props.selectionActions}
        />
      )}
      <section
        ref={scroller}
        className={classes.scroller}
        data-sideways={sideways || undefined}
        tabIndex={limit === undefined && !isNarrow ? undefined : 0}
        aria-label={props.label}
        aria-busy={source?.loading || undefined}
        data-content={height === 'content' || undefined}
      >
        {state ??
          (cards ? (
            <CardList {...props} {...view} />
          ) : (
            <Grid {...props} {...view} scroller={scroller} isNarrow={isNarrow} />
          ))}
      </section>
      {props.footer && !state && <div className={classes.footer}>{props.footer}</div>}
    </div>
  );
}

/** Order, selection and movement among the rows, however they are drawn. */
function useView<Row>(props: DataTableProps<Row>, isNarrow: boolean) {
  const { columns, onSort, selected, onSelect, rowId } = props;
  const data = props.source?.rows ?? props.rows ?? none;
  const [localSort, setLocalSort] = useState<SortOrder | undefined>();
  const sort = localSort ?? props.sort;

  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: object) => column.value?.(row as Row) ?? null,
        enableSorting: column.sort !== undefined,
        sortFn: compareValues,
      })),
    [columns],
  );
  const isLocal = columns.some((column) => column.id === sort?.by && column.sort === 'local');
  const table = useTable(
    {
      features,
      columns: definitions,
      data: data as readonly object[],
      getRowId: (row) => rowId(row as Row),
      manualSorting: !isLocal,
      state: {
        sorting: sort ? [{ id: sort.by, desc: sort.descending }] : [],
        rowSelection: Object.fromEntries([...(selected ?? [])].map((id) => [id, true as const])),
        columnVisibility: Object.fromEntries(
          columns.map((column) => [column.id, !(isNarrow && column.hide === 'narrow')]),
        ),
      },
    },
    (state) => ({ sorting: state.sorting, columnVisibility: state.columnVisibility }),
  );
  const rows = table.getRowModel().rows.map((row) => row.original as Row);
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
  const visible = columns.filter((column) => !(isNarrow && column.hide === 'narrow'));
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
