import { useGo } from '@moonbase/ui/address.tsx';
import { addShortcuts, handleKey } from '@moonbase/ui/shortcuts.ts';
import { useEffect, useRef } from 'react';
import type { NavSection } from '../page-tables.ts';

export type Overlay = 'palette' | 'shortcuts' | 'password' | undefined;

/** The shell's shortcuts, and the one listener that all shortcuts of pages go through. */
export function useShellKeys({
  navigation,
  open,
  collapse,
}: {
  navigation: readonly NavSection[];
  open: (overlay: Overlay) => void;
  collapse: () => void;
}): void {
  const go = useGo();
  const latest = useRef({ open, collapse, go });
  latest.current = { open, collapse, go };

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.open('palette');
        return;
      }
      handleKey(event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  useEffect(
    () =>
      addShortcuts([
        {
          keys: '/',
          label: 'Search on this page, or everywhere',
          group: 'Everywhere',
          run: () => searchHere(() => latest.current.open('palette')),
        },
        {
          keys: '?',
          label: 'Show these shortcuts',
          group: 'Everywhere',
          run: () => latest.current.open('shortcuts'),
        },
        {
          keys: '[',
          label: 'Narrow or widen the navigation',
          group: 'Everywhere',
          run: () => latest.current.collapse(),
        },
      ]),
    [],
  );

  useEffect(
    () =>
      addShortcuts(
        navigation
          .flatMap(({ entries }) => entries)
          .flatMap((entry) =>
            entry.nav.keys
              ? [
                  {
                    keys: entry.nav.keys,
                    label: entry.title,
                    group: 'Go to',
                    run: () => latest.current.go(entry.path),
                  },
                ]
              : [],
          ),
      ),
    [navigation],
  );
}

function searchHere(elsewhere: () => void): void {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  if (field) field.focus();
  else elsewhere();
}
