/** Everything around a page: navigation, top bar, banners, and the focus as one moves from page to page. */
import type { PageEntry } from '@moonbase/ui/pages.ts';
import { SessionProvider, type Viewer } from '@moonbase/ui/viewer.tsx';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { navigationFor } from '../page-tables.ts';
import { readSession } from '../session.ts';
import { sessionKey } from '../session-key.ts';
import { Banners } from './banners.tsx';
import { Navigation, NavigationDrawer } from './navigation.tsx';
import { Progress } from './progress.tsx';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { type Overlay, useShellKeys } from './use-shell-keys.ts';

const Palette = lazy(() => import('./palette.tsx'));
const ShortcutHelp = lazy(() => import('./shortcut-help.tsx'));
const ChangePassword = lazy(() => import('./change-password.tsx'));

export function Shell({ pages }: { pages: readonly PageEntry[] }) {
  const { data: session } = useQuery({
    queryKey: sessionKey,
    queryFn: readSession,
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });
  const [overlay, setOverlay] = useState<Overlay>();
  const [menu, setMenu] = useState(false);
  const [collapsed, setCollapsed] = useCollapsed();
  const permissions = session?.permissions;
  const navigation = useMemo(() => navigationFor(permissions ?? [], pages), [permissions, pages]);
  useShellKeys({ navigation, open: setOverlay, collapse: () => setCollapsed(!collapsed) });
  useFocusOnNavigation();

  if (!session) return null;
  const viewer: Viewer = { ...session.person, permissions: session.permissions };
  return (
    <SessionProvider viewer={viewer} organisation={session.organisation}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <Progress />
      <div className={classes.shell} data-collapsed={collapsed || undefined}>
        <Navigation
          sections={navigation}
          organisation={session.organisation.name}
          collapsed={collapsed}
          onCollapse={() => setCollapsed(!collapsed)}
        />
        <div className={classes.side}>
          <TopBar onMenu={() => setMenu(true)} open={setOverlay} />
          <Banners
            temporaryPassword={session.person.passwordTemporary}
            onChangePassword={() => setOverlay('password')}
          />
          <main id="content" className={classes.main} tabIndex={-1}>
            <Suspense>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
      <NavigationDrawer
        opened={menu}
        onClose={() => setMenu(false)}
        sections={navigation}
        organisation={session.organisation.name}
      />
      <Suspense>
        {overlay === 'palette' && (
          <Palette pages={pages} open={setOverlay} onClose={() => setOverlay(undefined)} />
        )}
        {overlay === 'shortcuts' && <ShortcutHelp onClose={() => setOverlay(undefined)} />}
        {overlay === 'password' && <ChangePassword onClose={() => setOverlay(undefined)} />}
      </Suspense>
    </SessionProvider>
  );
}

function useCollapsed(): [boolean, (to: boolean) => void] {
  const [collapsed, set] = useState(() => localStorage.getItem('moonbase-nav') === 'collapsed');
  return [
    collapsed,
    (to) => {
      localStorage.setItem('moonbase-nav', to ? 'collapsed' : 'open');
      set(to);
    },
  ];
}

/** Once another page stands there the focus goes to its heading, as it would after a page load. */
function useFocusOnNavigation(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        const heading = document.getElementById('page-title') ?? document.getElementById('content');
        heading?.focus({ preventScroll: true });
      }),
    [router],
  );
}
