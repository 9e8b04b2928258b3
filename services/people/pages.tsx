import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconAdjustments, IconKey, IconUser, IconUsersGroup } from '@tabler/icons-react';

export default [
  {
    path: '/settings/profile',
    title: 'Profile',
    nav: { section: 'Settings', icon: IconUser, order: 10 },
    load: () => import('./pages/profile.tsx'),
  },
  {
    path: '/settings/people',
    title: 'People',
    nav: { section: 'Settings', icon: IconUsersGroup, order: 20, keys: 'g p' },
    permission: 'people:read',
    actions: [{ title: 'Add a person', to: '/settings/people?new=1', permission: 'people:write' }],
    load: () => import('./pages/people.tsx'),
  },
  {
    path: '/settings/keys',
    title: 'API keys',
    nav: { section: 'Settings', icon: IconKey, order: 30, keys: 'g k' },
    permission: 'keys:write',
    actions: [{ title: 'Create an API key', to: '/settings/keys?new=1', permission: 'keys:write' }],
    load: () => import('./pages/keys.tsx'),
  },
  {
    path: '/settings/organisation',
    title: 'Organisation',
    nav: { section: 'Settings', icon: IconAdjustments, order: 40 },
    permission: 'settings:read',
    load: () => import('./pages/organisation.tsx'),
  },
] satisfies PageTable;
