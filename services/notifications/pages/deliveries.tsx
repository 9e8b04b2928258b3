/** All notifications: what was told to whom, over which channel, and how it went. */
import {
  Columns,
  Count,
  DataTable,
  EmptyState,
  FilterBar,
  Page,
  StatCard,
  useAddress,
  useLiveReload,
  useRead,
  useReadMore,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { notificationsApi } from '../api.ts';
import { channel, type Delivery, kind, status } from '../schema.ts';
import { deliveryColumns } from './delivery-columns.tsx';
import { DeliveryDrawer } from './delivery-drawer.tsx';
import { channelWords, kindWords, optionsOf } from './words.ts';

const Address = z.object({
  status: status.optional(),
  channel: channel.optional(),
  kind: kind.optional(),
  agent: z.uuid().optional(),
});

export default function DeliveriesPage() {
  const [filters, set] = useAddress(Address);
  const [opened, setOpened] = useState<Delivery | null>(null);
  const deliveries = useReadMore(notificationsApi.listDeliveries, { query: filters });
  const counts = useRead(notificationsApi.countDeliveries);
  useLiveReload(
    ['notifications.changed'],
    [notificationsApi.listDeliveries, notificationsApi.countDeliveries],
    { every: 1000 },
  );
  return (
    <Page title="Deliveries">
      <Columns of={3} min={150}>
        <StatCard
          label="Sent"
          value={<Count value={counts.data?.SENT ?? 0} />}
          loading={counts.isPending}
          to="/notifications/deliveries?status=SENT"
        />
        <StatCard
          label="Pending"
          value={<Count value={counts.data?.PENDING ?? 0} />}
          loading={counts.isPending}
          to="/notifications/deliveries?status=PENDING"
        />
        <StatCard
          label="Failed"
          value={<Count value={counts.data?.FAILED ?? 0} />}
          loading={counts.isPending}
          to="/notifications/failed"
        />
      </Columns>
      <FilterBar
        value={filters}
        onChange={set}
        filters={[
          {
            kind: 'select',
            key: 'status',
            label: 'Status',
            options: optionsOf({ PENDING: 'Pending', SENT: 'Sent', FAILED: 'Failed' }),
          },
          { kind: 'select', key: 'channel', label: 'Channel', options: optionsOf(channelWords) },
          { kind: 'select', key: 'kind', label: 'About', options: optionsOf(kindWords) },
        ]}
      />
      <DataTable
        label="Deliveries"
        columns={deliveryColumns}
        source={deliveries}
        rowId={(row) => row.id}
        onOpen={setOpened}
        height="fill"
        empty={<EmptyState title="Nothing here" text="No notification fits these filters." />}
      />
      <DeliveryDrawer delivery={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
