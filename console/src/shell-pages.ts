/** Pages of the shell itself. */
import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconHeartRateMonitor } from '@tabler/icons-react';

export const shellPages = [
  {
    path: '/status',
    title: 'Status',
    nav: { section: 'Status', icon: IconHeartRateMonitor, order: 10, keys: 'g h' },
    permission: 'system:read',
    load: () => import('./pages/status.tsx'),
  },
] satisfies PageTable;
