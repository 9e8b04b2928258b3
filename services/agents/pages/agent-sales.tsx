/** How an agent does: targets with progress, and the last sales. Both come from the sales service. */
import { Anchor } from '@mantine/core';

import { type Sale, salesApi, type Target } from '@moonbase/sales/api.ts';
import {
  type Column,
  DataTable,
  Day,
  EmptyState,
  ErrorState,
  Link,
  Money,
  Panel,
  ProgressToTarget,
  StatusBadge,
  useLiveReload,
  useRead,
  useReadMore,
  When,
} from '@moonbase/ui';
import classes from './agent.module.css';

export function AgentTargets({ agentId }: { agentId: string }) {
  const targets = useRead(salesApi.listTargets, { query: { kind: 'agent', subjectId: agentId, limit: 20 } });
  useLiveReload(
    ['targets.changed', 'sales.recorded', 'sales.corrected', 'sales.cancelled', 'sales.deleted'],
    [salesApi.listTargets],
    { after: 'sales.track-progress' },
  );
  return (
    <Panel title="Targets">
      {targets.error && <ErrorState error={targets.error} onRetry={() => void targets.refetch()} />}
      {targets.data?.items.length === 0 && (
        <EmptyState title="No target" text="Set one on the Targets page to see progress here." />
      )}
      <div className={classes.targets}>
        {targets.data?.items.map((target) => (
          <OneTarget key={target.targetId} target={target} />
        ))}
      </div>
    </Panel>
  );
}

function OneTarget({ target }: { target: Target }) {
  const { current, value, measure, currency, thresholds } = target;
  const expected = current.expected === null ? null : Number(current.expected) / Number(value);
  return (
    <div className={classes.target}>
      <span className={classes.period}>
        <Anchor component={Link} to={`/targets/${target.targetId}`} inherit>
          <Day value={current.periodFrom} />
          {current.periodTo ? (
            <>
              {' '}
              to <Day value={current.periodTo} />
            </>
          ) : (
            ' on'
          )}
        </Anchor>
      </span>
      <ProgressToTarget
        value={current.progress}
        target={value}
        format={measure === 'amount' && currency ? { money: currency } : 'count'}
        pace={expected}
        thresholds={thresholds}
      />
    </div>
  );
}

export function AgentSales({ agentId }: { agentId: string }) {
  const sales = useReadMore(salesApi.listSales, { query: { agentId, limit: 10 } });
  useLiveReload(
    ['sales.recorded', 'sales.corrected', 'sales.cancelled', 'sales.deleted'],
    [salesApi.listSales],
  );
  return (
    <Panel
      title="Sales"
      flush
      actions={
        <Anchor component={Link} to={`/sales?agentId=${agentId}`} size="sm">
          All sales
        </Anchor>
      }
    >
      <DataTable
        label="Sales of this agent"
        columns={columns}
        source={sales}
        rowId={(sale) => sale.saleId}
        href={(sale) => `/sales/${sale.saleId}`}
        bare
        empty={<EmptyState title="No sales yet" />}
      />
    </Panel>
  );
}

const columns: Column<Sale>[] = [
  { id: 'soldAt', header: 'Sold', width: 130, cell: (sale) => <When at={sale.soldAt} /> },
  { id: 'product', header: 'Product', min: 140, cell: (sale) => sale.product.name },
  { id: 'reference', header: 'Reference', min: 110, hide: 'narrow', cell: (sale) => sale.reference },
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    width: 140,
    cell: (sale) => <Money value={sale.amount} currency={sale.currency} />,
  },
  { id: 'status', header: 'Status', width: 110, cell: (sale) => <StatusBadge status={sale.status} /> },
];
