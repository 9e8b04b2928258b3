/** Targets with their progress and pace, moving as sales come in. */
import { Button } from '@mantine/core';
import {
  type Column,
  DataTable,
  Day,
  EmptyState,
  FilterBar,
  Page,
  ProgressToTarget,
  StatusBadge,
  useAddress,
  useCan,
  useLiveReload,
  useReadMore,
} from '@moonbase/ui';
import { z } from 'zod';
import { salesApi } from '../api.ts';
import { subjectKinds, type Target } from '../schema.ts';
import { saleChanges } from './sale-details.tsx';
import classes from './sales.module.css';
import { TargetForm } from './target-form.tsx';

const Address = z.object({
  kind: z.enum(subjectKinds).optional(),
  periodKind: z.enum(['month', 'quarter', 'year', 'open']).optional(),
  new: z.string().optional(),
});

export default function TargetsPage() {
  const [{ new: setting, ...filters }, set] = useAddress(Address);
  const targets = useReadMore(salesApi.listTargets, { query: filters });
  useLiveReload(['targets.changed', 'targets.reached', ...saleChanges], [salesApi.listTargets], {
    after: 'sales.track-progress',
  });
  const mayWrite = useCan('targets:write');
  return (
    <Page
      title="Targets"
      actions={mayWrite && <Button onClick={() => set({ new: '1' })}>Set a target</Button>}
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          {
            kind: 'select',
            key: 'kind',
            label: 'Of',
            options: subjectKinds.map((value) => ({ value, label: kindNames[value] })),
          },
          {
            kind: 'select',
            key: 'periodKind',
            label: 'Period',
            options: Object.entries(periodNames).map(([value, label]) => ({ value, label })),
          },
        ]}
      />
      <DataTable
        label="Targets"
        columns={columns}
        source={targets}
        rowId={(target) => target.targetId}
        href={(target) => `/targets/${target.targetId}`}
        height="fill"
        empty={
          <EmptyState
            title="No targets"
            text="Set one for the company, a branch, a team, an agent or a product: sales that are there already count."
          />
        }
      />
      <TargetForm opened={setting !== undefined} onClose={() => set({ new: undefined })} />
    </Page>
  );
}

export const kindNames = {
  agent: 'Agent',
  team: 'Team',
  branch: 'Branch',
  product: 'Product',
  company: 'Company',
} as const;
const periodNames = { month: 'Month', quarter: 'Quarter', year: 'Year', open: 'Open-ended' } as const;

export function nameOf(target: Target): string {
  return target.subject.kind === 'company' ? 'Company' : (target.subjectName ?? 'Unknown');
}

export function formatOf(target: Target) {
  return target.measure === 'amount' && target.currency ? { money: target.currency } : ('count' as const);
}

/** Share of the value that an even pace would have brought by today. */
export function shareExpected(target: Target, expected: string | null): number | null {
  return expected === null ? null : Number(expected) / Number(target.value);
}

/** Ahead, just behind or behind, in the colours of the bar; reached, or missed when the period is over. */
export function Standing({
  target,
  current = target.current,
}: {
  target: Target;
  current?: Target['current'];
}) {
  if (current.percent >= 100) return <StatusBadge status="reached" tone="good" />;
  if (current.pace === null)
    return <StatusBadge status={current.periodTo === null ? 'open' : 'to come'} tone="neutral" />;
  if (Number(current.expected) >= Number(target.value)) return <StatusBadge status="missed" tone="bad" />;
  const points = current.percent - 100 * Number(shareExpected(target, current.expected));
  if (points >= 0) return <StatusBadge status="ahead" tone="good" />;
  if (points >= -10) return <StatusBadge status="close" tone="warn" />;
  return <StatusBadge status="behind" tone="bad" />;
}

const columns: Column<Target>[] = [
  { id: 'name', header: 'Of', min: 160, grow: 1, cell: nameOf },
  {
    id: 'kind',
    header: 'Kind',
    width: 100,
    hide: 'narrow',
    cell: (target) => <span className={classes.quiet}>{kindNames[target.subject.kind]}</span>,
  },
  {
    id: 'period',
    header: 'Period',
    width: 210,
    cell: ({ current }) => (
      <>
        <Day value={current.periodFrom} form="short" /> –{' '}
        {current.periodTo ? <Day value={current.periodTo} form="short" /> : 'open'}
      </>
    ),
  },
  {
    id: 'progress',
    header: 'Progress',
    min: 260,
    grow: 3,
    cell: (target) => (
      <div className={classes.target}>
        <ProgressToTarget
          value={target.current.progress}
          target={target.value}
          format={formatOf(target)}
          pace={shareExpected(target, target.current.expected)}
          thresholds={target.thresholds}
          label={`Progress of ${nameOf(target)}`}
        />
      </div>
    ),
  },
  { id: 'standing', header: 'Pace', width: 120, cell: (target) => <Standing target={target} /> },
];
