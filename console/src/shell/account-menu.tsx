import { PersonAvatar } from '@moonbase/ui/person-avatar.tsx';
import { useViewer } from '@moonbase/ui/viewer.tsx';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import classes from './account-menu.module.css';
import type { Overlay } from './use-shell-keys.ts';

const load = () => import('./account-menu-items.tsx');
const AccountMenuItems = lazy(load);

/** The viewer's picture; its menu is loaded when somebody is about to open it. */
export function AccountMenu({ open }: { open: (overlay: Overlay) => void }) {
  const viewer = useViewer();
  const [wanted, setWanted] = useState(false);
  const button = (extra: { onClick?: () => void }): ReactNode => (
    <button
      type="button"
      className={classes.button}
      aria-label={`Account of ${viewer.name}`}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      {...extra}
    >
      <PersonAvatar name={viewer.name} />
    </button>
  );
  if (!wanted) return button({ onClick: () => setWanted(true) });
  return (
    <Suspense fallback={button({})}>
      <AccountMenuItems open={open} button={button({})} />
    </Suspense>
  );
}
