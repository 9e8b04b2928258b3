import { Page } from '@moonbase/ui';

export default function StatusPage() {
  return (
    <Page title="Status">
      <span />
    </Page>
  );
}
