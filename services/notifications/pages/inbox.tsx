/** One's own notifications, live: read, go to what they are about, mark all as read. */
import { ActionIcon, Anchor, Button, Switch } from '@mantine/core';
import {
  EmptyState,
  ErrorState,
  Link,
  Page,
  Panel,
  useAct,
  useAddress,
  useCan,
  useLiveReload,
  useReadMore,
  When,
} from '@moonbase/ui';
import { IconCheck, IconMail } from '@tabler/icons-react';
import { z } from 'zod';
import { notificationsApi } from '../api.ts';
import type { message } from '../schema.ts';
import classes from './inbox.module.css';
import { MessageForm } from './message-form.tsx';
import { wordOfKind } from './words.ts';

type Message = z.infer<typeof message>;

const Address = z.object({ unread: z.enum(['true']).optional(), new: z.string().optional() });

export default function InboxPage() {
  const [{ unread, new: writing }, set] = useAddress(Address);
  const mayWrite = useCan('notifications:write');
  const inbox = useReadMore(notificationsApi.listInbox, { query: { unread } });
  useLiveReload(['notifications.changed'], [notificationsApi.listInbox]);
  const readAll = useAct(notificationsApi.markAllRead, { invalidates: [notificationsApi.listInbox] });
  const count = inbox.first?.unread ?? 0;
  return (
    <Page
      title="Notifications"
      description={count === 0 ? 'Everything is read.' : `${count} unread`}
      actions={
        <>
          <Button variant="default" disabled={count === 0} onClick={() => readAll.mutate({})}>
            Mark all as read
          </Button>
          {mayWrite && <Button onClick={() => set({ new: '1' })}>Write a message</Button>}
        </>
      }
    >
      <Switch
        label="Unread only"
        checked={unread === 'true'}
        onChange={(event) => set({ unread: event.currentTarget.checked ? 'true' : undefined })}
      />
      {inbox.error && <ErrorState error={inbox.error} onRetry={inbox.retry} />}
      {!inbox.loading && !inbox.error && inbox.rows.length === 0 && (
        <EmptyState
          title={unread ? 'Nothing unread' : 'Nothing yet'}
          text="Targets that are reached and messages arrive here by themselves."
        />
      )}
      {inbox.rows.length > 0 && (
        <Panel flush>
          <ul className={classes.list} aria-label="Notifications">
            {inbox.rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        </Panel>
      )}
      {inbox.more.available && (
        <Button variant="subtle" onClick={inbox.more.load} loading={inbox.more.loading}>
          Show earlier ones
        </Button>
      )}
      <MessageForm opened={writing !== undefined} onClose={() => set({ new: undefined })} />
    </Page>
  );
}

function Row({ row }: { row: Message }) {
  const mark = useAct(notificationsApi.markRead, { invalidates: [notificationsApi.listInbox] });
  const read = row.readAt !== null;
  const setRead = (to: boolean) => mark.mutate({ params: { id: row.id }, body: { read: to } });
  return (
    <li className={classes.row} data-unread={!read || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.text}>
        <span className={classes.subject}>
          {row.link ? (
            <Anchor component={Link} to={row.link} inherit c="inherit" onClick={() => !read && setRead(true)}>
              {row.subject || 'Erased'}
            </Anchor>
          ) : (
            row.subject || 'Erased'
          )}
          {!read && <span className="mb-hidden"> (unread)</span>}
        </span>
        <p className={classes.body}>{row.body}</p>
        <span className={classes.meta}>
          {wordOfKind(row.kind)} · <When at={row.at} />
        </span>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={read ? `Mark «${row.subject}» as unread` : `Mark «${row.subject}» as read`}
        onClick={() => setRead(!read)}
      >
        {read ? <IconMail size={16} /> : <IconCheck size={16} />}
      </ActionIcon>
    </li>
  );
}
