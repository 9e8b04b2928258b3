/** The privacy officer's page: requests, the register, retention, the notice. */
import { Page, useAddress } from '@moonbase/ui';
import { z } from 'zod';
import { NoticeView } from './privacy/notice-view.tsx';
import { RegisterView } from './privacy/register-view.tsx';
import { RequestsView } from './privacy/requests-view.tsx';
import { RetentionView } from './privacy/retention-view.tsx';

const Address = z.object({ view: z.enum(['register', 'retention', 'notice']).optional() });

export default function PrivacyPage() {
  const [{ view }] = useAddress(Address);
  return (
    <Page
      title="Privacy"
      description="Personal data in this installation: who asked for theirs, what there is, how long it stays."
      tabs={[
        { title: 'Requests', to: '/settings/privacy' },
        { title: 'Register', to: '/settings/privacy?view=register' },
        { title: 'Retention', to: '/settings/privacy?view=retention' },
        { title: 'Notice', to: '/settings/privacy?view=notice' },
      ]}
    >
      {view === undefined && <RequestsView />}
      {view === 'register' && <RegisterView />}
      {view === 'retention' && <RetentionView />}
      {view === 'notice' && <NoticeView />}
    </Page>
  );
}
