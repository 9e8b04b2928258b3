/** Sales from a file: sent, watched while they land, and a list of what did not land and why. */
import { Anchor, Button } from '@mantine/core';
import {
  CodeBlock,
  type Column,
  Columns,
  DataTable,
  Figure,
  FileDrop,
  Link,
  Page,
  Panel,
  StatusBadge,
  useFormats,
  useRefresh,
} from '@moonbase/ui';
import { useState } from 'react';
import { salesApi } from '../api.ts';
import type { RowOutcome, UploadLine, UploadSummary } from '../schema.ts';

const example = `reference,agent,product,amount,currency,soldAt,branch,policyNumber,policyholder
POL-1001,AGT001,LIFE-TERM,1250.00,USD,2026-03-01T10:30,CMB,LT-88123,N. Perera`;

interface Progress {
  fileName: string;
  summary: UploadSummary | null;
  rows: RowOutcome[];
  ended: boolean;
  error: string | null;
}

export default function UploadPage() {
  const [progress, setProgress] = useState<Progress | null>(null);
  const refresh = useRefresh();
  const change = (what: (before: Progress) => Progress) => setProgress((before) => before && what(before));
  const take = (line: UploadLine) =>
    change((before) => {
      if ('row' in line) return { ...before, rows: [...before.rows, line.row] };
      if ('progress' in line) return { ...before, summary: line.progress };
      if (!('error' in line)) return { ...before, summary: line.summary };
      const { message, remedy, line: at } = line.error;
      return { ...before, summary: line.summary, error: `Line ${at}: ${message} ${remedy}` };
    });
  return (
    <Page
      title="Upload sales"
      crumbs={[{ title: 'Sales', to: '/sales' }]}
      description="Sales are known by source and reference: sending a file twice counts each once."
    >
      <Panel>
        <FileDrop
          url="/api/sales/upload?source=upload"
          accept=".csv,.ndjson,text/csv"
          label="A CSV or NDJSON file of sales"
          hint="UTF-8; commas, semicolons or tabs; of any length"
          typeOf={(file) => (/json/i.test(file.name) ? 'application/x-ndjson' : 'text/csv')}
          onStart={(file) =>
            setProgress({ fileName: file.name, summary: null, rows: [], ended: false, error: null })
          }
          onLine={(line) => take(line as UploadLine)}
          onDone={() => {
            change((before) => ({ ...before, ended: true }));
            void refresh([salesApi.listSales, salesApi.totalSales, salesApi.listRejectedSales]);
          }}
        />
      </Panel>
      {progress?.summary ? <Result progress={progress} /> : <Columnar />}
    </Page>
  );
}

function Columnar() {
  return (
    <Panel
      title="What the file looks like"
      description="reference, agent, product, amount and soldAt are needed. A split sale names its agents in a column shares, as AGT001:60 AGT002:40."
      actions={
        <Button component="a" href="/api/sales/export" download variant="subtle" size="compact-sm">
          Download all sales
        </Button>
      }
    >
      <CodeBlock code={example} />
    </Panel>
  );
}

function Result({ progress: { fileName, summary, rows, ended, error } }: { progress: Progress }) {
  const formats = useFormats();
  const { rows: read, recorded, repeated, waiting, rejected, conflict, invalid, upload } = summary!;
  const bad = waiting + rejected + conflict + invalid;
  const state = error ? 'broken' : ended ? 'done' : 'running';
  return (
    <>
      <Panel
        title={fileName}
        description={error ?? undefined}
        actions={<StatusBadge status={state} tone={error ? 'bad' : undefined} />}
      >
        <Columns of={5} min={110}>
          <Figure label="Rows read" value={formats.count(read)} />
          <Figure label="Recorded" value={formats.count(recorded)} />
          <Figure label="There already" value={formats.count(repeated)} />
          <Figure
            label="Waiting"
            value={formats.count(waiting)}
            hint="Taken in once their agent is entered"
          />
          <Figure label="Not taken in" value={formats.count(rejected + conflict + invalid)} />
        </Columns>
      </Panel>
      {bad > 0 && (
        <Panel
          title="Rows that were not taken in"
          description={rows.length < bad ? `The first ${rows.length} of ${formats.count(bad)}` : undefined}
          flush
          actions={
            <Anchor component={Link} to={`/sales/rejected?upload=${upload}`} size="sm">
              Mend them
            </Anchor>
          }
        >
          <DataTable
            label="Rows that were not taken in"
            columns={columns}
            rows={rows}
            rowId={(row) => String(row.line)}
            bare
          />
        </Panel>
      )}
    </>
  );
}

const columns: Column<RowOutcome>[] = [
  { id: 'line', header: 'Line', width: 80, align: 'right', cell: (row) => row.line },
  { id: 'reference', header: 'Reference', min: 120, cell: (row) => row.reference },
  { id: 'outcome', header: 'Outcome', width: 110, cell: (row) => <StatusBadge status={row.outcome} /> },
  { id: 'field', header: 'Field', width: 110, hide: 'narrow', cell: (row) => row.field },
  { id: 'message', header: 'What is wrong', min: 240, grow: 2, cell: (row) => row.message },
  { id: 'remedy', header: 'What to do', min: 220, grow: 2, hide: 'narrow', cell: (row) => row.remedy },
];
