import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconAdjustmentsHorizontal, IconBulb, IconCoins, IconMessageQuestion } from '@tabler/icons-react';

export default [
  {
    path: '/commissions',
    title: 'Commissions',
    nav: { section: 'Commissions', icon: IconCoins, order: 10, keys: 'g c' },
    permission: 'commissions:read',
    load: () => import('./pages/overview.tsx'),
  },
  {
    path: '/commissions/plans',
    title: 'Plans',
    nav: { section: 'Commissions', icon: IconAdjustmentsHorizontal, order: 20 },
    permission: 'commissions:read',
    actions: [
      { title: 'Make a commission plan', to: '/commissions/plans/new', permission: 'commissions:write' },
    ],
    load: () => import('./pages/plans.tsx'),
  },
  {
    path: '/commissions/plans/$id',
    title: 'Plan',
    permission: 'commissions:read',
    load: () => import('./pages/plan.tsx'),
  },
  {
    path: '/commissions/what-if',
    title: 'What if',
    nav: { section: 'Commissions', icon: IconBulb, order: 30 },
    permission: 'commissions:read',
    load: () => import('./pages/what-if.tsx'),
  },
  {
    path: '/commissions/disputes',
    title: 'Disputes',
    nav: { section: 'Commissions', icon: IconMessageQuestion, order: 40 },
    permission: 'commissions:read',
    load: () => import('./pages/disputes.tsx'),
  },
  {
    path: '/commissions/disputes/$id',
    title: 'Dispute',
    permission: 'commissions:read',
    load: () => import('./pages/dispute.tsx'),
  },
  {
    path: '/commissions/statements/$id',
    title: 'Statement',
    permission: 'commissions:read',
    load: () => import('./pages/statement.tsx'),
  },
] satisfies PageTable;
