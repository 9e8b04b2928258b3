/** Sales that were not taken in: why, and what to do about each. */
import { ActionIcon, Button, Code, Drawer, Group, Menu, Stack, Text } from '@mantine/core';
import {
  type Column,
  DataTable,
  EmptyState,
  Facts,
  FilterBar,
  Page,
  StatusBadge,
  useAct,
  useAddress,
  useCan,
  useLiveReload,
  useReadMore,
  When,
} from '@moonbase/ui';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { salesApi } from '../api.ts';
import type { RejectedSale } from '../schema.ts';
import { saleChanges } from './sale-details.tsx';
import { MendSale } from './sale-forms.tsx';

const Address = z.object({
  status: z.enum(['rejected', 'waiting']).optional(),
  upload: z.uuid().optional(),
});
const invalidates = [salesApi.listRejectedSales, salesApi.listSales, salesApi.totalSales];

export default function RejectedPage() {
  const [filters, set] = useAddress(Address);
  const rejected = useReadMore(salesApi.listRejectedSales, { query: filters });
  // A sale that is taken in leaves the list; the list itself has no events.
  useLiveReload(
    [...saleChanges, 'agents.changed', 'products.changed', 'branches.changed'],
    [salesApi.listRejectedSales],
    {
      every: 2_000,
    },
  );
  const mayWrite = useCan('sales:write');
  const [mended, setMended] = useState<RejectedSale>();
  const [open, setOpen] = useState<RejectedSale>();
  const retry = useAct(salesApi.retryRejectedSale, { invalidates, success: 'Sale taken in' });
  const dismiss = useAct(salesApi.dismissRejectedSale, { invalidates, success: 'Dismissed' });
  const counts = rejected.first as { rejected: number; waiting: number } | undefined;
  const actions = (row: RejectedSale) => (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`What to do about ${row.reference ?? 'this row'}`}
          onClick={(event) => event.stopPropagation()}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        <Menu.Item onClick={() => setMended(row)}>Mend …</Menu.Item>
        <Menu.Item onClick={() => retry.mutate({ params: { id: row.id } })}>Try again as it is</Menu.Item>
        <Menu.Item color="red" onClick={() => dismiss.mutate({ params: { id: row.id } })}>
          Take off the list
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  return (
    <Page
      title="Rejected"
      crumbs={[{ title: 'Sales', to: '/sales' }]}
      description="Nothing is lost: what was not taken in is kept here, and tried again by itself when agents, products or branches change."
    >
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          {
            kind: 'select',
            key: 'status',
            label: 'Status',
            options: [
              { value: 'rejected', label: counts ? `Rejected (${counts.rejected})` : 'Rejected' },
              { value: 'waiting', label: counts ? `Waiting (${counts.waiting})` : 'Waiting' },
            ],
          },
        ]}
      />
      <DataTable
        label="Sales that were not taken in"
        columns={
          mayWrite
            ? [...columns, { id: 'do', header: '', width: 56, align: 'right', cell: actions }]
            : columns
        }
        source={rejected}
        rowId={(row) => row.id}
        onOpen={setOpen}
        height="fill"
        empty={
          <EmptyState
            title="Everything was taken in"
            text="Sales that are rejected or wait for an agent stand here."
          />
        }
      />
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size={480}
        title="Not taken in"
      >
        {open && (
          <Details rejected={open}>
            {mayWrite && (
              <Group gap="xs">
                <Button
                  onClick={() => {
                    setMended(open);
                    setOpen(undefined);
                  }}
                >
                  Mend
                </Button>
                <Button
                  variant="default"
                  loading={retry.isPending}
                  onClick={() =>
                    retry.mutate({ params: { id: open.id } }, { onSuccess: () => setOpen(undefined) })
                  }
                >
                  Try again as it is
                </Button>
              </Group>
            )}
          </Details>
        )}
      </Drawer>
      {mended && <MendSale key={mended.id} rejected={mended} onClose={() => setMended(undefined)} />}
    </Page>
  );
}

function Details({ rejected, children }: { rejected: RejectedSale; children: React.ReactNode }) {
  return (
    <Stack gap="md">
      <div>
        <Text fw={500}>{rejected.message}</Text>
        <Text c="dimmed" size="sm">
          {rejected.remedy}
        </Text>
      </div>
      <Facts
        rows={[
          ['Status', <StatusBadge key="status" status={rejected.status} />],
          ['Source', rejected.source],
          ['Reference', rejected.reference],
          ['Field', rejected.field],
          ['Line', rejected.line],
          ['Received', <When key="received" at={rejected.receivedAt} exact />],
          ['Last tried', <When key="tried" at={rejected.triedAt} />],
          ['Attempts', rejected.attempts],
        ]}
      />
      <Code block>{JSON.stringify(rejected.input, null, 2)}</Code>
      {children}
    </Stack>
  );
}

const columns: Column<RejectedSale>[] = [
  { id: 'receivedAt', header: 'Received', width: 130, cell: (row) => <When at={row.receivedAt} /> },
  { id: 'reference', header: 'Reference', min: 130, cell: (row) => row.reference ?? '–' },
  { id: 'source', header: 'Source', width: 110, hide: 'narrow', cell: (row) => row.source },
  { id: 'message', header: 'Why', min: 240, grow: 3, cell: (row) => row.message },
  { id: 'field', header: 'Field', width: 110, hide: 'narrow', cell: (row) => row.field },
  { id: 'status', header: 'Status', width: 110, cell: (row) => <StatusBadge status={row.status} /> },
];
