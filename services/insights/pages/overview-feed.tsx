/** What came in just now. */
import { Anchor } from '@mantine/core';
import { type Sale, salesApi } from '@moonbase/sales/api.ts';
import {
  EmptyState,
  ErrorState,
  Link,
  Money,
  Panel,
  StatusBadge,
  useLiveReload,
  useRead,
  When,
} from '@moonbase/ui';
import classes from './insights.module.css';
import { figureEvents } from './live-figures.ts';

export function LatestSales() {
  const sales = useRead(salesApi.listSales, { query: { limit: 8 } });
  useLiveReload(figureEvents, [salesApi.listSales]);
  return (
    <Panel
      title="Latest sales"
      flush
      actions={
        <Anchor component={Link} to="/sales" size="sm">
          All sales
        </Anchor>
      }
    >
      {sales.error && <ErrorState error={sales.error} onRetry={() => void sales.refetch()} />}
      {sales.data?.items.length === 0 && (
        <EmptyState title="No sales yet" text="They appear here as they are made." />
      )}
      <ul className={classes.feed} aria-live="off">
        {sales.data?.items.map((sale) => (
          <OneSale key={sale.saleId} sale={sale} />
        ))}
      </ul>
    </Panel>
  );
}

function OneSale({ sale }: { sale: Sale }) {
  return (
    <li>
      <Anchor component={Link} to={`/sales/${sale.saleId}`} inherit className={classes.name}>
        {sale.agents.map((agent) => agent.name).join(', ')}
      </Anchor>
      <Money value={sale.amount} currency={sale.currency} />
      <small className={classes.name}>
        {sale.product.name}, {sale.branch.name}
      </small>
      <small>
        {sale.status === 'recorded' ? <When at={sale.soldAt} /> : <StatusBadge status={sale.status} />}
      </small>
    </li>
  );
}
