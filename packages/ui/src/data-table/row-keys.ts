/** Moving among rows with the keyboard: one row can be reached by Tab, the arrows move it. */
import { type KeyboardEvent, useState } from 'react';

export interface RowKeys {
  /** The row that Tab reaches. */
  active: number;
  setActive: (index: number) => void;
  /** Wants the focus as soon as it is drawn. */
  wanted: number | undefined;
  arrived: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function useRowKeys({
  count,
  open,
  toggle,
}: {
  count: number;
  open: (index: number) => void;
  toggle: ((index: number) => void) | undefined;
}): RowKeys {
  const [active, setActive] = useState(0);
  const [wanted, setWanted] = useState<number>();
  const current = Math.min(active, Math.max(0, count - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    // A button or field inside a row keeps its own keys.
    if (!row || event.target !== row || event.metaKey || event.ctrlKey || event.altKey) return;
    const index = Number(row.dataset.row);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      PageDown: index + 12,
      PageUp: index - 12,
      Home: 0,
      End: count - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const reached = Math.min(count - 1, Math.max(0, next));
      setActive(reached);
      setWanted(reached);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(index);
    } else if (event.key === ' ' && toggle) {
      event.preventDefault();
      toggle(index);
    }
  };
  return { active: current, setActive, wanted, arrived: () => setWanted(undefined), onKeyDown };
}
