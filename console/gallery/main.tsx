/** The gallery: every component of the kit in the real shell, on made-up answers. Not part of the product. */
import type { PageTable } from '@moonbase/ui/pages.ts';
import { makeQueryClient, UiProvider } from '@moonbase/ui/provider.tsx';
import {
  IconBell,
  IconChartHistogram,
  IconDatabase,
  IconHeartRateMonitor,
  IconLayoutDashboard,
  IconReceipt2,
  IconSettings,
  IconTarget,
  IconUsers,
} from '@tabler/icons-react';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { makeRouter } from '../src/router.tsx';

const pages = [
  {
    path: '/',
    title: 'Overview',
    nav: { section: 'Overview', icon: IconLayoutDashboard, order: 1, keys: 'g o' },
    load: () => import('./pages/overview.tsx'),
  },
  {
    path: '/agents',
    title: 'Agents',
    nav: { section: 'Agents', icon: IconUsers, order: 1, keys: 'g a' },
    find: () => import('./pages/find.ts'),
    load: () => import('./pages/agent.tsx'),
  },
  {
    path: '/sales',
    title: 'Sales',
    nav: { section: 'Sales', icon: IconReceipt2, order: 1, keys: 'g s' },
    actions: [{ title: 'Record a sale', to: '/sales?new=1' }],
    load: () => import('./pages/sales.tsx'),
  },
  {
    path: '/sales/rejected',
    title: 'Rejected',
    nav: { section: 'Sales', icon: IconReceipt2, order: 2 },
    load: () => import('./pages/states.tsx'),
  },
  {
    path: '/targets',
    title: 'Targets',
    nav: { section: 'Targets', icon: IconTarget, order: 1, keys: 'g t' },
    load: () => import('./pages/kit.tsx'),
  },
  {
    path: '/notifications',
    title: 'Notifications',
    nav: { section: 'Notifications', icon: IconBell, order: 1 },
    load: () => import('./pages/broken.tsx'),
  },
  {
    path: '/insights',
    title: 'Insights',
    nav: { section: 'Insights', icon: IconChartHistogram, order: 1, keys: 'g i' },
    load: () => import('./pages/charts.tsx'),
  },
  {
    path: '/sql',
    title: 'SQL',
    nav: { section: 'SQL', icon: IconDatabase, order: 1 },
    permission: 'insights:query',
    load: () => import('./pages/kit.tsx'),
  },
  {
    path: '/status',
    title: 'Status',
    nav: { section: 'Status', icon: IconHeartRateMonitor, order: 1 },
    load: () => import('../src/pages/status.tsx'),
  },
  {
    path: '/settings/people',
    title: 'People',
    nav: { section: 'Settings', icon: IconSettings, order: 1 },
    permission: 'people:everything',
    load: () => import('./pages/kit.tsx'),
  },
] satisfies PageTable;

const client = makeQueryClient();
createRoot(document.getElementById('root')!).render(
  <UiProvider client={client}>
    <RouterProvider router={makeRouter(pages, client)} />
  </UiProvider>,
);
