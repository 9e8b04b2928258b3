/** Pages of the shell itself. */
import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconFileText, IconHeartRateMonitor, IconShieldLock } from '@tabler/icons-react';

export const shellPages = [
  {
    path: '/status',
    title: 'Status',
    nav: { section: 'Status', icon: IconHeartRateMonitor, order: 10, keys: 'g h' },
    permission: 'system:read',
    load: () => import('./pages/status.tsx'),
  },
  {
    path: '/settings/my-data',
    title: 'My data',
    nav: { section: 'Settings', icon: IconFileText, order: 15 },
    load: () => import('./pages/my-data.tsx'),
  },
  {
    path: '/settings/privacy',
    title: 'Privacy',
    nav: { section: 'Settings', icon: IconShieldLock, order: 60 },
    permission: 'privacy:read',
    load: () => import('./pages/privacy.tsx'),
  },
] satisfies PageTable;
