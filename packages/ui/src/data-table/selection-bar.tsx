import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from '../data-table.module.css';

/** How many rows are selected and what can be done with them. */
export function SelectionBar({
  selected,
  onClear,
  actions,
}: {
  selected: ReadonlySet<string> | undefined;
  onClear: () => void;
  actions: ReactNode;
}) {
  const count = selected?.size ?? 0;
  return (
    <div className={classes.selection} data-open={count > 0 || undefined} aria-live="polite">
      {count > 0 && (
        <>
          <strong>{count} selected</strong>
          {actions}
          <Button variant="subtle" color="gray" size="xs" onClick={onClear}>
            Clear
          </Button>
        </>
      )}
    </div>
  );
}
