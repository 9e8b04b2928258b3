/** One target: how it stands, each of its periods, what was announced, how it was changed. */
import { Button, Skeleton, Space } from '@mantine/core';
import {
  type Column,
  Columns,
  ConfirmDialog,
  DataTable,
  Day,
  EmptyState,
  ErrorState,
  Facts,
  Page,
  Panel,
  Percent,
  ProgressToTarget,
  Timeline,
  useAct,
  useCan,
  useFormats,
  useGo,
  useLiveReload,
  usePathParams,
  useRead,
} from '@moonbase/ui';
import { useState } from 'react';
import { salesApi } from '../api.ts';
import type { Target, TargetProgress } from '../schema.ts';
import { useActorNames } from './reference.ts';
import { saleChanges } from './sale-details.tsx';
import { TargetForm } from './target-form.tsx';
import { formatOf, kindNames, nameOf, Standing, shareExpected } from './targets.tsx';

export default function TargetPage() {
  const { id = '' } = usePathParams();
  const go = useGo();
  const target = useRead(salesApi.getTarget, { params: { id } });
  useLiveReload(['targets.changed', 'targets.reached', ...saleChanges], [salesApi.getTarget], {
    after: 'sales.track-progress',
  });
  const mayWrite = useCan('targets:write');
  const [asked, setAsked] = useState<'change' | 'delete'>();
  const remove = useAct(salesApi.deleteTarget, {
    invalidates: [salesApi.listTargets],
    success: 'Target deleted',
  });
  const crumbs = [{ title: 'Targets', to: '/targets' }];
  if (target.error)
    return (
      <Page title="Target" crumbs={crumbs}>
        <ErrorState error={target.error} onRetry={() => void target.refetch()} />
      </Page>
    );
  if (!target.data)
    return (
      <Page title="Target" crumbs={crumbs}>
        <Skeleton height={240} />
      </Page>
    );
  const { periods, revisions, ...shown } = target.data;
  return (
    <Page
      title={nameOf(shown)}
      crumbs={crumbs}
      actions={
        mayWrite && (
          <>
            <Button variant="subtle" color="red" onClick={() => setAsked('delete')}>
              Delete
            </Button>
            <Button variant="default" onClick={() => setAsked('change')}>
              Change
            </Button>
          </>
        )
      }
    >
      <Columns split="2:1">
        <Now target={shown} />
        <Definition target={shown} />
      </Columns>
      <Columns split="2:1">
        <Panel title="Periods" flush>
          <DataTable
            label="Periods"
            columns={columnsOf(shown)}
            rows={periods}
            rowId={(period) => period.periodFrom}
            bare
            empty={<EmptyState title="Nothing was sold yet" />}
          />
        </Panel>
        <Revisions target={shown} revisions={revisions} />
      </Columns>
      <TargetForm target={shown} opened={asked === 'change'} onClose={() => setAsked(undefined)} />
      <ConfirmDialog
        opened={asked === 'delete'}
        onClose={() => setAsked(undefined)}
        title="Delete this target?"
        confirmLabel="Delete"
        danger
        onConfirm={async () => {
          await remove.mutateAsync({ params: { id } });
          go('/targets');
        }}
      >
        What it reached stays announced; it no longer counts sales.
      </ConfirmDialog>
    </Page>
  );
}

function Now({ target }: { target: Target }) {
  const { current } = target;
  return (
    <Panel
      title={
        <>
          <Day value={current.periodFrom} /> – {current.periodTo ? <Day value={current.periodTo} /> : 'open'}
        </>
      }
      actions={<Standing target={target} />}
    >
      <ProgressToTarget
        value={current.progress}
        target={target.value}
        format={formatOf(target)}
        pace={shareExpected(target, current.expected)}
        thresholds={target.thresholds}
      />
      <Space h="md" />
      <Timeline
        rows={current.reached.toReversed().map((reached) => ({
          id: String(reached.threshold),
          at: reached.at,
          title: `${reached.threshold} % reached`,
          detail: (
            <>
              On the sales of <Day value={reached.day} />
            </>
          ),
          tone: reached.threshold >= 100 ? 'good' : 'info',
        }))}
      />
    </Panel>
  );
}

const words = { month: 'Month', quarter: 'Quarter', year: 'Year', open: 'Open-ended' };

function Definition({ target }: { target: Target }) {
  const formats = useFormats();
  const { kind, from, to, repeats } = target.period;
  return (
    <Panel title="Target">
      <Facts
        rows={[
          ['Of', kindNames[target.subject.kind]],
          ['To reach', formats.value(target.value, formatOf(target))],
          ['Measured by', target.measure === 'amount' ? 'Amount sold' : 'Number of sales'],
          ['Period', repeats ? `Every ${kind}` : words[kind]],
          ['From', <Day key="from" value={from} />],
          ['To', to && <Day key="to" value={to} />],
          ['Announced at', target.thresholds.map((each) => `${each} %`).join(', ')],
        ]}
      />
    </Panel>
  );
}

function Revisions({
  target,
  revisions,
}: {
  target: Target;
  revisions: { revision: number; value: string; at: string; actor: string }[];
}) {
  const nameOfActor = useActorNames();
  const formats = useFormats();
  return (
    <Panel title="Revisions">
      <Timeline
        rows={revisions.map((row) => ({
          id: String(row.revision),
          at: row.at,
          title: `${row.revision === 1 ? 'Set' : 'Changed'}: ${formats.value(row.value, formatOf(target))}`,
          actor: nameOfActor(row.actor),
        }))}
      />
    </Panel>
  );
}

const columnsOf = (target: Target): Column<TargetProgress>[] => [
  { id: 'from', header: 'From', width: 120, cell: (period) => <Day value={period.periodFrom} /> },
  {
    id: 'progress',
    header: 'Progress',
    min: 300,
    grow: 3,
    cell: (period) => (
      <ProgressToTarget
        value={period.progress}
        target={target.value}
        format={formatOf(target)}
        label={`Progress from ${period.periodFrom}`}
      />
    ),
  },
  {
    id: 'pace',
    header: 'Pace',
    width: 80,
    align: 'right',
    hide: 'narrow',
    cell: (period) => period.pace !== null && <Percent value={period.pace} of={100} />,
  },
  {
    id: 'reached',
    header: 'Announced',
    width: 110,
    hide: 'narrow',
    cell: (period) => {
      const last = period.reached.at(-1);
      return last && `${last.threshold} %`;
    },
  },
  { id: 'standing', header: '', width: 110, cell: (period) => <Standing target={target} current={period} /> },
];
