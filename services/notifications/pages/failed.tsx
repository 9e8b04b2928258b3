/** What could not be delivered: seen, and sent again, one or all. */
import { Button } from '@mantine/core';
import { ConfirmDialog, DataTable, EmptyState, Page, useAct, useLiveReload, useReadMore } from '@moonbase/ui';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { notificationsApi } from '../api.ts';
import type { Delivery } from '../schema.ts';
import { failureColumns } from './delivery-columns.tsx';
import { DeliveryDrawer } from './delivery-drawer.tsx';

export default function FailedPage() {
  const [opened, setOpened] = useState<Delivery | null>(null);
  const [asking, setAsking] = useState(false);
  const failed = useReadMore(notificationsApi.listDeliveries, { query: { status: 'FAILED' } });
  useLiveReload(['notifications.changed'], [notificationsApi.listDeliveries], { every: 1000 });
  const retryAll = useAct(notificationsApi.retryFailed, {
    invalidates: [notificationsApi.listDeliveries, notificationsApi.countDeliveries],
    success: ({ retried }) => (retried === 1 ? 'One goes out again' : `${retried} go out again`),
    quiet: true,
  });
  return (
    <Page
      title="Dead letters"
      description="Notifications that could not be delivered: nine attempts over about an hour, or a receiver that refused for good."
      actions={
        failed.rows.length > 0 && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Deliver all again
          </Button>
        )
      }
    >
      <DataTable
        label="Dead letters"
        columns={failureColumns}
        source={failed}
        rowId={(row) => row.id}
        onOpen={setOpened}
        height="fill"
        empty={
          <EmptyState
            title="Nothing failed"
            text="Every notification is delivered or on its way."
            icon={IconCircleCheck}
          />
        }
      />
      <DeliveryDrawer delivery={opened} onClose={() => setOpened(null)} />
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Deliver all again?"
        confirmLabel="Deliver again"
        onConfirm={() => retryAll.mutateAsync({})}
      >
        Each gets all its attempts anew. Receivers know them by their id, should one have arrived after all.
      </ConfirmDialog>
    </Page>
  );
}
