/** Webhooks: one's own, and the organisation's for those who may send. */
import { ActionIcon, Button, Menu, Modal, MultiSelect, Switch, TextInput } from '@mantine/core';
import {
  CodeBlock,
  type Column,
  ConfirmDialog,
  DataTable,
  EmptyState,
  FormDrawer,
  Page,
  StatusBadge,
  sourceOf,
  useAct,
  useAddress,
  useCan,
  useRead,
  useZodForm,
  When,
} from '@moonbase/ui';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { notificationsApi } from '../api.ts';
import type { Endpoint } from '../schema.ts';
import { kindWords, optionsOf } from './words.ts';

const Address = z.object({ new: z.string().optional() });
const invalidates = [notificationsApi.listEndpoints];

export default function WebhooksPage() {
  const [{ new: adding }, set] = useAddress(Address);
  const endpoints = useRead(notificationsApi.listEndpoints);
  const [secret, setSecret] = useState<string | null>(null);
  const columns: Column<Endpoint>[] = [
    ...plain,
    {
      id: 'more',
      header: '',
      width: 60,
      cell: (endpoint) => <More endpoint={endpoint} onSecret={setSecret} />,
    },
  ];
  return (
    <Page
      title="Webhooks"
      description="Notifications as signed HTTP requests to a system of yours."
      actions={<Button onClick={() => set({ new: '1' })}>Add a webhook</Button>}
    >
      <DataTable
        label="Webhooks"
        columns={columns}
        source={sourceOf(endpoints, (answer) => answer.items)}
        rowId={(endpoint) => endpoint.id}
        empty={
          <EmptyState title="No webhooks" text="Add one to let another system know what you are told." />
        }
      />
      <AddForm opened={adding !== undefined} onClose={() => set({ new: undefined })} onSecret={setSecret} />
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}

const plain: Column<Endpoint>[] = [
  { id: 'url', header: 'Address', min: 240, grow: 2, cell: (row) => row.url },
  {
    id: 'whose',
    header: 'Gets',
    min: 130,
    cell: (row) => (row.personId ? 'What you are told' : 'Everything'),
  },
  {
    id: 'kinds',
    header: 'About',
    min: 150,
    hide: 'narrow',
    cell: (row) =>
      row.kinds.length === 0 ? 'All kinds' : row.kinds.map((each) => kindWords[each]).join(', '),
  },
  { id: 'added', header: 'Added', width: 130, cell: (row) => <When at={row.createdAt} /> },
  {
    id: 'status',
    header: 'Status',
    width: 110,
    cell: (row) => (
      <StatusBadge status={row.active ? 'active' : 'inactive'} label={row.active ? 'Active' : 'Paused'} />
    ),
  },
];

function More({ endpoint, onSecret }: { endpoint: Endpoint; onSecret: (secret: string) => void }) {
  const [removing, setRemoving] = useState(false);
  const params = { id: endpoint.id };
  const change = useAct(notificationsApi.changeEndpoint, { invalidates });
  const renew = useAct(notificationsApi.renewSecret, { onSuccess: ({ secret }) => onSecret(secret) });
  const remove = useAct(notificationsApi.removeEndpoint, { invalidates, success: 'Removed', quiet: true });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More about ${endpoint.url}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change.mutate({ params, body: { active: !endpoint.active } })}>
            {endpoint.active ? 'Pause' : 'Resume'}
          </Menu.Item>
          <Menu.Item onClick={() => renew.mutate({ params })}>Renew the secret</Menu.Item>
          <Menu.Item color="red" onClick={() => setRemoving(true)}>
            Remove …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title="Remove this webhook?"
        confirmLabel="Remove"
        danger
        onConfirm={() => remove.mutateAsync({ params })}
      >
        What is still on its way to {endpoint.url} will fail.
      </ConfirmDialog>
    </>
  );
}

function AddForm(props: { opened: boolean; onClose: () => void; onSecret: (secret: string) => void }) {
  const { opened, onClose, onSecret } = props;
  const maySend = useCan('notifications:write');
  const initial = { url: '', kinds: [] as string[], own: true };
  const add = useAct(notificationsApi.addEndpoint, { invalidates, quiet: true });
  const form = useZodForm(notificationsApi.addEndpoint.body, {
    initial,
    submit: (values) => add.mutateAsync({ body: values }),
    onDone: ({ secret }) => {
      form.reset(initial);
      onClose();
      onSecret(secret);
    },
  });
  return (
    <FormDrawer title="Add a webhook" opened={opened} onClose={onClose} form={form} submitLabel="Add">
      <TextInput label="Address" placeholder="https://…" required {...form.field('url')} />
      {maySend && (
        <Switch
          label="Only what I am told"
          description="Otherwise everything, for the organisation"
          {...form.field('own', 'checkbox')}
        />
      )}
      {!form.values.own && (
        <MultiSelect
          label="About"
          description="Empty: all kinds"
          data={optionsOf(kindWords)}
          {...form.field('kinds')}
        />
      )}
    </FormDrawer>
  );
}

function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title="The secret, this once"
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p>Requests are signed with it. Keep it in the receiving system: it is not shown again.</p>
      {secret && <CodeBlock code={secret} />}
    </Modal>
  );
}
