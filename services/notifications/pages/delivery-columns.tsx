/** A notification as a row for operators. */
import { type Column, StatusBadge, When } from '@moonbase/ui';
import type { Delivery } from '../schema.ts';
import { channelWords, wordOfKind } from './words.ts';

const common: Column<Delivery>[] = [
  { id: 'at', header: 'Made', width: 130, cell: (row) => <When at={row.createdAt} /> },
  { id: 'recipient', header: 'To', min: 150, cell: (row) => row.recipient },
  { id: 'subject', header: 'Subject', min: 200, grow: 2, cell: (row) => row.subject || 'Erased' },
  { id: 'kind', header: 'About', min: 130, hide: 'narrow', cell: (row) => wordOfKind(row.kind) },
  { id: 'channel', header: 'Channel', width: 130, cell: (row) => channelWords[row.channel] },
  {
    id: 'attempts',
    header: 'Attempts',
    width: 90,
    align: 'right',
    hide: 'narrow',
    cell: (row) => row.attempts,
  },
];

export const deliveryColumns: Column<Delivery>[] = [
  ...common,
  { id: 'status', header: 'Status', width: 110, cell: (row) => <StatusBadge status={row.status} /> },
];

export const failureColumns: Column<Delivery>[] = [
  ...common,
  { id: 'error', header: 'What went wrong', min: 240, grow: 2, cell: (row) => row.lastError },
];
