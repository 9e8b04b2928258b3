/** Sales as they come in: found, filtered, opened beside the list, exported, recorded. */
import { Button, Drawer } from '@mantine/core';
import {
  type Column,
  Count,
  DataTable,
  EmptyState,
  FilterBar,
  Link,
  Money,
  Page,
  PersonAvatar,
  StatusBadge,
  useAddress,
  useCan,
  useLiveReload,
  usePeriod,
  useRead,
  useReadMore,
  useShortcut,
  When,
} from '@moonbase/ui';
import { IconDownload } from '@tabler/icons-react';
import { z } from 'zod';
import { salesApi } from '../api.ts';
import type { Sale } from '../schema.ts';
import { useReference } from './reference.ts';
import { SaleDetails, saleChanges } from './sale-details.tsx';
import { RecordSale } from './sale-forms.tsx';
import classes from './sales.module.css';

const Address = z.object({
  text: z.string().optional(),
  period: z.string().optional(),
  branchId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  productId: z.uuid().optional(),
  agentId: z.uuid().optional(),
  status: z.enum(['recorded', 'cancelled']).optional(),
  source: z.string().optional(),
  sale: z.uuid().optional(),
  new: z.string().optional(),
});
/** How long a sale is new: it is lit up as it slides in. */
const NEW = 6_000;

export default function SalesPage() {
  const [{ new: recording, sale: open, period, ...filters }, set] = useAddress(Address);
  const days = usePeriod(period, 'last-30-days');
  const query = { ...filters, from: days.from, to: days.to };
  const sales = useReadMore(salesApi.listSales, { query });
  useLiveReload(saleChanges, [salesApi.listSales, salesApi.totalSales], { after: 'sales.track-progress' });
  const mayWrite = useCan('sales:write');
  const { branches, teams, products } = useReference();
  useShortcut('r', 'Record a sale', () => mayWrite && set({ new: '1' }));
  const close = () => set({ sale: undefined });
  return (
    <Page
      title="Sales"
      actions={
        <>
          <Button
            component="a"
            href={`/api/sales/export?${addressOf(query)}`}
            download
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={15} />}
          >
            Export CSV
          </Button>
          {mayWrite && (
            <>
              <Button component={Link} to="/sales/upload" variant="default">
                Upload
              </Button>
              <Button onClick={() => set({ new: '1' })}>Record a sale</Button>
            </>
          )}
        </>
      }
    >
      <FilterBar
        value={{ ...filters, period }}
        onChange={set}
        filters={[
          { kind: 'search', key: 'text', label: 'Search', placeholder: 'Reference or policy number' },
          { kind: 'period', key: 'period', fallback: 'last-30-days' },
          { kind: 'select', key: 'branchId', label: 'Branch', options: branches },
          { kind: 'select', key: 'teamId', label: 'Team', options: teams },
          { kind: 'select', key: 'productId', label: 'Product', options: products },
          {
            kind: 'select',
            key: 'status',
            label: 'Status',
            options: [
              { value: 'recorded', label: 'Recorded' },
              { value: 'cancelled', label: 'Cancelled' },
            ],
          },
        ]}
      />
      <Totals query={query} />
      <DataTable
        label="Sales"
        columns={columns}
        source={sales}
        rowId={(sale) => sale.saleId}
        onOpen={(sale) => set({ sale: sale.saleId })}
        fresh={(sale) => Date.now() - Date.parse(sale.recordedAt) < NEW}
        height="fill"
        empty={
          <EmptyState
            title="No sales here"
            text="Change the filters or the period, record one, upload a file, or let a core system push them."
          />
        }
      />
      <Drawer opened={open !== undefined} onClose={close} position="right" size={520} title="Sale">
        {open && <SaleDetails id={open} onGone={close} />}
      </Drawer>
      <RecordSale opened={recording !== undefined} onClose={() => set({ new: undefined })} />
    </Page>
  );
}

function addressOf(query: Record<string, string | undefined>): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(set).toString();
}

/** What the filter finds, added up per currency. */
function Totals({ query }: { query: Record<string, string | undefined> }) {
  const totals = useRead(
    salesApi.totalSales,
    { query: query as object },
    { placeholderData: (before) => before },
  );
  return (
    <div className={classes.totals} aria-live="polite">
      {totals.data?.totals.map(({ currency, count, amount }) => (
        <span key={currency}>
          <strong>
            <Money value={amount} currency={currency} />
          </strong>{' '}
          in <Count value={count} /> {count === 1 ? 'sale' : 'sales'}
        </span>
      ))}
    </div>
  );
}

const columns: Column<Sale>[] = [
  { id: 'soldAt', header: 'Sold', width: 130, cell: (sale) => <When at={sale.soldAt} /> },
  {
    id: 'agent',
    header: 'Agent',
    min: 180,
    grow: 2,
    cell: (sale) => (
      <span className={classes.agent}>
        <PersonAvatar name={sale.agents[0]!.name} size="sm" />
        {sale.agents[0]!.name}
        {sale.agents.length > 1 && <span className={classes.quiet}>+{sale.agents.length - 1}</span>}
      </span>
    ),
  },
  { id: 'product', header: 'Product', min: 150, grow: 2, cell: (sale) => sale.product.name },
  { id: 'branch', header: 'Branch', min: 120, hide: 'narrow', cell: (sale) => sale.branch.name },
  { id: 'team', header: 'Team', min: 100, hide: 'narrow', cell: (sale) => sale.agents[0]!.team },
  { id: 'reference', header: 'Reference', min: 140, cell: (sale) => sale.reference },
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    width: 140,
    cell: (sale) => <Money value={sale.amount} currency={sale.currency} />,
  },
  { id: 'status', header: 'Status', width: 110, cell: (sale) => <StatusBadge status={sale.status} /> },
];
