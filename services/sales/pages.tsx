import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconAlertTriangle, IconFileUpload, IconReceipt2, IconTargetArrow } from '@tabler/icons-react';

export default [
  {
    path: '/sales',
    title: 'Sales',
    nav: { section: 'Sales', icon: IconReceipt2, order: 10, keys: 'g s' },
    permission: 'sales:read',
    actions: [{ title: 'Record a sale', to: '/sales?new=1', permission: 'sales:write' }],
    find: () => import('./pages/find.ts'),
    load: () => import('./pages/sales.tsx'),
  },
  {
    path: '/sales/upload',
    title: 'Upload sales',
    nav: { section: 'Sales', icon: IconFileUpload, order: 30 },
    permission: 'sales:write',
    load: () => import('./pages/upload.tsx'),
  },
  {
    path: '/sales/rejected',
    title: 'Rejected',
    nav: { section: 'Sales', icon: IconAlertTriangle, order: 20 },
    permission: 'sales:read',
    load: () => import('./pages/rejected.tsx'),
  },
  { path: '/sales/$id', title: 'Sale', permission: 'sales:read', load: () => import('./pages/sale.tsx') },
  {
    path: '/targets',
    title: 'Targets',
    nav: { section: 'Targets', icon: IconTargetArrow, order: 10, keys: 'g t' },
    permission: 'targets:read',
    actions: [{ title: 'Set a target', to: '/targets?new=1', permission: 'targets:write' }],
    load: () => import('./pages/targets.tsx'),
  },
  {
    path: '/targets/$id',
    title: 'Target',
    permission: 'targets:read',
    load: () => import('./pages/target.tsx'),
  },
] satisfies PageTable;
