import type { PageEntry } from '@moonbase/ui/pages.ts';
import { EmptyState } from '@moonbase/ui/states.tsx';
import { useViewer } from '@moonbase/ui/viewer.tsx';
import { IconLock } from '@tabler/icons-react';
import type { AsyncRouteComponent } from '@tanstack/react-router';

/** A page's component, for those who may see it. Its code is preloaded like that of any other. */
export function guarded(entry: PageEntry, Page: AsyncRouteComponent<object>) {
  const Guarded = () => {
    const { permissions } = useViewer();
    if (!entry.permission || permissions.includes(entry.permission)) return <Page />;
    return (
      <>
        <title>{`${entry.title} · Moonbase`}</title>
        <EmptyState
          page
          icon={IconLock}
          title={`«${entry.title}» is not open to you`}
          text={`It needs the permission ${entry.permission}. An administrator can give you a role that has it.`}
        />
      </>
    );
  };
  return Object.assign(Guarded, { preload: Page.preload });
}
