/** People: who may come in, and as what. */
import { Button, Group } from '@mantine/core';
import {
  type Column,
  DataTable,
  FilterBar,
  Page,
  PersonAvatar,
  StatusBadge,
  useAddress,
  useCan,
  useRead,
  useReadMore,
  When,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { peopleApi } from '../api.ts';
import { type Person, PersonDrawer } from './person-drawer.tsx';
import { type Secret, SecretDialog } from './secret-dialog.tsx';

const Address = z.object({
  search: z.string().optional(),
  role: z.string().optional(),
  active: z.enum(['true', 'false']).optional(),
  new: z.string().optional(),
});

export default function PeoplePage() {
  const [{ new: adding, ...filters }, set] = useAddress(Address);
  const [opened, setOpened] = useState<Person | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const mayWrite = useCan('people:write');
  const roles = useRead(peopleApi.listRoles);
  const people = useReadMore(peopleApi.listPeople, { query: filters });
  return (
    <Page
      title="People"
      actions={mayWrite && <Button onClick={() => set({ new: '1' })}>Add a person</Button>}
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          { kind: 'search', key: 'search', label: 'Search', placeholder: 'Name or email' },
          {
            kind: 'select',
            key: 'role',
            label: 'Role',
            options: roles.data?.roles.map(({ name }) => ({ value: name, label: name })),
          },
          {
            kind: 'select',
            key: 'active',
            label: 'Status',
            options: [
              { value: 'true', label: 'Active' },
              { value: 'false', label: 'Inactive' },
            ],
          },
        ]}
      />
      <DataTable
        label="People"
        columns={columns}
        source={people}
        rowId={(person) => person.id}
        {...(mayWrite ? { onOpen: setOpened } : {})}
        height="fill"
      />
      {mayWrite && (
        <PersonDrawer
          key={opened?.id ?? 'new'}
          person={opened}
          opened={opened !== null || adding !== undefined}
          onClose={() => {
            setOpened(null);
            set({ new: undefined });
          }}
          onSecret={setSecret}
        />
      )}
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}

const columns: Column<Person>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (person) => (
      <Group gap="xs" wrap="nowrap">
        <PersonAvatar name={person.name} size="sm" />
        <span>{person.name}</span>
      </Group>
    ),
  },
  { id: 'email', header: 'Email', cell: (person) => person.email },
  { id: 'roles', header: 'Roles', cell: (person) => person.roles.join(', ') || 'None', hide: 'narrow' },
  {
    id: 'seen',
    header: 'Last seen',
    width: 130,
    cell: (person) => (person.lastSeenAt ? <When at={person.lastSeenAt} /> : 'Never'),
    hide: 'narrow',
  },
  {
    id: 'status',
    header: 'Status',
    width: 120,
    cell: (person) => <StatusBadge status={person.active ? 'active' : 'inactive'} />,
  },
];
