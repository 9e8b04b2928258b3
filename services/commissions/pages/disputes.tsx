/** Disputes about statements: what waits for a decision, and what was decided. */
import {
  type Column,
  DataTable,
  EmptyState,
  FilterBar,
  Money,
  Page,
  StatusBadge,
  useAddress,
  useLiveReload,
  useReadMore,
  When,
} from '@moonbase/ui';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { type Dispute, disputeStatus } from '../schema.ts';
import { disputeTones, monthName, nameOf } from './words.ts';

const Address = z.object({ status: disputeStatus.optional(), statementId: z.string().optional() });

export default function DisputesPage() {
  const [address, set] = useAddress(Address);
  const disputes = useReadMore(commissionsApi.listDisputes, { query: address });
  useLiveReload(['commissions.dispute-raised', 'commissions.dispute-decided'], [commissionsApi.listDisputes]);
  return (
    <Page title="Disputes" description="Raise one on a statement, or on one of its lines.">
      <FilterBar
        value={address}
        onChange={set}
        filters={[
          {
            kind: 'select',
            key: 'status',
            label: 'Status',
            options: disputeStatus.options.map((value) => ({
              value,
              label: value.charAt(0).toUpperCase() + value.slice(1),
            })),
          },
        ]}
      />
      <DataTable
        label="Disputes"
        columns={columns}
        source={disputes}
        rowId={(row) => row.disputeId}
        href={(row) => `/commissions/disputes/${row.disputeId}`}
        height="fill"
        empty={
          <EmptyState
            title="No disputes"
            text="Whoever doubts a line opens it on the statement and raises a dispute there."
          />
        }
      />
    </Page>
  );
}

const columns: Column<Dispute>[] = [
  { id: 'agent', header: 'Agent', min: 150, grow: 1, cell: (row) => nameOf(row.agent) },
  { id: 'month', header: 'Statement', width: 150, cell: (row) => monthName(row.month) },
  {
    ...{ id: 'about', header: 'About', min: 130, hide: 'narrow' },
    cell: (row) => row.reference ?? (row.line === null ? 'The whole statement' : `Line ${row.line}`),
  },
  {
    ...{ id: 'expected', header: 'Expected', align: 'right', width: 130 },
    cell: (row) => <Money value={row.expected} currency={row.currency} />,
  },
  {
    ...{ id: 'adjustment', header: 'Adjusted by', align: 'right', width: 130, hide: 'narrow' },
    cell: (row) => <Money value={row.adjustment} currency={row.currency} />,
  },
  { id: 'raised', header: 'Raised', width: 120, hide: 'narrow', cell: (row) => <When at={row.raisedAt} /> },
  {
    ...{ id: 'status', header: 'Status', width: 110 },
    cell: (row) => <StatusBadge status={row.status} tone={disputeTones[row.status]} />,
  },
];
