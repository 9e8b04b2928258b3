import { ActionIcon } from '@mantine/core';
import { Hint } from '@moonbase/ui/hint.tsx';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { AccountMenu } from './account-menu.tsx';
import { LiveDot } from './live-dot.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import classes from './top-bar.module.css';
import type { Overlay } from './use-shell-keys.ts';

const isMac = /mac|iphone|ipad/i.test(navigator.platform);

export function TopBar({ onMenu, open }: { onMenu: () => void; open: (overlay: Overlay) => void }) {
  return (
    <header className={classes.bar}>
      <ActionIcon className={classes.burger} aria-label="Open the navigation" onClick={onMenu} size="lg">
        <IconMenu2 size={19} stroke={1.7} />
      </ActionIcon>
      <button type="button" className={classes.search} onClick={() => open('palette')}>
        <IconSearch size={15} aria-hidden="true" />
        <span>Search or jump to …</span>
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div className={classes.right}>
        <LiveDot />
        <Hint label="Keyboard shortcuts (?)">
          <ActionIcon
            className={classes.help}
            aria-label="Keyboard shortcuts"
            onClick={() => open('shortcuts')}
          >
            <span aria-hidden="true">?</span>
          </ActionIcon>
        </Hint>
        <ThemeSwitch />
        <AccountMenu open={open} />
      </div>
    </header>
  );
}
