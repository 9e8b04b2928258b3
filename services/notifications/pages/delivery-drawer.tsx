/** One notification with its text, its attempts and its last error. */
import { Button, Drawer, Stack } from '@mantine/core';
import { CopyButton, Facts, StatusBadge, useAct, When } from '@moonbase/ui';
import { notificationsApi } from '../api.ts';
import type { Delivery } from '../schema.ts';
import classes from './inbox.module.css';
import { channelWords, wordOfKind } from './words.ts';

export function DeliveryDrawer({ delivery, onClose }: { delivery: Delivery | null; onClose: () => void }) {
  return (
    <Drawer
      opened={delivery !== null}
      onClose={onClose}
      title={delivery?.subject || 'Notification'}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {delivery && <Content delivery={delivery} onClose={onClose} />}
    </Drawer>
  );
}

function Content({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const retry = useAct(notificationsApi.retry, {
    invalidates: [notificationsApi.listDeliveries, notificationsApi.countDeliveries],
    success: 'It goes out again',
    onSuccess: onClose,
  });
  return (
    <Stack>
      <Facts
        rows={[
          ['Status', <StatusBadge key="status" status={delivery.status} />],
          ['To', delivery.recipient],
          ['Channel', channelWords[delivery.channel]],
          ['About', wordOfKind(delivery.kind)],
          ['Made', <When key="made" at={delivery.createdAt} exact />],
          ['Sent', delivery.sentAt && <When at={delivery.sentAt} exact />],
          ['Read', delivery.readAt && <When at={delivery.readAt} exact />],
          ['Attempts', delivery.attempts],
          ['Last error', delivery.lastError],
          [
            'Cause',
            <span key="cause">
              {delivery.cause} <CopyButton value={delivery.cause} />
            </span>,
          ],
        ]}
      />
      <div className={classes.preview}>{delivery.body}</div>
      {delivery.status === 'FAILED' && (
        <Button
          variant="default"
          loading={retry.isPending}
          onClick={() => retry.mutate({ params: { id: delivery.id } })}
        >
          Deliver again
        </Button>
      )}
    </Stack>
  );
}
