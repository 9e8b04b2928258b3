/** The organisation, and the settings of all services. */
import { ErrorState, Page, useRead } from '@moonbase/ui';
import { peopleApi } from '../api.ts';
import { SettingPanel } from './setting-panel.tsx';

export default function OrganisationPage() {
  const settings = useRead(peopleApi.listSettings);
  const items = settings.data?.items ?? [];
  // The organisation first: it is what people come here for.
  const sorted = [...items].sort(
    (a, b) => Number(b.name === 'people.organisation') - Number(a.name === 'people.organisation'),
  );
  return (
    <Page title="Organisation" width="form">
      {settings.error && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {sorted.map((setting) => (
        // A saved value makes a new form, which starts from it.
        <SettingPanel key={`${setting.name} ${setting.changedAt}`} setting={setting} />
      ))}
    </Page>
  );
}
