/** From page tables to routes: sign-in stands alone, every other page inside the shell, behind the session. */
import { readSearch, writeSearch } from '@moonbase/ui/address.tsx';
import type { ApiError } from '@moonbase/ui/calls.ts';
import type { PageEntry } from '@moonbase/ui/pages.ts';
import { ErrorState } from '@moonbase/ui/states.tsx';
import { Toasts } from '@moonbase/ui/toasts.tsx';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from '@tanstack/react-router';
import { NotFound } from './pages/not-found.tsx';
import { PageProblem } from './pages/page-problem.tsx';
import { readSession } from './session.ts';
import { sessionKey } from './session-key.ts';
import { guarded } from './shell/guard.tsx';
import { Shell } from './shell/shell.tsx';
import { whenSignedOut } from './signed-out.ts';

export function makeRouter(pages: readonly PageEntry[], client: QueryClient) {
  const root = createRootRoute({
    component: () => (
      <>
        <Outlet />
        <Toasts />
      </>
    ),
    errorComponent: StartProblem,
  });

  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/sign-in.tsx')),
  });

  // Whoever is asked to sign in may read first what becomes of their data.
  const notice = createRoute({
    getParentRoute: () => root,
    path: '/privacy',
    component: lazyRouteComponent(() => import('./pages/privacy-notice.tsx')),
  });

  const inside = createRoute({
    getParentRoute: () => root,
    id: 'inside',
    beforeLoad: async ({ location }) => {
      const session = await client.ensureQueryData({
        queryKey: sessionKey,
        queryFn: readSession,
        staleTime: Number.POSITIVE_INFINITY,
      });
      if (!session) {
        const to = location.href === '/' ? undefined : location.href;
        throw redirect({ to: '/sign-in', search: { to } as never });
      }
    },
    component: () => <Shell pages={pages} />,
    notFoundComponent: NotFound,
  });

  const routes = pages.map((entry) =>
    createRoute({
      getParentRoute: () => inside,
      path: entry.path,
      component: guarded(entry, lazyRouteComponent(entry.load)),
      errorComponent: PageProblem,
    }),
  );
  const elsewhere = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound });

  const router = createRouter({
    routeTree: root.addChildren([signIn, notice, inside.addChildren([...routes, elsewhere])]),
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    defaultPendingMs: 400,
    defaultPendingMinMs: 0,
    scrollRestoration: true,
    scrollToTopSelectors: ['main'],
    defaultNotFoundComponent: NotFound,
  });
  whenSignedOut(client, () => {
    if (['/sign-in', '/privacy'].includes(router.state.location.pathname)) return;
    client.setQueryData(sessionKey, null);
    void router.navigate({ to: '/sign-in', search: { to: router.state.location.href } as never });
  });
  return router;
}

/** The session could not even be asked for. */
function StartProblem({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <main style={{ minHeight: '100dvh', display: 'grid', placeContent: 'center' }}>
      <title>Moonbase</title>
      <ErrorState page error={error as ApiError} onRetry={() => void router.invalidate()} />
    </main>
  );
}
