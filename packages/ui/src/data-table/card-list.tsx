import { Checkbox, Skeleton } from '@mantine/core';
import { Link } from '../address.tsx';
import classes from '../data-table.module.css';
import type { DataTableProps, TableView } from '../data-table.tsx';

/** The rows as cards, for narrow screens: the first column is the head, the others stand below by name. */
export function CardList<Row>(props: DataTableProps<Row> & TableView<Row>) {
  const { rows, visible, source, rowId, href, onOpen, onSelect, selected, toggle } = props;
  const [head, ...rest] = visible;
  if (!head) return null;
  return (
    <ul className={classes.cards}>
      {rows.map((row) => {
        const id = rowId(row);
        const to = href?.(row);
        return (
          <li key={id} className={classes.card} data-fresh={props.fresh?.(row) || undefined}>
            <div className={classes.cardHead}>
              {onSelect && (
                <Checkbox
                  aria-label="Select this row"
                  checked={selected?.has(id) ?? false}
                  onChange={(event) => toggle([id], event.currentTarget.checked)}
                />
              )}
              {to ? (
                <Link to={to} className={classes.cardLink}>
                  {head.cell(row)}
                </Link>
              ) : onOpen ? (
                <button type="button" className={classes.cardLink} onClick={() => onOpen(row)}>
                  {head.cell(row)}
                </button>
              ) : (
                <span className={classes.cardLink}>{head.cell(row)}</span>
              )}
            </div>
            <dl>
              {rest.map((column) => (
                <div key={column.id}>
                  <dt>{column.header}</dt>
                  <dd>{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        );
      })}
      {source?.loading &&
        [1, 2, 3].map((each) => (
          <li key={each} className={classes.card} aria-hidden="true">
            <Skeleton height={12} width="55%" />
            <Skeleton height={9} width="85%" mt={12} />
            <Skeleton height={9} width="70%" mt={8} />
          </li>
        ))}
      {source?.more?.available && (
        <li className={classes.more}>
          <button type="button" onClick={source.more.load} disabled={source.more.loading}>
            {source.more.loading ? 'Loading…' : 'Show more'}
          </button>
        </li>
      )}
    </ul>
  );
}
