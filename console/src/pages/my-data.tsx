/** One's own data: what one agrees to, and an archive of everything. */
import { Anchor, Button, Stack, Switch, Text } from '@mantine/core';
import { type PrivacyRequest, privacyApi } from '@moonbase/service/privacy-api';
import {
  Bytes,
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  Page,
  Panel,
  StatusBadge,
  sourceOf,
  useAct,
  useRead,
  When,
} from '@moonbase/ui';
import type { z } from 'zod';

type Consent = z.output<(typeof privacyApi.readConsents.responses)[200]>['items'][number];
type Request = z.output<typeof PrivacyRequest>;

export default function MyDataPage() {
  return (
    <Page
      title="My data"
      width="form"
      description={
        <>
          What is processed about you, why and how long is told by the{' '}
          <Anchor href="/privacy" inherit style={{ textDecoration: 'underline' }}>
            privacy notice
          </Anchor>
          .
        </>
      }
    >
      <Consents />
      <Archives />
    </Page>
  );
}

function Consents() {
  const consents = useRead(privacyApi.readConsents);
  return (
    <Panel
      title="What you agree to"
      description="You can change your mind at any time; what you said before is kept."
    >
      {consents.error && <ErrorState error={consents.error} onRetry={() => void consents.refetch()} />}
      <Stack gap="lg">
        {consents.data?.items
          .filter(({ refusable }) => refusable)
          .map((consent) => (
            <ConsentSwitch key={consent.name} consent={consent} />
          ))}
      </Stack>
    </Panel>
  );
}

function ConsentSwitch({ consent }: { consent: Consent }) {
  const say = useAct(privacyApi.setConsent, {
    invalidates: [privacyApi.readConsents],
    success: ({ given, title }) => `${title}: ${given ? 'agreed' : 'refused'}`,
  });
  const [latest] = consent.history;
  return (
    <div>
      <Switch
        label={consent.title}
        description={consent.text}
        checked={consent.given}
        disabled={say.isPending}
        onChange={(event) =>
          say.mutate({
            params: { purpose: consent.name },
            body: { given: event.currentTarget.checked, version: consent.version },
          })
        }
      />
      <Text size="xs" c="var(--mb-ink-3)" mt={6} ml={48}>
        {latest ? (
          <>
            You {latest.given ? 'agreed' : 'refused'} <When at={latest.at} /> (text {latest.version})
            {consent.history.length > 1 && `, after ${consent.history.length - 1} earlier answers`}
          </>
        ) : (
          `You have not said anything yet; it rests on ${consent.basis}.`
        )}
      </Text>
    </div>
  );
}

function Archives() {
  const archives = useRead(privacyApi.listOwnExports, {}, { refetchInterval: 4_000 });
  const ask = useAct(privacyApi.startOwnExport, {
    invalidates: [privacyApi.listOwnExports],
    success: ({ state }) => (state === 'ready' ? 'It is here already' : 'Your archive is being made'),
  });
  return (
    <Panel
      title="Your archive"
      description="Everything Moonbase holds about you, as JSON. It can be fetched for seven days."
      actions={
        <Button variant="default" size="sm" loading={ask.isPending} onClick={() => ask.mutate({})}>
          Make an archive
        </Button>
      }
      flush
    >
      <DataTable
        bare
        label="Your archives"
        columns={columns}
        source={sourceOf(archives, (answer) => answer.items)}
        rowId={(row) => row.id}
        empty={<EmptyState title="No archive yet" text="It takes a moment; one a day can be made." />}
      />
    </Panel>
  );
}

const columns: Column<Request>[] = [
  { id: 'asked', header: 'Asked for', cell: (row) => <When at={row.askedAt} /> },
  { id: 'state', header: 'State', width: 120, cell: (row) => <StatusBadge status={row.state} /> },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    width: 110,
    cell: (row) => (row.bytes === null ? '–' : <Bytes value={row.bytes} />),
    hide: 'narrow',
  },
  {
    id: 'fetch',
    header: 'Action',
    align: 'right',
    width: 120,
    cell: (row) =>
      row.state === 'ready' ? (
        <Button
          component="a"
          href={`/api/privacy/exports/${row.id}/file`}
          download
          size="compact-sm"
          variant="default"
        >
          Download
        </Button>
      ) : null,
  },
];
