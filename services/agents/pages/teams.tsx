/** Teams: formed, renamed, dissolved. */
import { Anchor, Button, Switch, TextInput } from '@mantine/core';
import {
  type Column,
  DataTable,
  EmptyState,
  FormDrawer,
  Link,
  Page,
  StatusBadge,
  sourceOf,
  useAct,
  useAddress,
  useCan,
  useLiveReload,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import { newTeam, type Team } from '../schema.ts';

const Address = z.object({ new: z.string().optional() });

export default function TeamsPage() {
  const [{ new: adding }, set] = useAddress(Address);
  const [editing, setEditing] = useState<Team | null>(null);
  const mayWrite = useCan('reference:write');
  const teams = useRead(agentsApi.listTeams);
  useLiveReload(['teams.changed'], [agentsApi.listTeams]);
  return (
    <Page title="Teams" actions={mayWrite && <Button onClick={() => set({ new: '1' })}>Form a team</Button>}>
      <DataTable
        label="Teams"
        columns={columns}
        source={sourceOf(teams, (answer) => answer.items)}
        rowId={(team) => team.id}
        onOpen={mayWrite ? setEditing : undefined}
        empty={<EmptyState title="No teams yet" text="Agents of different branches can work as one team." />}
      />
      <TeamForm
        team={editing}
        opened={editing !== null || adding !== undefined}
        onClose={() => {
          setEditing(null);
          set({ new: undefined });
        }}
      />
    </Page>
  );
}

const columns: Column<Team>[] = [
  { id: 'name', header: 'Team', min: 200, grow: 2, sort: 'local', value: (t) => t.name, cell: (t) => t.name },
  {
    id: 'status',
    header: 'Status',
    width: 130,
    cell: (t) => (
      <StatusBadge status={t.active ? 'active' : 'inactive'} label={t.active ? 'Active' : 'Dissolved'} />
    ),
  },
  {
    id: 'agents',
    header: 'Agents',
    width: 100,
    cell: (t) => (
      <Anchor component={Link} to={`/agents?team=${t.id}`} inherit>
        Show
      </Anchor>
    ),
  },
];

const Values = newTeam.extend({ active: z.boolean() });

function TeamForm(props: { team: Team | null; opened: boolean; onClose: () => void }) {
  const { team, opened, onClose } = props;
  const invalidates = [agentsApi.listTeams];
  const create = useAct(agentsApi.createTeam, { invalidates, success: 'The team is formed', quiet: true });
  const change = useAct(agentsApi.changeTeam, { invalidates, success: 'Saved', quiet: true });
  const initial = { name: team?.name ?? '', active: team?.active ?? true };
  const form = useZodForm(Values, {
    initial,
    submit: ({ name, active }) =>
      team
        ? change.mutateAsync({ params: { id: team.id }, body: { name, active, version: team.version } })
        : create.mutateAsync({ body: { name } }),
    onDone: onClose,
  });
  // What is opened decides, not the values made from it.
  useEffect(() => form.reset(initial), [team, opened]);
  return (
    <FormDrawer
      title={team ? `Change ${team.name}` : 'Form a team'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel={team ? 'Save' : 'Form'}
    >
      <TextInput label="Name" required {...form.field('name')} />
      {team && <Switch label="Active" {...form.field('active', 'checkbox')} />}
    </FormDrawer>
  );
}
