import type { PageTable } from '@moonbase/ui/pages.ts';
import {
  IconBuildingStore,
  IconFileUpload,
  IconShieldCheck,
  IconUserHexagon,
  IconUsersGroup,
} from '@tabler/icons-react';

export default [
  {
    path: '/agents',
    title: 'Agents',
    nav: { section: 'Agents', icon: IconUserHexagon, order: 10, keys: 'g a' },
    permission: 'agents:read',
    actions: [
      { title: 'Add an agent', to: '/agents?new=1', permission: 'agents:write' },
      { title: 'Import agents from a file', to: '/agents/import', permission: 'reference:write' },
    ],
    find: () => import('./pages/find.ts'),
    load: () => import('./pages/agents.tsx'),
  },
  {
    path: '/agents/import',
    title: 'Import agents',
    nav: { section: 'Agents', icon: IconFileUpload, order: 50 },
    permission: 'reference:write',
    load: () => import('./pages/import.tsx'),
  },
  {
    path: '/agents/$id',
    title: 'Agent',
    permission: 'agents:read',
    load: () => import('./pages/agent.tsx'),
  },
  {
    path: '/branches',
    title: 'Branches',
    nav: { section: 'Agents', icon: IconBuildingStore, order: 20 },
    permission: 'agents:read',
    actions: [{ title: 'Open a branch', to: '/branches?new=1', permission: 'reference:write' }],
    load: () => import('./pages/branches.tsx'),
  },
  {
    path: '/teams',
    title: 'Teams',
    nav: { section: 'Agents', icon: IconUsersGroup, order: 30 },
    permission: 'agents:read',
    actions: [{ title: 'Form a team', to: '/teams?new=1', permission: 'reference:write' }],
    load: () => import('./pages/teams.tsx'),
  },
  {
    path: '/products',
    title: 'Products',
    nav: { section: 'Agents', icon: IconShieldCheck, order: 40 },
    permission: 'agents:read',
    actions: [{ title: 'Add a product', to: '/products?new=1', permission: 'reference:write' }],
    load: () => import('./pages/products.tsx'),
  },
] satisfies PageTable;
