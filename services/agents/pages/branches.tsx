/** Branches in their regions: opened, changed, closed. */
import { Anchor, Autocomplete, Button, Switch, TextInput } from '@mantine/core';
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
import { type Branch, newBranch } from '../schema.ts';
import { useReference } from './reference.ts';

const Address = z.object({ new: z.string().optional() });

export default function BranchesPage() {
  const [{ new: adding }, set] = useAddress(Address);
  const [editing, setEditing] = useState<Branch | null>(null);
  const mayWrite = useCan('reference:write');
  const branches = useRead(agentsApi.listBranches);
  useLiveReload(['branches.changed'], [agentsApi.listBranches]);
  return (
    <Page
      title="Branches"
      actions={mayWrite && <Button onClick={() => set({ new: '1' })}>Open a branch</Button>}
    >
      <DataTable
        label="Branches"
        columns={columns}
        source={sourceOf(branches, (answer) => answer.items)}
        rowId={(branch) => branch.id}
        onOpen={mayWrite ? setEditing : undefined}
        empty={<EmptyState title="No branches yet" text="Agents belong to a branch: open one first." />}
      />
      <BranchForm
        branch={editing}
        opened={editing !== null || adding !== undefined}
        onClose={() => {
          setEditing(null);
          set({ new: undefined });
        }}
      />
    </Page>
  );
}

const columns: Column<Branch>[] = [
  {
    id: 'name',
    header: 'Branch',
    min: 160,
    grow: 2,
    sort: 'local',
    value: (b) => b.name,
    cell: (b) => b.name,
  },
  { id: 'code', header: 'Code', width: 110, sort: 'local', value: (b) => b.code, cell: (b) => b.code },
  { id: 'region', header: 'Region', min: 140, sort: 'local', value: (b) => b.region, cell: (b) => b.region },
  { id: 'zone', header: 'Time zone', min: 150, hide: 'narrow', cell: (b) => b.zone ?? 'The organisation’s' },
  {
    id: 'status',
    header: 'Status',
    width: 110,
    cell: (b) => (
      <StatusBadge status={b.active ? 'active' : 'inactive'} label={b.active ? 'Open' : 'Closed'} />
    ),
  },
  {
    id: 'agents',
    header: 'Agents',
    width: 100,
    cell: (b) => (
      <Anchor component={Link} to={`/agents?branch=${b.id}`} inherit>
        Show
      </Anchor>
    ),
  },
];

const Values = newBranch.extend({ active: z.boolean() });

function BranchForm(props: { branch: Branch | null; opened: boolean; onClose: () => void }) {
  const { branch, opened, onClose } = props;
  const { regionOptions } = useReference();
  const invalidates = [agentsApi.listBranches];
  const create = useAct(agentsApi.createBranch, { invalidates, success: 'The branch is open', quiet: true });
  const change = useAct(agentsApi.changeBranch, { invalidates, success: 'Saved', quiet: true });
  const initial = {
    code: branch?.code ?? '',
    name: branch?.name ?? '',
    region: branch?.region ?? '',
    zone: branch?.zone ?? '',
    active: branch?.active ?? true,
  };
  const form = useZodForm(Values, {
    initial,
    submit: ({ active, zone = null, ...rest }) =>
      branch
        ? change.mutateAsync({
            params: { id: branch.id },
            body: { ...rest, zone, active, version: branch.version },
          })
        : create.mutateAsync({ body: { ...rest, zone } }),
    onDone: onClose,
  });
  // What is opened decides, not the values made from it.
  useEffect(() => form.reset(initial), [branch, opened]);
  return (
    <FormDrawer
      title={branch ? `Change ${branch.name}` : 'Open a branch'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel={branch ? 'Save' : 'Open'}
    >
      <TextInput label="Name" required {...form.field('name')} />
      <TextInput label="Code" description="As core systems know it" required {...form.field('code')} />
      <Autocomplete
        label="Region"
        required
        data={regionOptions?.map((option) => option.value) ?? []}
        {...form.field('region')}
      />
      <Autocomplete
        label="Time zone"
        description="Of its business days; empty: the organisation’s"
        data={Intl.supportedValuesOf('timeZone')}
        limit={30}
        {...form.field('zone')}
      />
      {branch && <Switch label="Open" {...form.field('active', 'checkbox')} />}
    </FormDrawer>
  );
}
