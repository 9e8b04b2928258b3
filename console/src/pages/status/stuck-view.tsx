import { Button } from '@mantine/core';
import { type DeadJob, type Parked, systemApi } from '@moonbase/service/system-api';
import {
  type Column,
  ConfirmDialog,
  Count,
  DataTable,
  EmptyState,
  Panel,
  sourceOf,
  useAct,
  useCan,
  type useRead,
  When,
} from '@moonbase/ui';
import { IconMoodCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';

type Dead = z.output<typeof DeadJob>;
type Waiting = z.output<typeof Parked>;

/** What gave up and waits for somebody: dead jobs and parked events, to be tried again or let go. */
export function StuckView({
  dead,
  parked,
}: {
  dead: ReturnType<typeof useRead<typeof systemApi.listDeadJobs>>;
  parked: ReturnType<typeof useRead<typeof systemApi.listParked>>;
}) {
  const may = useCan('system:write');
  const [letting, setLetting] = useState<{ dead: Dead } | { parked: Waiting }>();
  const stale = [systemApi.listDeadJobs, systemApi.listParked, systemApi.readStatus, systemApi.listJobs];
  const replayJob = useAct(systemApi.replayDeadJob, { invalidates: stale, success: 'It is tried again' });
  const dropJob = useAct(systemApi.discardDeadJob, { invalidates: stale, success: 'Let go', quiet: true });
  const replayKey = useAct(systemApi.replayParked, {
    invalidates: stale,
    success: ({ handled, left }) =>
      left === 0 ? `${handled} handled` : `${handled} handled, ${left} still wait`,
  });
  const dropKey = useAct(systemApi.discardParked, { invalidates: stale, success: 'Let go', quiet: true });

  const letGo = async () => {
    if (letting && 'dead' in letting) await dropJob.mutateAsync({ params: { id: letting.dead.id } });
    else if (letting) await dropKey.mutateAsync({ body: keyOf(letting.parked) });
  };
  const actions = (again: () => void, let_: () => void): ReactNode =>
    may && (
      <span style={{ display: 'inline-flex', gap: 6 }}>
        <Button size="xs" variant="default" onClick={again}>
          Try again
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={let_}>
          Let go
        </Button>
      </span>
    );

  const deadColumns: Column<Dead>[] = [
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
      id: 'error',
      header: 'Last error',
      grow: 2.5,
      cell: (row) => <span title={row.error ?? ''}>{row.error}</span>,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      align: 'right',
      width: 90,
      cell: (row) => <Count value={row.attempts} />,
    },
    { id: 'diedAt', header: 'Given up', width: 130, cell: (row) => <When at={row.diedAt} /> },
    {
      id: 'act',
      header: '',
      width: may ? 180 : 16,
      align: 'right',
      cell: (row) =>
        actions(
          () => replayJob.mutate({ params: { id: row.id } }),
          () => setLetting({ dead: row }),
        ),
    },
  ];
  const parkedColumns: Column<Waiting>[] = [
    { id: 'consumer', header: 'Consumer', cell: (row) => row.consumer },
    {
      id: 'key',
      header: 'Key',
      cell: (row) => (
        <code style={{ fontSize: 12 }} title={row.key}>
          {row.key}
        </code>
      ),
    },
    { id: 'type', header: 'Event', cell: (row) => `${row.type} v${row.version}` },
    { id: 'error', header: 'Last error', grow: 2, cell: (row) => <span title={row.error}>{row.error}</span> },
    {
      id: 'behind',
      header: 'Behind it',
      hint: 'Later events of the key, which wait too.',
      align: 'right',
      width: 90,
      cell: (row) => <Count value={row.behind} />,
    },
    { id: 'parkedAt', header: 'Parked', width: 120, cell: (row) => <When at={row.parkedAt} /> },
    {
      id: 'act',
      header: '',
      width: may ? 180 : 16,
      align: 'right',
      cell: (row) =>
        actions(
          () => replayKey.mutate({ body: keyOf(row) }),
          () => setLetting({ parked: row }),
        ),
    },
  ];

  return (
    <>
      <Panel title="Jobs that gave up" description="Their retries are used up" flush>
        <DataTable
          bare
          label="Jobs that gave up"
          columns={deadColumns}
          source={sourceOf(dead, (answer) => answer.items)}
          rowId={(row) => row.id}
          empty={<EmptyState icon={IconMoodCheck} title="No job has given up" />}
        />
      </Panel>
      <Panel
        title="Parked events"
        description="A reaction failed on one; later events of the same key wait behind it"
        flush
      >
        <DataTable
          bare
          label="Parked events"
          columns={parkedColumns}
          source={sourceOf(parked, (answer) => answer.items)}
          rowId={(row) => `${row.consumer} ${row.key}`}
          empty={<EmptyState icon={IconMoodCheck} title="No event is parked" />}
        />
      </Panel>
      <ConfirmDialog
        opened={letting !== undefined}
        onClose={() => setLetting(undefined)}
        title={letting && 'dead' in letting ? 'Let this job go?' : 'Let this event go?'}
        confirmLabel="Let go"
        danger
        onConfirm={letGo}
      >
        {letting && 'dead' in letting
          ? 'It will not be done. Its runs stay in the history.'
          : 'This consumer will never handle it; what waits behind it is handled now. The event itself stays in the log.'}
      </ConfirmDialog>
    </>
  );
}

function keyOf({ consumer, key }: Waiting): { consumer: string; key: string } {
  return { consumer, key };
}
