import type { PageTable } from '@moonbase/ui/pages.ts';
import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconMailbox,
  IconMailX,
  IconSend2,
  IconTemplate,
  IconWebhook,
} from '@tabler/icons-react';

export default [
  {
    path: '/notifications',
    title: 'Notifications',
    nav: { section: 'Notifications', icon: IconBell, order: 10, keys: 'g n' },
    permission: 'notifications:read',
    actions: [{ title: 'Write a message', to: '/notifications?new=1', permission: 'notifications:write' }],
    load: () => import('./pages/inbox.tsx'),
  },
  {
    path: '/notifications/preferences',
    title: 'Preferences',
    nav: { section: 'Notifications', icon: IconAdjustmentsHorizontal, order: 20 },
    permission: 'notifications:read',
    load: () => import('./pages/preferences.tsx'),
  },
  {
    path: '/notifications/deliveries',
    title: 'Deliveries',
    nav: { section: 'Notifications', icon: IconSend2, order: 30 },
    permission: 'notifications:write',
    load: () => import('./pages/deliveries.tsx'),
  },
  {
    path: '/notifications/failed',
    title: 'Dead letters',
    nav: { section: 'Notifications', icon: IconMailX, order: 40 },
    permission: 'notifications:write',
    load: () => import('./pages/failed.tsx'),
  },
  {
    path: '/notifications/outbox',
    title: 'Outbox',
    nav: { section: 'Notifications', icon: IconMailbox, order: 50 },
    permission: 'notifications:write',
    load: () => import('./pages/outbox.tsx'),
  },
  {
    path: '/notifications/templates',
    title: 'Templates',
    nav: { section: 'Notifications', icon: IconTemplate, order: 60 },
    permission: 'notifications:write',
    load: () => import('./pages/templates.tsx'),
  },
  {
    path: '/notifications/webhooks',
    title: 'Webhooks',
    nav: { section: 'Notifications', icon: IconWebhook, order: 70 },
    permission: 'notifications:read',
    load: () => import('./pages/webhooks.tsx'),
  },
] satisfies PageTable;
