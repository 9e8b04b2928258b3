import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconChartHistogram, IconLayoutDashboard, IconTable, IconTerminal2 } from '@tabler/icons-react';

export default [
  {
    path: '/',
    title: 'Overview',
    nav: { section: 'Overview', icon: IconLayoutDashboard, order: 10, keys: 'g o' },
    load: () => import('./pages/overview.tsx'),
  },
  {
    path: '/insights',
    title: 'Insights',
    nav: { section: 'Insights', icon: IconChartHistogram, order: 10, keys: 'g i' },
    permission: 'insights:read',
    load: () => import('./pages/dashboards.tsx'),
  },
  {
    path: '/insights/$name',
    title: 'Insight',
    permission: 'insights:read',
    load: () => import('./pages/insight.tsx'),
  },
  {
    path: '/insight-tables',
    title: 'Insight tables',
    nav: { section: 'Insights', icon: IconTable, order: 20 },
    permission: 'insights:read',
    load: () => import('./pages/tables.tsx'),
  },
  {
    path: '/sql',
    title: 'SQL',
    nav: { section: 'SQL', icon: IconTerminal2, order: 10, keys: 'g q' },
    permission: 'insights:query',
    load: () => import('./pages/sql.tsx'),
  },
] satisfies PageTable;
