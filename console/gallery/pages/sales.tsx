import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import {
  type Column,
  ConfirmDialog,
  DataTable,
  DayInput,
  FilterBar,
  FormDrawer,
  Money,
  Page,
  StatusBadge,
  toast,
  useAct,
  useAddress,
  useLiveReload,
  useReadMore,
  useZodForm,
  When,
} from '@moonbase/ui';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { galleryApi, type Sale } from '../api.ts';
import { branches } from './made-up.ts';

const Filters = z.object({
  q: z.string().optional(),
  period: z.string().optional(),
  branch: z.string().optional(),
  product: z.union([z.string(), z.array(z.string())]).optional(),
  mine: z.string().optional(),
  new: z.string().optional(),
});

export default function Sales() {
  const [filters, setFilters] = useAddress(Filters);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const sales = useReadMore(galleryApi.listSales, { query: { q: filters.q, branch: filters.branch } });
  useLiveReload(['sales.corrected'], [galleryApi.listSales]);
  return (
    <Page
      title="Sales"
      tabs={[
        { title: 'All', to: '/sales' },
        { title: 'Rejected', to: '/sales/rejected', count: 12 },
      ]}
      actions={
        <>
          <Button variant="default" leftSection={<IconDownload size={15} />}>
            Export
          </Button>
          <Button leftSection={<IconPlus size={15} />} onClick={() => setFilters({ new: '1' })}>
            Record a sale
          </Button>
        </>
      }
    >
      <FilterBar
        value={filters}
        onChange={setFilters}
        filters={[
          { kind: 'search', key: 'q', label: 'Search', placeholder: 'Reference or policy' },
          { kind: 'period', key: 'period', fallback: 'last-30-days' },
          {
            kind: 'select',
            key: 'branch',
            label: 'Branch',
            options: branches.map((each) => ({ value: each, label: each })),
          },
          {
            kind: 'many',
            key: 'product',
            label: 'Product',
            options: ['Term Life', 'Family Health'].map((each) => ({ value: each, label: each })),
          },
          { kind: 'toggle', key: 'mine', label: 'Only mine' },
        ]}
      />
      <DataTable
        label="Sales"
        columns={columns}
        source={sales}
        rowId={(sale) => sale.id}
        onOpen={(sale) =>
          toast({ title: sale.reference, text: 'Opened from the table', undo: async () => undefined })
        }
        selected={selected}
        onSelect={setSelected}
        selectionActions={
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Cancel sales
          </Button>
        }
        height="fill"
        footer={`${sales.rows.length} shown`}
      />
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Cancel ${selected.size} sales?`}
        confirmLabel="Cancel sales"
        danger
        reason
        onConfirm={async () => setSelected(new Set())}
      >
        They stay in the list and count no more.
      </ConfirmDialog>
      <RecordSale opened={filters.new === '1'} onClose={() => setFilters({ new: undefined })} />
    </Page>
  );
}

function RecordSale({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const record = useAct(galleryApi.recordSale, { quiet: true, success: 'Sale recorded' });
  const form = useZodForm(galleryApi.recordSale.body, {
    initial: { reference: '', product: '', amount: '', day: '2026-11-20', note: '' },
    submit: (values) => record.mutateAsync({ body: values }),
    onDone: onClose,
  });
  return (
    <FormDrawer title="Record a sale" opened={opened} onClose={onClose} form={form} submitLabel="Record">
      <TextInput
        label="Reference"
        required
        description="Its number in the core system"
        {...form.field('reference')}
      />
      <Select label="Product" required data={['Term Life', 'Family Health']} {...form.field('product')} />
      <NumberInput
        label="Amount"
        required
        {...form.field('amount')}
        onChange={(value) => form.set('amount', String(value))}
      />
      <DayInput label="Day" {...form.field('day')} />
      <TextInput label="Note" {...form.field('note')} />
    </FormDrawer>
  );
}

const columns: Column<Sale>[] = [
  { id: 'reference', header: 'Reference', width: 130, cell: (sale) => sale.reference },
  { id: 'soldAt', header: 'When', width: 130, sort: true, cell: (sale) => <When at={sale.soldAt} /> },
  { id: 'agent', header: 'Agent', cell: (sale) => sale.agent },
  { id: 'branch', header: 'Branch', cell: (sale) => sale.branch, hide: 'narrow' },
  { id: 'product', header: 'Product', grow: 1.3, cell: (sale) => sale.product },
  {
    id: 'amount',
    header: 'Amount',
    align: 'right',
    width: 120,
    sort: true,
    cell: (sale) => <Money value={sale.amount} currency={sale.currency} />,
  },
  { id: 'status', header: 'Status', width: 120, cell: (sale) => <StatusBadge status={sale.status} /> },
];
