/** API keys for core systems. */
import { Button, Checkbox, NumberInput, Stack, TextInput } from '@mantine/core';
import {
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
  useRead,
  useViewer,
  useZodForm,
  When,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { peopleApi } from '../api.ts';
import type { key } from '../schema.ts';
import { type Secret, SecretDialog } from './secret-dialog.tsx';

type Key = z.output<typeof key>;

export default function KeysPage() {
  const [address, set] = useAddress(z.object({ new: z.string().optional() }));
  const [secret, setSecret] = useState<Secret | null>(null);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const keys = useRead(peopleApi.listKeys);
  const revoke = useAct(peopleApi.revokeKey, {
    invalidates: [peopleApi.listKeys],
    success: 'Key revoked',
    quiet: true,
  });
  return (
    <Page
      title="API keys"
      description="For core systems that push agents and sales, or read figures."
      actions={<Button onClick={() => set({ new: '1' })}>Create a key</Button>}
    >
      <DataTable
        label="API keys"
        columns={columnsWith(setRevoking)}
        source={sourceOf(keys, (answer) => answer.items)}
        rowId={(row) => row.id}
        height="fill"
        empty={
          <EmptyState
            title="No API keys yet"
            text="A core system sends its sales with a key that may do just that."
          />
        }
      />
      <KeyDrawer
        opened={address.new !== undefined}
        onClose={() => set({ new: undefined })}
        onSecret={setSecret}
      />
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke “${revoking?.name}”?`}
        confirmLabel="Revoke"
        danger
        onConfirm={() => revoke.mutateAsync({ params: { id: revoking!.id } })}
      >
        Whoever uses it is refused from now on. A revoked key cannot be brought back.
      </ConfirmDialog>
    </Page>
  );
}

function columnsWith(onRevoke: (row: Key) => void): Column<Key>[] {
  return [
    { id: 'name', header: 'Name', cell: (row) => row.name, sort: 'local', value: (row) => row.name },
    {
      id: 'prefix',
      header: 'Begins with',
      width: 130,
      cell: (row) => <code>{row.prefix}</code>,
      hide: 'narrow',
    },
    { id: 'scopes', header: 'May', grow: 2, cell: (row) => row.scopes.join(', ') },
    {
      id: 'used',
      header: 'Last used',
      width: 120,
      cell: (row) => (row.lastUsedAt ? <When at={row.lastUsedAt} /> : 'Never'),
      sort: 'local',
      value: (row) => row.lastUsedAt,
    },
    {
      id: 'expires',
      header: 'Expires',
      width: 120,
      cell: (row) => (row.expiresAt ? <When at={row.expiresAt} /> : 'Never'),
      hide: 'narrow',
    },
    { id: 'status', header: 'Status', width: 110, cell: (row) => <StatusBadge status={row.status} /> },
    {
      id: 'revoke',
      header: 'Action',
      align: 'right',
      width: 100,
      cell: (row) =>
        row.status === 'active' ? (
          <Button size="compact-sm" variant="default" onClick={() => onRevoke(row)}>
            Revoke
          </Button>
        ) : null,
    },
  ];
}

const KeyForm = z.object({
  name: z.string().trim().min(1).max(120),
  scopes: z.array(z.string()).min(1, { error: 'Choose what the key may do.' }),
  days: z.number().int().min(1).max(3650).optional(),
});

function KeyDrawer(props: { opened: boolean; onClose: () => void; onSecret: (secret: Secret) => void }) {
  const { opened, onClose, onSecret } = props;
  const viewer = useViewer();
  const roles = useRead(peopleApi.listRoles, {}, { enabled: opened });
  const create = useAct(peopleApi.createKey, { invalidates: [peopleApi.listKeys], quiet: true });
  const form = useZodForm(KeyForm, {
    initial: { name: '', scopes: ['sales:write'] as string[], days: '' as number | '' },
    submit: ({ days, ...values }) => create.mutateAsync({ body: { ...values, days: days ?? null } }),
    onDone: ({ key: made, secret }) => {
      form.reset();
      onClose();
      onSecret({
        title: `Key “${made.name}”`,
        value: secret,
        text: 'Send it with each request as “Authorization: Bearer …”.',
      });
    },
  });
  const grantable = roles.data?.permissions.filter(({ name }) => viewer.permissions.includes(name)) ?? [];
  return (
    <FormDrawer title="Create an API key" opened={opened} onClose={onClose} form={form} submitLabel="Create">
      <TextInput label="Name" description="What uses it" placeholder="Core system" {...form.field('name')} />
      <Checkbox.Group label="May" {...form.field('scopes')}>
        <Stack gap={6} mt={6}>
          {grantable.map(({ name, summary }) => (
            <Checkbox key={name} value={name} label={name} description={summary} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NumberInput
        label="Expires after days"
        placeholder="Never"
        min={1}
        max={3650}
        allowDecimal={false}
        {...form.field('days')}
      />
    </FormDrawer>
  );
}
