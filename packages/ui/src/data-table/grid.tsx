import { Checkbox, Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react';
import { type MouseEvent, type RefObject, useEffect } from 'react';
import { Link } from '../address.tsx';
import classes from '../data-table.module.css';
import type { DataTableProps, TableView } from '../data-table.tsx';
import { Hint } from '../hint.tsx';
import { type Column, neededBy, widthOf } from './columns.ts';

export type GridProps<Row> = DataTableProps<Row> &
  TableView<Row> & { scroller: RefObject<HTMLDivElement | null>; room: number };

/** The rows that are in the document, and the heights of what is left out around them. */
export interface Sight {
  items: readonly number[];
  before: number;
  after: number;
  /** Brings a row into sight. */
  show?: (index: number) => void;
}

/** The rows as columns. Without `sight` all of them are drawn: tables that grow with their content are short. */
export function Grid<Row>(props: GridProps<Row> & { sight?: Sight }) {
  const { rows, visible, source, rowId, selected, onSelect, toggle, keys, scroller, sight, room } = props;
  const items = sight?.items ?? rows.map((_, index) => index);
  const { before = 0, after = 0, show } = sight ?? {};
  const more = source?.more;

  const { wanted, arrived } = keys;
  useEffect(() => {
    if (wanted === undefined) return;
    show?.(wanted);
    const frame = requestAnimationFrame(() => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted}"]`);
      row?.focus({ preventScroll: show !== undefined });
      arrived();
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, arrived, show, scroller]);

  const all = rows.length > 0 && rows.every((row) => selected?.has(rowId(row)));
  const lead = onSelect ? 40 : 0;
  const span = visible.length + (onSelect ? 1 : 0);

  return (
    <table
      aria-label={props.label}
      className={classes.grid}
      style={{ minWidth: neededBy(visible) + lead }}
      aria-rowcount={countOf(rows.length, more)}
    >
      <colgroup>
        {onSelect && <col style={{ width: 40 }} />}
        {visible.map((column) => (
          <col key={column.id} style={{ width: widthOf(column, visible, room - lead) }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {onSelect && (
            <th className={classes.check}>
              <Checkbox
                aria-label="Select all rows shown"
                checked={all}
                indeterminate={!all && (selected?.size ?? 0) > 0}
                onChange={(event) => toggle(rows.map(rowId), event.currentTarget.checked)}
              />
            </th>
          )}
          {visible.map((column) => (
            <HeaderCell key={column.id} column={column} {...props} />
          ))}
        </tr>
      </thead>
      {/* Keys bubble here from the focused row, which is what takes part in the tab order. */}
      <tbody onKeyDown={keys.onKeyDown}>
        {before > 0 && <Space height={before} span={span} />}
        {items.map((index) => (
          <BodyRow key={rowId(rows[index]!)} index={index} {...props} />
        ))}
        {after > 0 && <Space height={after} span={span} />}
        {(source?.loading || more?.loading) && (
          <LoadingRows count={source?.loading ? 8 : 2} columns={visible} lead={!!onSelect} />
        )}
        {!sight && more?.available && !more.loading && (
          <tr className={classes.more}>
            <td colSpan={span}>
              <button type="button" onClick={more.load}>
                Show more
              </button>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Space({ height, span }: { height: number; span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a spacer takes no focus.
    <tr aria-hidden="true" className={classes.space}>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function countOf(rows: number, more: { available: boolean } | undefined): number {
  return more?.available ? -1 : rows + 1;
}

function HeaderCell<Row>({ column, sort, sortBy }: GridProps<Row> & { column: Column<Row> }) {
  // A header without words is no header.
  if (column.header === '') return <td />;
  const sorted = sort?.by === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined;
  const Icon = sorted === 'ascending' ? IconArrowUp : sorted === 'descending' ? IconArrowDown : IconSelector;
  const name = column.hint ? (
    <Hint label={column.hint}>
      <span className={classes.hint}>{column.header}</span>
    </Hint>
  ) : (
    column.header
  );
  return (
    <th scope="col" data-align={column.align} aria-sort={column.sort ? (sorted ?? 'none') : undefined}>
      {column.sort ? (
        <button
          type="button"
          className={classes.sort}
          data-sorted={sorted ? true : undefined}
          onClick={() => sortBy(column)}
        >
          {name}
          <Icon size={13} stroke={2} aria-hidden="true" />
        </button>
      ) : (
        name
      )}
    </th>
  );
}

function BodyRow<Row>(props: GridProps<Row> & { index: number }) {
  const { rows, index, visible, rowId, href, onOpen, open, selected, onSelect, toggle, keys, fresh } = props;
  const row = rows[index]!;
  const id = rowId(row);
  const to = href?.(row);
  const opens = to !== undefined || onOpen !== undefined;
  const onClick = (event: MouseEvent) => {
    keys.setActive(index);
    if (!opens || isControl(event) || window.getSelection()?.toString()) return;
    if (to && (event.metaKey || event.ctrlKey)) window.open(to, '_blank');
    else open(row);
  };
  return (
    <tr
      data-row={index}
      data-opens={opens || undefined}
      data-fresh={fresh?.(row) || undefined}
      aria-selected={onSelect ? selected?.has(id) : undefined}
      data-selected={selected?.has(id) || undefined}
      aria-rowindex={index + 2}
      tabIndex={index === keys.active ? 0 : -1}
      onClick={onClick}
      onFocus={(event) => event.target === event.currentTarget && keys.setActive(index)}
    >
      {onSelect && (
        <td className={classes.check}>
          <Checkbox
            aria-label="Select this row"
            tabIndex={-1}
            checked={selected?.has(id) ?? false}
            onChange={(event) => toggle([id], event.currentTarget.checked)}
          />
        </td>
      )}
      {visible.map((column, place) => (
        <td key={column.id} data-align={column.align}>
          {place === 0 && to ? (
            <Link to={to} className={classes.lead} tabIndex={-1}>
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

/** A click on a link, a button or a field in a row is theirs. */
function isControl(event: MouseEvent): boolean {
  return (event.target as HTMLElement).closest('a, button, input, label, [role="menuitem"]') !== null;
}

const widths = [72, 88, 56, 64, 80, 48, 92, 60];

function LoadingRows<Row>({
  count,
  columns,
  lead,
}: {
  count: number;
  columns: readonly Column<Row>[];
  lead: boolean;
}) {
  return Array.from({ length: count }, (_, index) => (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row that is not there yet takes no focus.
    // biome-ignore lint/suspicious/noArrayIndexKey: rows that are not there yet have nothing else.
    <tr key={`loading-${index}`} aria-hidden="true">
      {lead && <td className={classes.check} />}
      {columns.map((column, place) => (
        <td key={column.id} data-align={column.align}>
          <Skeleton
            height={9}
            width={`${widths[(index * 3 + place) % widths.length]! * 0.8}%`}
            ml={column.align === 'right' ? 'auto' : undefined}
          />
        </td>
      ))}
    </tr>
  ));
}
