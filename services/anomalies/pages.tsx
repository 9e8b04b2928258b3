import type { PageTable } from '@moonbase/ui/pages.ts';
import { IconRadar2, IconZoomExclamation } from '@tabler/icons-react';

export default [
  {
    path: '/anomalies',
    title: 'Anomalies',
    nav: { section: 'Anomalies', icon: IconZoomExclamation, order: 10, keys: 'g x' },
    permission: 'anomalies:read',
    load: () => import('./pages/anomalies.tsx'),
  },
  {
    path: '/anomalies/detectors',
    title: 'Detectors',
    nav: { section: 'Anomalies', icon: IconRadar2, order: 20 },
    permission: 'anomalies:read',
    load: () => import('./pages/detectors.tsx'),
  },
] satisfies PageTable;
