/** What needs attention: targets behind, sales that were not taken in, messages that failed, silent branches. */
import { Anchor } from '@mantine/core';
import { anomaliesApi } from '@moonbase/anomalies/api.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { EmptyState, Link, Panel, ProgressToTarget, useCan, useRead } from '@moonbase/ui';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './insights.module.css';
import type { Overview } from './overview-leaders.tsx';

/** Targets that are listed; the rest is on their page. */
const TARGETS = 4;

export function Attention({ overview }: { overview: Overview | undefined }) {
  const mayMend = useCan('sales:write');
  const rejected = useRead(
    salesApi.listRejectedSales,
    { query: { limit: 1 } },
    { enabled: mayMend, refetchInterval: 30_000 },
  );
  const unusual = useRead(
    anomaliesApi.countAnomalies,
    {},
    { enabled: useCan('anomalies:read'), refetchInterval: 30_000 },
  );
  if (!overview) return <Panel title="Needs attention" />;
  const { behind, failedNotifications, silentBranches } = overview.attention;
  const items: ReactNode[] = [];
  if (rejected.data && rejected.data.rejected > 0)
    items.push(
      <li key="rejected">
        <Anchor component={Link} to="/sales/rejected" inherit>
          {rejected.data.rejected} {rejected.data.rejected === 1 ? 'sale was' : 'sales were'} rejected
        </Anchor>
      </li>,
    );
  if (unusual.data && unusual.data.open > 0)
    items.push(
      <li key="unusual">
        <Anchor component={Link} to="/anomalies?status=open" inherit>
          {unusual.data.open} {unusual.data.open === 1 ? 'thing looks' : 'things look'} unusual
        </Anchor>
      </li>,
    );
  if (failedNotifications > 0)
    items.push(
      <li key="failed">
        <Anchor component={Link} to="/insights?group=notifications" inherit>
          {failedNotifications} {failedNotifications === 1 ? 'notification' : 'notifications'} of the last 7
          days failed
        </Anchor>
      </li>,
    );
  if (silentBranches.length > 0)
    items.push(
      <li key="silent">
        <span>No sale in 7 days: {silentBranches.map((branch) => branch.name).join(', ')}</span>
      </li>,
    );
  for (const target of behind.slice(0, TARGETS))
    items.push(
      <li key={target.targetId}>
        <Anchor component={Link} to={`/targets/${target.targetId}`} inherit>
          {target.name} is behind its target
        </Anchor>
        <ProgressToTarget
          value={target.total}
          target={target.value}
          format={{ money: overview.currency }}
          pace={target.pace}
          form="bar"
          label={`${target.name}, progress to target`}
        />
      </li>,
    );
  return (
    <Panel title="Needs attention">
      {items.length === 0 ? (
        <EmptyState icon={IconCircleCheck} title="Nothing" text="Targets are on pace, nothing failed." />
      ) : (
        <ul className={classes.attention}>{items}</ul>
      )}
    </Panel>
  );
}
