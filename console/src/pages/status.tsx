import { systemApi } from '@moonbase/service/system-api';
import { Page, StatusBadge, useAddress, useRead, When } from '@moonbase/ui';
import { z } from 'zod';
import { ErrorsView } from './status/errors-view.tsx';
import { HealthView } from './status/health-view.tsx';
import { JobsView } from './status/jobs-view.tsx';
import { StuckView } from './status/stuck-view.tsx';

const Address = z.object({ view: z.enum(['jobs', 'stuck', 'errors']).optional() });

/** Whether everything works, and what to set right where it doesn't. */
export default function StatusPage() {
  const [{ view }] = useAddress(Address);
  const status = useRead(systemApi.readStatus, {}, { refetchInterval: 3_000 });
  const dead = useRead(systemApi.listDeadJobs, {}, { refetchInterval: 10_000 });
  const parked = useRead(systemApi.listParked, {}, { refetchInterval: 10_000 });
  const stuck = (dead.data?.items.length ?? 0) + (parked.data?.items.length ?? 0);
  const { ready, version, startedAt } = status.data ?? {};
  return (
    <Page
      title="Status"
      mark={
        ready === undefined ? null : (
          <StatusBadge status={ready ? 'ready' : 'down'} label={ready ? 'Everything works' : 'Not ready'} />
        )
      }
      description={
        version && (
          <>
            Version {version}, up since <When at={startedAt} exact />
          </>
        )
      }
      tabs={[
        { title: 'Health', to: '/status' },
        { title: 'Jobs', to: '/status?view=jobs' },
        { title: 'Stuck', to: '/status?view=stuck', count: stuck || undefined },
        { title: 'Errors', to: '/status?view=errors' },
      ]}
    >
      {view === undefined && <HealthView status={status} />}
      {view === 'jobs' && <JobsView />}
      {view === 'stuck' && <StuckView dead={dead} parked={parked} />}
      {view === 'errors' && <ErrorsView />}
    </Page>
  );
}
