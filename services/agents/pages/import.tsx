/** Agents from a file: sent, watched while it lands, and a list of what did not land and why. */
import { Button, Progress } from '@mantine/core';
import {
  CodeBlock,
  type Column,
  Columns,
  DataTable,
  Figure,
  FileDrop,
  Page,
  Panel,
  StatusBadge,
  useAddress,
  useRead,
  useReadMore,
  useRefresh,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import type { importProgress, rejectedRow } from '../schema.ts';

type Rejected = z.infer<typeof rejectedRow>;
type ImportProgress = z.infer<typeof importProgress>;

const Address = z.object({ id: z.uuid().optional() });
const example = `code,first_name,last_name,branch,team,email,hire_date,authorisations
AGT101,Nimal,Perera,CMB,Lotus,nimal@example.com,2024-04-01,LIFE-TERM@2024-04-01..`;

export default function ImportPage() {
  const [{ id }, set] = useAddress(Address);
  const [next, setNext] = useState(() => crypto.randomUUID());
  const refresh = useRefresh();
  return (
    <Page
      title="Import agents"
      crumbs={[{ title: 'Agents', to: '/agents' }]}
      description="Agents are added or brought up to date by their code: sending a file twice changes nothing."
    >
      <Panel>
        <FileDrop
          url={(file) =>
            `/api/agents/import?${new URLSearchParams({ id: next, file: file.name.slice(0, 200) })}`
          }
          accept=".csv,text/csv"
          label="A CSV file of agents"
          hint="UTF-8; commas, semicolons or tabs"
          typeOf={() => 'text/csv'}
          onStart={() => set({ id: next })}
          onDone={() => {
            setNext(crypto.randomUUID());
            void refresh([agentsApi.listAgents, agentsApi.readImport, agentsApi.listRejectedRows]);
          }}
        />
      </Panel>
      {id ? <Result id={id} /> : <Columnar />}
    </Page>
  );
}

function Columnar() {
  return (
    <Panel
      title="What the file looks like"
      description="code, first_name, last_name and branch are needed; an empty cell empties the field, a column that is not there leaves it."
      actions={
        <Button component="a" href="/api/agents/export" download variant="subtle" size="compact-sm">
          Download all agents
        </Button>
      }
    >
      <CodeBlock code={example} />
    </Panel>
  );
}

function Result({ id }: { id: string }) {
  const progress = useRead(
    agentsApi.readImport,
    { params: { id } },
    {
      // The row is there a moment after the file began to be sent.
      retry: 5,
      refetchInterval: (query) => (query.state.data && query.state.data.status !== 'running' ? false : 500),
    },
  );
  const rejected = useReadMore(
    agentsApi.listRejectedRows,
    { params: { id }, query: {} },
    { enabled: (progress.data?.rejected ?? 0) > 0 && progress.data?.status !== 'running' },
  );
  if (!progress.data) return null;
  return (
    <>
      <Summary progress={progress.data} />
      {progress.data.rejected > 0 && progress.data.status !== 'running' && (
        <Panel title="Lines that did not land" flush>
          <DataTable
            label="Rejected lines"
            columns={columns}
            source={rejected}
            rowId={(row) => String(row.row)}
            bare
          />
        </Panel>
      )}
    </>
  );
}

function Summary({ progress }: { progress: ImportProgress }) {
  const running = progress.status === 'running';
  return (
    <Panel
      title={progress.fileName ?? 'Import'}
      description={progress.error}
      actions={
        <StatusBadge status={progress.status} tone={progress.status === 'broken' ? 'bad' : undefined} />
      }
    >
      {running && <Progress value={100} animated size="sm" aria-label="Lines are being taken in" mb="md" />}
      <Columns of={5} min={110}>
        <Figure label="Lines read" value={progress.rows} />
        <Figure label="Added" value={progress.created} />
        <Figure label="Changed" value={progress.changed} />
        <Figure label="As before" value={progress.unchanged} />
        <Figure label="Rejected" value={progress.rejected} />
      </Columns>
    </Panel>
  );
}

const columns: Column<Rejected>[] = [
  { id: 'line', header: 'Line', width: 80, align: 'right', cell: (row) => row.row },
  { id: 'code', header: 'Code', width: 130, cell: (row) => row.code },
  {
    id: 'faults',
    header: 'What is wrong',
    grow: 2,
    min: 260,
    cell: (row) =>
      row.faults.map((fault) => `${fault.at.replace(/^line \d+,? ?/, '')}: ${fault.message}`).join(' '),
  },
  { id: 'remedy', header: 'What to do', min: 220, hide: 'narrow', cell: (row) => row.remedy },
];
