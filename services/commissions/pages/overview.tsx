/** A month's commissions: what they come to, who earned them, and whether it is closed. */
import { Anchor, Button, Group, Progress, Select, Text } from '@mantine/core';
import {
  type Column,
  Columns,
  ConfirmDialog,
  Count,
  DataTable,
  EmptyState,
  ErrorState,
  Link,
  Money,
  Page,
  Panel,
  Percent,
  StatCard,
  StatusBadge,
  useAct,
  useAddress,
  useCan,
  useGo,
  useLiveReload,
  useRead,
  useReadMore,
  useViewer,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import type { Overview, StatementSummary } from '../schema.ts';
import classes from './commissions.module.css';
import { monthName, nameOf, statusTones } from './words.ts';

const Address = z.object({
  month: z.string().optional(),
  agentId: z.string().optional(),
  branchId: z.string().optional(),
  status: z.enum(['open', 'closed', 'paid']).optional(),
});
const events = ['sales.recorded', 'sales.corrected', 'sales.cancelled', 'sales.deleted', 'targets.reached'];
const read = [commissionsApi.readOverview, commissionsApi.listStatements];

export default function CommissionsPage() {
  const [address, set] = useAddress(Address);
  const all = address.month === 'all' || (!address.month && address.agentId !== undefined);
  const overview = useRead(
    commissionsApi.readOverview,
    { query: { month: all ? undefined : address.month } },
    {
      placeholderData: (before) => before,
      refetchInterval: (query) =>
        query.state.data?.months.some(({ closing }) => closing && !closing.endedAt) ? 1_000 : 30_000,
    },
  );
  useLiveReload([...events, 'commissions.statement-closed'], read, {
    after: 'commissions.shares',
    every: 2_000,
  });
  const { data } = overview;
  if (overview.error)
    return (
      <Page title="Commissions">
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      </Page>
    );
  if (data && data.month === null) return <Nothing plans={data.plans} />;
  const month = data?.months.find((each) => each.month === data.month);
  return (
    <Page
      title="Commissions"
      actions={
        <Group gap="xs">
          <Select
            aria-label="Month"
            w={190}
            allowDeselect={false}
            value={all ? 'all' : (data?.month ?? null)}
            onChange={(value) => set({ month: value ?? undefined })}
            data={[
              ...(data?.months ?? []).map((each) => ({ value: each.month, label: monthName(each.month) })),
              { value: 'all', label: 'All months' },
            ]}
          />
          {!all && data && month && <MonthActions overview={data} month={month} />}
        </Group>
      }
    >
      {!all && month?.closing && !month.closing.endedAt && (
        <Panel title={`Closing ${monthName(month.month)}`}>
          <Progress
            aria-label="Agents closed"
            value={month.closing.total === 0 ? 0 : (100 * month.closing.done) / month.closing.total}
          />
          <Text size="sm" mt={6} c="dimmed">
            {month.closing.done} of {month.closing.total} agents
          </Text>
        </Panel>
      )}
      {!all && <Totals overview={data} month={month} />}
      {!all && (data?.branches.length ?? 0) > 1 && (
        <Branches overview={data!} onPick={(branchId) => set({ branchId })} />
      )}
      <Statements address={address} all={all} month={data?.month ?? undefined} set={set} />
    </Page>
  );
}

function Nothing({ plans }: { plans: number }) {
  const mayWrite = useCan('commissions:write');
  const go = useGo();
  return (
    <Page title="Commissions">
      <EmptyState
        title={plans === 0 ? 'No commissions yet' : 'No statement yet'}
        text={
          plans === 0
            ? 'They begin with the month of the first plan: then every agent who sells has a statement each month.'
            : 'A statement appears with the first sale of a month.'
        }
        action={
          mayWrite && plans === 0 && <Button onClick={() => go('/commissions/plans/new')}>Make a plan</Button>
        }
      />
    </Page>
  );
}

type Month = Overview['months'][number];

function MonthActions({ overview, month }: { overview: Overview; month: Month }) {
  const mayWrite = useCan('commissions:write');
  const [asked, setAsked] = useState<'close' | 'pay'>();
  const close = useAct(commissionsApi.closeMonth, { invalidates: read, success: 'Closing has begun' });
  const pay = useAct(commissionsApi.payMonth, { invalidates: read, success: 'Marked as paid' });
  if (!mayWrite) return null;
  const params = { month: month.month };
  const name = monthName(month.month);
  const running = month.closing !== null && month.closing.endedAt === null;
  return (
    <>
      {overview.over && month.open > 0 && !running && (
        <Button onClick={() => setAsked('close')}>Close {name}</Button>
      )}
      {month.closed > 0 && (
        <Button variant="default" onClick={() => setAsked('pay')}>
          Mark as paid
        </Button>
      )}
      <ConfirmDialog
        opened={asked === 'close'}
        onClose={() => setAsked(undefined)}
        title={`Close ${name}?`}
        confirmLabel="Close for everyone"
        onConfirm={() => close.mutateAsync({ params })}
      >
        {month.open} open statements get their numbers and are frozen, with those of earlier months. What
        turns out wrong afterwards is a line of the next statement.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'pay'}
        onClose={() => setAsked(undefined)}
        title={`Mark ${name} as paid?`}
        confirmLabel="Mark as paid"
        onConfirm={() => pay.mutateAsync({ params })}
      >
        {month.closed} closed statements are marked as paid. This cannot be taken back.
      </ConfirmDialog>
    </>
  );
}

/** Only shown, never counted with. */
const ratio = (part: string, whole: string) => (Number(whole) === 0 ? null : Number(part) / Number(whole));

function Totals({ overview, month }: { overview: Overview | undefined; month: Month | undefined }) {
  const first = overview?.totals[0];
  const loading = !overview;
  const statements = month ? month.open + month.closed + month.paid : 0;
  return (
    <>
      <Columns of={4} min={190}>
        <StatCard
          label="Commission"
          loading={loading}
          value={<Money value={first?.commission ?? '0'} currency={first?.currency} />}
          note={
            first && (
              <>
                of <Money value={first.sold} currency={first.currency} compact /> sold
              </>
            )
          }
        />
        <StatCard
          label="Cost ratio"
          loading={loading}
          value={<Percent value={first ? ratio(first.commission, first.sold) : null} digits={2} />}
          hint="Commission in per cent of what was sold"
        />
        <StatCard
          label="Taken back and adjusted"
          loading={loading}
          value={<Money value={first?.clawedBack ?? '0'} currency={first?.currency} />}
          note={
            first && (
              <>
                adjusted by <Money value={first.adjusted} currency={first.currency} />
              </>
            )
          }
        />
        <StatCard
          label="Statements"
          loading={loading}
          value={<Count value={statements} />}
          note={month && [`${month.open} open`, `${month.closed} closed`, `${month.paid} paid`].join(', ')}
        />
      </Columns>
      {overview?.totals.slice(1).map((other) => (
        <Text key={other.currency} size="sm" c="dimmed">
          Besides <Money value={other.commission} currency={other.currency} /> in {other.currency}, of{' '}
          <Money value={other.sold} currency={other.currency} /> sold
        </Text>
      ))}
      {(overview?.openDisputes ?? 0) > 0 && (
        <Text size="sm">
          <Anchor component={Link} to="/commissions/disputes?status=open" inherit>
            {overview!.openDisputes === 1
              ? 'One dispute is open'
              : `${overview!.openDisputes} disputes are open`}
          </Anchor>
        </Text>
      )}
    </>
  );
}

function Branches({ overview, onPick }: { overview: Overview; onPick: (branchId: string) => void }) {
  type Row = Overview['branches'][number];
  const columns: Column<Row>[] = [
    { id: 'name', header: 'Branch', min: 150, grow: 1, cell: (row) => row.name ?? 'Unknown' },
    {
      id: 'agents',
      header: 'Agents',
      align: 'right',
      width: 90,
      cell: (row) => <Count value={row.agents} />,
    },
    {
      ...{ id: 'sold', header: 'Sold', align: 'right', width: 150, hide: 'narrow' },
      cell: (row) => <Money value={row.sold} currency={row.currency} />,
    },
    {
      ...{ id: 'back', header: 'Taken back', align: 'right', width: 130, hide: 'narrow' },
      cell: (row) => <Money value={row.clawedBack} currency={row.currency} />,
    },
    {
      ...{ id: 'commission', header: 'Commission', align: 'right', width: 150 },
      cell: (row) => <Money value={row.commission} currency={row.currency} />,
    },
    {
      ...{ id: 'ratio', header: 'Cost ratio', align: 'right', width: 100 },
      cell: (row) => <Percent value={ratio(row.commission, row.sold)} digits={2} />,
    },
  ];
  return (
    <Panel title="Branches" flush>
      <DataTable
        label="Branches"
        bare
        columns={columns}
        rows={overview.branches}
        rowId={(row) => `${row.branchId} ${row.currency}`}
        onOpen={(row) => onPick(row.branchId)}
      />
    </Panel>
  );
}

function Statements(props: {
  address: z.output<typeof Address>;
  all: boolean;
  month: string | undefined;
  set: (values: Partial<z.output<typeof Address>>) => void;
}) {
  const { address, all, month, set } = props;
  const viewer = useViewer();
  const { agentId, branchId, status } = address;
  const statements = useReadMore(
    commissionsApi.listStatements,
    { query: { month: all ? undefined : month, agentId, branchId, status } },
    { enabled: all || month !== undefined },
  );
  const filtered = agentId ?? branchId ?? status;
  return (
    <Panel
      title="Statements"
      flush
      actions={
        <Group gap="xs">
          {filtered && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => set({ agentId: undefined, branchId: undefined, status: undefined })}
            >
              Show all
            </Button>
          )}
          {viewer.agentId && agentId !== viewer.agentId && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => set({ agentId: viewer.agentId ?? undefined, month: 'all' })}
            >
              My statements
            </Button>
          )}
        </Group>
      }
    >
      <DataTable
        label="Statements"
        bare
        columns={columnsOf(all)}
        source={statements}
        rowId={(row) => row.statementId}
        href={(row) => `/commissions/statements/${row.statementId}`}
        empty={<EmptyState title="No statements" text="Nobody has sold anything that fits." />}
      />
    </Panel>
  );
}

function columnsOf(all: boolean): Column<StatementSummary>[] {
  const money = (of: 'sold' | 'clawedBack' | 'commission') => (row: StatementSummary) =>
    row.totals.map((total) => (
      <div key={total.currency}>
        <Money value={total[of]} currency={total.currency} />
      </div>
    ));
  return [
    {
      ...{ id: 'agent', header: 'Agent', min: 170, grow: 1 },
      cell: (row) => (
        <>
          {nameOf(row.agent)} <span className={classes.quiet}>{row.agent.code}</span>
        </>
      ),
    },
    ...(all
      ? [{ id: 'month', header: 'Month', width: 150, cell: (row: StatementSummary) => monthName(row.month) }]
      : []),
    { id: 'branch', header: 'Branch', width: 140, hide: 'narrow', cell: (row) => row.agent.branch ?? '–' },
    { id: 'sold', header: 'Sold', align: 'right', width: 150, hide: 'narrow', cell: money('sold') },
    {
      id: 'back',
      header: 'Taken back',
      align: 'right',
      width: 130,
      hide: 'narrow',
      cell: money('clawedBack'),
    },
    { id: 'commission', header: 'Commission', align: 'right', width: 150, cell: money('commission') },
    {
      ...{ id: 'status', header: 'Status', width: 110 },
      cell: (row) => <StatusBadge status={row.status} tone={statusTones[row.status]} />,
    },
  ];
}
