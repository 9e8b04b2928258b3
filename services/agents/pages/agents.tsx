/** Agents: found, filtered, exported, added. */
import { Button } from '@mantine/core';
import {
  type Column,
  DataTable,
  Day,
  EmptyState,
  FilterBar,
  Link,
  Page,
  PersonAvatar,
  StatusBadge,
  useAddress,
  useCan,
  useLiveReload,
  useReadMore,
} from '@moonbase/ui';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import type { Agent } from '../schema.ts';
import { AgentForm } from './agent-form.tsx';
import classes from './agents.module.css';
import { nameOf, type Reference, useReference } from './reference.ts';

const Address = z.object({
  search: z.string().optional(),
  status: z.enum(['active', 'inactive']).optional(),
  region: z.string().optional(),
  branch: z.uuid().optional(),
  team: z.uuid().optional(),
  product: z.uuid().optional(),
  new: z.string().optional(),
});

export default function AgentsPage() {
  const [{ new: adding, ...filters }, set] = useAddress(Address);
  const mayWrite = useCan('agents:write');
  const mayImport = useCan('reference:write');
  const reference = useReference();
  const agents = useReadMore(agentsApi.listAgents, { query: filters });
  useLiveReload(['agents.changed', 'agents.erased'], [agentsApi.listAgents]);
  const columns = useMemo(() => columnsFor(reference), [reference]);
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Page
      title="Agents"
      actions={
        mayWrite && (
          <>
            {mayImport && (
              <Button component={Link} to="/agents/import" variant="default">
                Import
              </Button>
            )}
            <Button onClick={() => set({ new: '1' })}>Add an agent</Button>
          </>
        )
      }
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          { kind: 'search', key: 'search', label: 'Search', placeholder: 'Name, code or email' },
          { kind: 'select', key: 'region', label: 'Region', options: reference.regionOptions },
          { kind: 'select', key: 'branch', label: 'Branch', options: reference.branchOptions },
          { kind: 'select', key: 'team', label: 'Team', options: reference.teamOptions },
          { kind: 'select', key: 'product', label: 'May sell', options: reference.productOptions },
          {
            kind: 'select',
            key: 'status',
            label: 'Status',
            options: [
              { value: 'active', label: 'Active' },
              { value: 'inactive', label: 'Inactive' },
            ],
          },
        ]}
        actions={
          <Button
            component="a"
            href={`/api/agents/export?${addressOf(filters)}`}
            download
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={15} />}
          >
            Export CSV
          </Button>
        }
      />
      <DataTable
        label="Agents"
        columns={columns}
        source={agents}
        rowId={(agent) => agent.id}
        href={(agent) => `/agents/${agent.id}`}
        height="fill"
        empty={
          filtered ? (
            <EmptyState title="No agent fits" text="Change or clear the filters." />
          ) : (
            <EmptyState
              title="No agents yet"
              text="Add one, import a file, or let a core system push them."
              action={
                mayImport && (
                  <Button component={Link} to="/agents/import">
                    Import agents
                  </Button>
                )
              }
            />
          )
        }
      />
      <AgentForm opened={adding !== undefined} onClose={() => set({ new: undefined })} />
    </Page>
  );
}

function addressOf(filters: Record<string, string | undefined>): string {
  const set = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(set).toString();
}

function columnsFor({ branches, teams, products }: Reference): Column<Agent>[] {
  return [
    {
      id: 'name',
      header: 'Agent',
      min: 200,
      grow: 2,
      cell: (agent) => (
        <span className={classes.name}>
          <PersonAvatar name={nameOf(agent)} size="sm" />
          {nameOf(agent)}
        </span>
      ),
    },
    { id: 'code', header: 'Code', width: 110, cell: (agent) => agent.code },
    { id: 'branch', header: 'Branch', min: 120, cell: (agent) => branches.get(agent.branchId)?.name },
    {
      id: 'team',
      header: 'Team',
      min: 110,
      cell: (agent) => agent.teamId && teams.get(agent.teamId)?.name,
    },
    {
      id: 'products',
      header: 'Authorised for',
      min: 140,
      hide: 'narrow',
      cell: (agent) => types(agent, products),
    },
    {
      id: 'hired',
      header: 'Hired',
      width: 120,
      cell: (agent) => agent.hireDate && <Day value={agent.hireDate} />,
    },
    {
      id: 'status',
      header: 'Status',
      width: 110,
      cell: (agent) => <StatusBadge status={agent.erased ? 'erased' : agent.status} />,
    },
  ];
}

/** `Life, Vehicle`: what the agent may sell, or could once, by type. */
function types(agent: Agent, products: Reference['products']): string {
  const named = agent.authorisations.map(({ productId }) => products.get(productId)?.type ?? '');
  return [...new Set(named)]
    .filter((type) => type !== '')
    .sort()
    .join(', ');
}
