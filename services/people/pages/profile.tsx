/** One's own profile and sessions. */
import { Button, Stack, TextInput } from '@mantine/core';
import {
  type Column,
  DataTable,
  Facts,
  Form,
  Link,
  Page,
  Panel,
  StatusBadge,
  sourceOf,
  useAct,
  useRead,
  useZodForm,
  When,
} from '@moonbase/ui';
import { z } from 'zod';
import { peopleApi } from '../api.ts';
import { locale, personName, zone } from '../schema.ts';
import { browserName } from './browser-name.ts';
import { useRefreshShell } from './refresh-shell.ts';
import { zoneData } from './zones.ts';

const Profile = z.object({
  name: personName,
  zone: zone.nullable().optional(),
  locale: locale.nullable().optional(),
});

type SessionView = z.output<(typeof peopleApi.readSession.responses)[200]>;
type Session = z.output<(typeof peopleApi.listSessions.responses)[200]>['items'][number];

export default function ProfilePage() {
  const session = useRead(peopleApi.readSession);
  return (
    <Page
      title="Profile"
      width="form"
      description={
        <>
          What is kept about you and what you agree to:{' '}
          <Link to="/settings/my-data" style={{ textDecoration: 'underline' }}>
            My data
          </Link>
          , and the{' '}
          <a href="/privacy" style={{ textDecoration: 'underline' }}>
            privacy notice
          </a>
          .
        </>
      }
    >
      {session.data && <ProfileForm session={session.data} />}
      <Sessions />
    </Page>
  );
}

function ProfileForm({ session: { person } }: { session: SessionView }) {
  const refreshShell = useRefreshShell();
  const change = useAct(peopleApi.changeProfile, {
    invalidates: [peopleApi.readSession],
    success: 'Profile saved',
    onSuccess: refreshShell,
    quiet: true,
  });
  const form = useZodForm(Profile, {
    initial: { name: person.name, zone: person.zone ?? '', locale: person.locale ?? '' },
    submit: (values) =>
      change.mutateAsync({
        body: { name: values.name, zone: values.zone ?? null, locale: values.locale ?? null },
      }),
  });
  return (
    <Panel title="You">
      <Stack gap="md">
        <Facts
          rows={[
            ['Email', person.email],
            ['Roles', person.roles.join(', ') || 'None'],
          ]}
        />
        <Form form={form} submitLabel="Save">
          <TextInput label="Name" autoComplete="name" {...form.field('name')} />
          <TextInput
            label="Time zone"
            description="For times of day. Business days are counted in the organisation’s zone."
            placeholder="As this browser"
            list={zoneData.id}
            {...form.field('zone')}
          />
          <datalist id={zoneData.id}>
            {zoneData.names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <TextInput
            label="Language and region"
            description="For numbers and dates, as en-GB or si-LK."
            placeholder="As this browser"
            {...form.field('locale')}
          />
        </Form>
      </Stack>
    </Panel>
  );
}

function Sessions() {
  const sessions = useRead(peopleApi.listSessions);
  const end = useAct(peopleApi.endSession, {
    invalidates: [peopleApi.listSessions],
    success: 'Session ended',
  });
  const columns: Column<Session>[] = [
    {
      id: 'browser',
      header: 'Browser',
      cell: (row) => (
        <span title={row.browser ?? undefined}>{row.browser ? browserName(row.browser) : 'Unknown'}</span>
      ),
    },
    { id: 'address', header: 'From', cell: (row) => row.address ?? 'Unknown', hide: 'narrow' },
    {
      id: 'used',
      header: 'Last used',
      width: 130,
      cell: (row) => <When at={row.lastUsedAt ?? row.createdAt} />,
    },
    {
      id: 'end',
      header: 'Action',
      align: 'right',
      width: 130,
      cell: (row) =>
        row.current ? (
          <StatusBadge status="active" label="This one" />
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={end.isPending && end.variables?.params.id === row.id}
            onClick={() => end.mutate({ params: { id: row.id } })}
          >
            End
          </Button>
        ),
    },
  ];
  return (
    <Panel title="Sessions" description="Where you are signed in. End what you do not know." flush>
      <DataTable
        bare
        label="Your sessions"
        columns={columns}
        source={sourceOf(sessions, (answer) => answer.items)}
        rowId={(row) => row.id}
      />
    </Panel>
  );
}
