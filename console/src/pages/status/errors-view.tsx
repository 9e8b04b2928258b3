import { type RecentError, systemApi } from '@moonbase/service/system-api';
import { type Column, CopyButton, DataTable, EmptyState, sourceOf, useRead, When } from '@moonbase/ui';
import { IconMoodCheck } from '@tabler/icons-react';
import type { z } from 'zod';

/** What went wrong lately. */
export function ErrorsView() {
  const errors = useRead(systemApi.listErrors, {}, { refetchInterval: 5_000 });
  return (
    <DataTable
      label="Recent errors"
      columns={columns}
      source={sourceOf(errors, (answer) => answer.items)}
      rowId={(row) => `${row.at} ${row.where} ${row.requestId}`}
      height="fill"
      empty={<EmptyState icon={IconMoodCheck} title="Nothing went wrong lately" />}
    />
  );
}

const columns: Column<z.output<typeof RecentError>>[] = [
  { id: 'at', header: 'When', width: 130, cell: (row) => <When at={row.at} /> },
  { id: 'service', header: 'Service', width: 120, cell: (row) => row.service },
  { id: 'where', header: 'Where', grow: 1.2, cell: (row) => <span title={row.where}>{row.where}</span> },
  { id: 'code', header: 'Code', cell: (row) => <code style={{ fontSize: 12 }}>{row.code}</code> },
  { id: 'message', header: 'What', grow: 2.4, cell: (row) => <span title={row.message}>{row.message}</span> },
  {
    id: 'requestId',
    header: 'Request',
    width: 90,
    cell: (row) =>
      row.requestId ? (
        <CopyButton value={row.requestId} label={`Copy the request's id ${row.requestId}`} />
      ) : (
        <span className="mb-none">–</span>
      ),
  },
];
