import { type Job, type Run, type Schedule, systemApi } from '@moonbase/service/system-api';
import {
  type Column,
  Count,
  DataTable,
  Duration,
  FilterBar,
  Hint,
  Panel,
  Percent,
  StatusBadge,
  sourceOf,
  useAddress,
  useRead,
  useReadMore,
  When,
} from '@moonbase/ui';
import { z } from 'zod';

const Address = z.object({
  job: z.string().optional(),
  state: z.enum(['running', 'succeeded', 'failed', 'dead', 'lost', 'released']).optional(),
});

/** Jobs and what waits for them, schedules, and the history of runs. */
export function JobsView() {
  const [filters, setFilters] = useAddress(Address);
  const jobs = useRead(systemApi.listJobs, {}, { refetchInterval: 5_000 });
  const [service, job] = filters.job?.split('.') ?? [];
  const runs = useReadMore(systemApi.listRuns, { query: { service, job, state: filters.state } });
  const options = jobs.data?.jobs.map((each) => ({
    value: `${each.service}.${each.job}`,
    label: `${each.service}: ${each.job}`,
  }));
  return (
    <>
      <Panel title="Jobs" flush>
        <DataTable
          bare
          label="Jobs"
          columns={jobColumns}
          source={sourceOf(jobs, (answer) => answer.jobs)}
          rowId={(row) => `${row.service}.${row.job}`}
          onOpen={(row) => setFilters({ job: `${row.service}.${row.job}` })}
        />
      </Panel>
      <Panel title="Schedules" flush>
        <DataTable
          bare
          label="Schedules"
          columns={scheduleColumns}
          source={sourceOf(jobs, (answer) => answer.schedules)}
          rowId={(row) => `${row.service}.${row.name}`}
        />
      </Panel>
      <h2 style={{ margin: '8px 0 -4px', fontSize: 14, fontWeight: 600 }}>Runs</h2>
      <FilterBar
        value={filters}
        onChange={setFilters}
        filters={[
          { kind: 'select', key: 'job', label: 'Job', options },
          {
            kind: 'select',
            key: 'state',
            label: 'State',
            options: Address.shape.state.unwrap().options.map((value) => ({ value, label: words[value] })),
          },
        ]}
      />
      <DataTable
        label="Runs"
        columns={runColumns}
        source={runs}
        rowId={(row) => `${row.id} ${row.attempt}`}
        height={520}
      />
    </>
  );
}

const words = {
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed, tried again',
  dead: 'Given up',
  lost: 'Lost with its host',
  released: 'Handed back',
} as const;

const tones = {
  running: 'info',
  succeeded: 'good',
  failed: 'warn',
  dead: 'bad',
  lost: 'warn',
  released: 'neutral',
} as const;

const jobColumns: Column<z.output<typeof Job>>[] = [
  {
    id: 'job',
    header: 'Job',
    grow: 1.2,
    cell: (row) => (
      <>
        <span className="mb-none">{row.service}</span> {row.job}
      </>
    ),
  },
  {
    id: 'summary',
    header: 'What it does',
    grow: 2,
    hide: 'narrow',
    cell: (row) => <span title={row.summary}>{row.summary}</span>,
  },
  {
    id: 'waiting',
    header: 'Waiting',
    align: 'right',
    width: 90,
    sort: 'local',
    value: (row) => row.waiting,
    cell: (row) => <Count value={row.waiting} />,
  },
  {
    id: 'later',
    header: 'Later',
    hint: 'To be started at a set time, or waiting for another try.',
    align: 'right',
    width: 80,
    sort: 'local',
    value: (row) => row.later,
    cell: (row) => <Count value={row.later} />,
  },
  {
    id: 'running',
    header: 'Running',
    align: 'right',
    width: 90,
    sort: 'local',
    value: (row) => row.running,
    cell: (row) => <Count value={row.running} />,
  },
  {
    id: 'dead',
    header: 'Given up',
    align: 'right',
    width: 96,
    sort: 'local',
    value: (row) => row.dead,
    cell: (row) =>
      row.dead > 0 ? <StatusBadge status="dead" label={String(row.dead)} /> : <Count value={0} />,
  },
  {
    id: 'age',
    header: 'Oldest',
    hint: 'How long the oldest has waited.',
    align: 'right',
    width: 120,
    cell: (row) => (row.waiting > 0 ? <Duration ms={row.age * 1000} /> : <span className="mb-none">–</span>),
  },
];

const scheduleColumns: Column<z.output<typeof Schedule>>[] = [
  {
    id: 'name',
    header: 'Schedule',
    cell: (row) => (
      <>
        <span className="mb-none">{row.service}</span> {row.name}
      </>
    ),
  },
  { id: 'job', header: 'Starts', cell: (row) => row.job },
  { id: 'cron', header: 'When', cell: (row) => <code style={{ fontSize: 12 }}>{row.cron}</code> },
  { id: 'zone', header: 'Zone', cell: (row) => row.zone },
  { id: 'next', header: 'Next', width: 150, cell: (row) => <When at={row.next} exact /> },
];

const runColumns: Column<z.output<typeof Run>>[] = [
  { id: 'startedAt', header: 'Started', width: 130, cell: (row) => <When at={row.startedAt} /> },
  {
    id: 'job',
    header: 'Job',
    cell: (row) => (
      <>
        <span className="mb-none">{row.service}</span> {row.job}
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 160,
    cell: (row) => <StatusBadge status={row.state} tone={tones[row.state]} label={words[row.state]} />,
  },
  {
    id: 'attempt',
    header: 'Attempt',
    align: 'right',
    width: 80,
    hide: 'narrow',
    cell: (row) => <Count value={row.attempt} />,
  },
  {
    id: 'took',
    header: 'Took',
    align: 'right',
    width: 110,
    cell: (row) =>
      row.endedAt ? (
        <Duration ms={Date.parse(row.endedAt) - Date.parse(row.startedAt)} />
      ) : row.progressTotal ? (
        <Percent value={(row.progressDone ?? 0) / row.progressTotal} />
      ) : (
        <span className="mb-none">–</span>
      ),
  },
  { id: 'counts', header: 'Result', grow: 2, cell: (row) => <Result {...row} /> },
];

function Result({ counts, error }: Pick<z.output<typeof Run>, 'counts' | 'error'>) {
  if (error) {
    return (
      <Hint label={error}>
        <span style={{ color: 'var(--mb-bad)' }}>{error}</span>
      </Hint>
    );
  }
  return Object.entries(counts ?? {}).map(([name, count], place) => (
    <span key={name}>
      {place > 0 && ' · '}
      <Count value={count} /> {name}
    </span>
  ));
}
