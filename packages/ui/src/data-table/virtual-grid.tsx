import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect } from 'react';
import { Grid, type GridProps } from './grid.tsx';

const rowHeight = 37;
/** Of the header, which stays above the rows. */
const headHeight = 35;

/** The rows as columns, of which only those in sight are drawn; asks for more when the end comes near. */
export default function VirtualGrid<Row>(props: GridProps<Row>) {
  const { rows, rowId, scroller, source } = props;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowId(rows[index]!),
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1);
  const more = source?.more;
  const lastIndex = last?.index ?? -1;
  useEffect(() => {
    if (more?.available && !more.loading && lastIndex >= rows.length - 12) more.load();
  }, [more, lastIndex, rows.length]);
  const show = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const sight = {
    items: shown.map(({ index }) => index),
    before: (shown[0]?.start ?? headHeight) - headHeight,
    after: virtualizer.getTotalSize() - ((last?.end ?? headHeight) - headHeight),
    show,
  };
  return <Grid {...props} sight={sight} />;
}
