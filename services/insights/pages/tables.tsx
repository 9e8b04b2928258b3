/** The five insight tables, as they were kept last or at any run before, and the runs themselves. */
import { Button, Text } from '@mantine/core';
import {
  Can,
  Count,
  DataTable,
  Duration,
  EmptyState,
  FilterBar,
  Page,
  StatusBadge,
  sourceOf,
  type Column as TableColumn,
  useAct,
  useAddress,
  useFormats,
  useRead,
  useReadMore,
  When,
} from '@moonbase/ui';
import { IconPlayerPlay } from '@tabler/icons-react';
import { z } from 'zod';
import { insightsApi, type Run } from '../api.ts';
import { insightTables, type Row } from '../schema.ts';
import { ExportMenu } from './export-menu.tsx';
import { addressWith } from './filters.ts';
import { InsightCell, isNumber } from './insight-cell.tsx';

const Address = z.object({
  table: z.enum(['runs', ...insightTables]).optional(),
  run: z.string().optional(),
});

const titles: Record<(typeof insightTables)[number], string> = {
  'team-performance': 'Teams',
  'product-performance': 'Products',
  'branch-performance': 'Branches',
  'most-notified-agents': 'Most notified agents',
  'notification-status': 'Notification status',
};

export default function TablesPage() {
  const [{ run, table = 'team-performance' }, set] = useAddress(Address);
  const start = useAct(insightsApi.startRun, {
    success: 'The tables are being built',
    invalidates: [insightsApi.listRuns, insightsApi.readInsightTable],
  });
  const tabs = [...insightTables, 'runs' as const].map((name) => ({
    title: name === 'runs' ? 'Runs' : titles[name],
    to: addressWith('/insight-tables', {
      table: name === 'team-performance' ? undefined : name,
      run: name === 'runs' ? undefined : run,
    }),
  }));
  return (
    <Page
      title="Insight tables"
      description="Built from the lake by the schedule in the settings, and kept: every run is history."
      tabs={tabs}
      actions={
        <Can permission="insights:query">
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={15} />}
            loading={start.isPending}
            onClick={() => start.mutate({})}
          >
            Build now
          </Button>
        </Can>
      }
    >
      {table === 'runs' ? <Runs /> : <Kept table={table} run={run} onRun={(id) => set({ run: id })} />}
    </Page>
  );
}

function Kept(props: {
  table: (typeof insightTables)[number];
  run: string | undefined;
  onRun: (id: string | undefined) => void;
}) {
  const { onRun, run, table } = props;
  const formats = useFormats();
  const runs = useRead(insightsApi.listRuns, { query: { limit: 100 } }, { refetchInterval: 15_000 });
  const kept = useRead(insightsApi.readInsightTable, { params: { table }, query: { run } });
  const columns: TableColumn<Row>[] = (kept.data?.columns ?? [])
    .filter((column) => column.key !== 'aggregation_date')
    .map((column) => ({
      id: column.key,
      header: column.name,
      align: isNumber(column) ? ('right' as const) : undefined,
      min: 120,
      grow: column.kind === 'text' ? 2 : 1,
      sort: 'local' as const,
      value: (row) => {
        const value = row[column.key] ?? null;
        return value === null ? null : isNumber(column) ? Number(value) : String(value);
      },
      cell: (row) => <InsightCell column={column} value={row[column.key]} />,
    }));
  return (
    <>
      <FilterBar
        value={{ run }}
        onChange={(change) => onRun(change.run)}
        filters={[
          {
            kind: 'select',
            key: 'run',
            label: 'Latest run',
            options: runs.data?.items
              .filter((each) => each.endedAt && !each.error)
              .map((each) => ({ value: each.id, label: formats.time(each.aggregationDate) })),
          },
        ]}
        actions={
          <ExportMenu path={`/insight-tables/${table}/export`} query={{ run }} label={titles[table]} />
        }
      />
      {kept.data && (
        <Text size="sm" c="dimmed">
          As of <When at={kept.data.run.aggregationDate} exact />, from the lake up to position{' '}
          <Count value={kept.data.run.position ?? 0} />
          {kept.data.run.trigger === 'backfill' && ', worked out afterwards from business days'}.
        </Text>
      )}
      <DataTable<Row>
        label={titles[table]}
        columns={columns}
        source={sourceOf(kept, (answer) => answer.rows)}
        rowId={(row) => String(row.id ?? row.status)}
        empty={<EmptyState title="No rows yet" text="The first run fills it: every full hour unless set." />}
      />
    </>
  );
}

function Runs() {
  const runs = useReadMore(insightsApi.listRuns, { query: {} });
  return (
    <DataTable<Run> label="Runs" columns={runColumns} source={runs} rowId={(run) => run.id} height="fill" />
  );
}

const words = { schedule: 'Schedule', person: 'By hand', backfill: 'Afterwards' } as const;

const runColumns: TableColumn<Run>[] = [
  { id: 'date', header: 'As of', min: 170, cell: (run) => <When at={run.aggregationDate} exact /> },
  { id: 'trigger', header: 'Started by', width: 130, cell: (run) => words[run.trigger] },
  {
    id: 'status',
    header: 'Status',
    width: 120,
    cell: (run) => <StatusBadge status={run.error ? 'failed' : run.endedAt ? 'done' : 'running'} />,
  },
  {
    id: 'took',
    header: 'Took',
    align: 'right',
    width: 110,
    cell: (run) =>
      run.endedAt ? <Duration ms={Date.parse(run.endedAt) - Date.parse(run.startedAt)} /> : '–',
  },
  {
    id: 'rows',
    header: 'Rows',
    min: 260,
    grow: 2,
    cell: (run) =>
      run.error ??
      Object.entries(run.rows ?? {})
        .map(([table, count]) => `${table.replaceAll('_', ' ')} ${count}`)
        .join(', '),
  },
];
