/** Mails that stay here because no mail server is set. */
import { Drawer } from '@mantine/core';
import {
  type Column,
  DataTable,
  EmptyState,
  Facts,
  Page,
  useLiveReload,
  useReadMore,
  When,
} from '@moonbase/ui';
import { useState } from 'react';
import type { z } from 'zod';
import { notificationsApi } from '../api.ts';
import type { mail } from '../schema.ts';
import classes from './inbox.module.css';

type Mail = z.infer<typeof mail>;

export default function OutboxPage() {
  const [opened, setOpened] = useState<Mail | null>(null);
  const outbox = useReadMore(notificationsApi.listOutbox);
  useLiveReload(['notifications.changed'], [notificationsApi.listOutbox], { every: 1000 });
  return (
    <Page
      title="Outbox"
      description={
        outbox.first?.mailServer
          ? 'Mails go over the mail server; those kept here are from before it was set.'
          : 'No mail server is set (SMTP_URL): mails are kept here instead of being sent.'
      }
    >
      <DataTable
        label="Mails"
        columns={columns}
        source={outbox}
        rowId={(row) => row.id}
        onOpen={setOpened}
        height="fill"
        empty={<EmptyState title="No mails" text="Mails to agents and people appear here." />}
      />
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        title={opened?.subject}
        size={520}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && (
          <>
            <Facts
              rows={[
                ['To', opened.to],
                ['When', <When key="at" at={opened.at} exact />],
              ]}
            />
            <pre className={classes.mail}>{opened.text}</pre>
          </>
        )}
      </Drawer>
    </Page>
  );
}

const columns: Column<Mail>[] = [
  { id: 'at', header: 'When', width: 140, cell: (row) => <When at={row.at} /> },
  { id: 'to', header: 'To', min: 200, cell: (row) => row.to },
  { id: 'subject', header: 'Subject', min: 220, grow: 2, cell: (row) => row.subject },
];
