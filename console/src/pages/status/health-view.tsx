import type { Consumer, SystemStatus, systemApi } from '@moonbase/service/system-api';
import {
  Bytes,
  type Column,
  Columns,
  Count,
  DataTable,
  Duration,
  ErrorState,
  Panel,
  Percent,
  StatCard,
  StatusBadge,
  type useRead,
} from '@moonbase/ui';
import type { z } from 'zod';
import classes from './health-view.module.css';

type Status = z.output<typeof SystemStatus>;
type Service = Status['services'][number];

/** Parts, services and consumers of the host that answers. */
export function HealthView({ status }: { status: ReturnType<typeof useRead<typeof systemApi.readStatus>> }) {
  const { data, isPending, error, refetch } = status;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const lag = data?.consumers.reduce((most, each) => Math.max(most, each.lag), 0);
  const parked = data?.consumers.reduce((sum, each) => sum + each.parked, 0);
  return (
    <>
      <Columns of={5} min={150}>
        <StatCard
          label="Longest lag"
          hint="Events that the slowest consumer has not worked off yet."
          loading={isPending}
          value={<Count value={lag} />}
          note={<>of {<Count value={data?.head} />} events</>}
        />
        <StatCard
          label="Parked keys"
          hint="Keys whose events wait because a reaction failed on one of them."
          loading={isPending}
          value={<Count value={parked} />}
          to="/status?view=stuck"
        />
        <StatCard
          label="Connections"
          hint="To the database: in use, of those that are open."
          loading={isPending}
          value={<Count value={data && data.connections.total - data.connections.idle} />}
          note={
            data && (
              <>
                of {data.connections.total}, {data.connections.waiting} waiting
              </>
            )
          }
        />
        <StatCard
          label="Event loop"
          hint="How late the host gets to what is due."
          loading={isPending}
          value={<Duration ms={data?.eventLoopLagMilliseconds} />}
          note="late"
        />
        <StatCard label="Memory" loading={isPending} value={<Bytes value={data?.memoryBytes} />} />
      </Columns>
      <Panel title="Parts" flush>
        <ul className={classes.checks}>
          {Object.entries(data?.checks ?? {}).map(([name, check]) => (
            <li key={name}>
              <StatusBadge status={check.ok ? 'ok' : 'down'} label={check.ok ? 'Works' : 'Down'} />
              <strong>{name}</strong>
              <span className={classes.told}>
                {check.ok ? <Duration ms={check.milliseconds} /> : check.error}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Columns split="3:2">
        <Panel title="Services" description="Since the host started" flush>
          <DataTable
            bare
            label="Services"
            columns={services}
            source={{ rows: data?.services ?? [], loading: isPending, error: null, retry: refetch }}
            rowId={(row) => row.name}
          />
        </Panel>
        <Panel title="Consumers" description="How far each has come in the log" flush>
          <DataTable
            bare
            label="Consumers"
            columns={consumers}
            source={{ rows: data?.consumers ?? [], loading: isPending, error: null, retry: refetch }}
            rowId={(row) => row.name}
          />
        </Panel>
      </Columns>
    </>
  );
}

const services: Column<Service>[] = [
  {
    id: 'title',
    header: 'Service',
    grow: 1.4,
    sort: 'local',
    value: (row) => row.title,
    cell: (row) => row.title,
  },
  {
    id: 'requests',
    header: 'Requests',
    align: 'right',
    sort: 'local',
    min: 90,
    value: (row) => row.requests,
    cell: (row) => <Count value={row.requests} />,
  },
  {
    id: 'errors',
    header: 'Errors',
    hint: 'Answers of 500 and above.',
    align: 'right',
    sort: 'local',
    min: 90,
    value: (row) => row.errors,
    cell: (row) =>
      row.errors === 0 ? (
        <Count value={0} />
      ) : (
        <span style={{ color: 'var(--mb-bad)' }}>
          <Count value={row.errors} /> (<Percent value={row.errors / Math.max(1, row.requests)} />)
        </span>
      ),
  },
  {
    id: 'p50',
    header: 'Median',
    align: 'right',
    sort: 'local',
    min: 90,
    value: (row) => row.p50Milliseconds,
    cell: (row) => <Duration ms={row.p50Milliseconds} />,
  },
  {
    id: 'p99',
    header: '99 %',
    hint: '99 of 100 requests were answered within this time.',
    align: 'right',
    sort: 'local',
    min: 90,
    value: (row) => row.p99Milliseconds,
    cell: (row) => <Duration ms={row.p99Milliseconds} />,
  },
];

const consumers: Column<z.output<typeof Consumer>>[] = [
  { id: 'name', header: 'Consumer', grow: 2, cell: (row) => row.name },
  {
    id: 'lag',
    header: 'Lag',
    align: 'right',
    sort: 'local',
    min: 70,
    value: (row) => row.lag,
    cell: (row) => <Count value={row.lag} />,
  },
  {
    id: 'parked',
    header: 'Parked',
    align: 'right',
    sort: 'local',
    min: 80,
    value: (row) => row.parked,
    cell: (row) =>
      row.parked > 0 ? <StatusBadge status="parked" label={String(row.parked)} /> : <Count value={0} />,
  },
];
