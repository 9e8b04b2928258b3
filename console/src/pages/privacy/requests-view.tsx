/** Finding somebody, making an archive of their data or erasing it; and what was asked for so far. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type PrivacyRequest, privacyApi } from '@moonbase/service/privacy-api';
import {
  Bytes,
  type Column,
  ConfirmDialog,
  DataTable,
  EmptyState,
  Panel,
  StatusBadge,
  sourceOf,
  useAct,
  useCan,
  useRead,
  When,
  wordOf,
} from '@moonbase/ui';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';

type Request = z.output<typeof PrivacyRequest>;
type Subject = z.output<(typeof privacyApi.findSubjects.responses)[200]>['items'][number];

export function RequestsView() {
  const mayWrite = useCan('privacy:write');
  const requests = useRead(privacyApi.listRequests, {}, { refetchInterval: 4_000 });
  return (
    <Stack gap="lg">
      {mayWrite && <Find />}
      <DataTable
        label="Requests"
        columns={mayWrite ? [...columns, fetching] : columns}
        source={sourceOf(requests, (answer) => answer.items)}
        rowId={(row) => row.id}
        empty={<EmptyState title="Nobody has asked yet" text="Archives and erasures are listed here." />}
      />
    </Stack>
  );
}

function Find() {
  const [found, setFound] = useState<Subject[]>();
  const [erasing, setErasing] = useState<Subject | null>(null);
  const find = useAct(privacyApi.findSubjects, { onSuccess: ({ items }) => setFound(items) });
  const exporting = useAct(privacyApi.startExport, {
    invalidates: [privacyApi.listRequests],
    success: 'The archive is being made',
  });
  const erase = useAct(privacyApi.eraseSubjects, {
    invalidates: [privacyApi.listRequests],
    success: 'Erased in every copy',
    quiet: true,
    onSuccess: () => setFound(undefined),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const search = String(new FormData(event.currentTarget).get('search')).trim();
    if (search.length >= 2) find.mutate({ body: { search } });
  };
  return (
    <Panel
      title="Find somebody"
      description="People and agents by a part of their name; policyholders by the whole name or a policy number."
    >
      <form onSubmit={submit}>
        <Group align="end">
          <TextInput
            name="search"
            label="Name, email, code or policy number"
            style={{ flex: 1 }}
            minLength={2}
          />
          <Button type="submit" variant="default" loading={find.isPending}>
            Find
          </Button>
        </Group>
      </form>
      {found && (
        <DataTable
          bare
          label="Found"
          columns={foundColumns(
            (subject) => exporting.mutate({ body: { kind: subject.kind, id: subject.ids[0]! } }),
            setErasing,
          )}
          rows={found}
          rowId={(row) => `${row.kind} ${row.ids[0]}`}
          empty={<EmptyState title="Nobody of that name" text="Erased ones are found by their id only." />}
        />
      )}
      <ConfirmDialog
        opened={erasing !== null}
        onClose={() => setErasing(null)}
        title={`Erase ${erasing?.title}?`}
        confirmLabel="Erase"
        danger
        typed="erase"
        onConfirm={() => erase.mutateAsync({ body: { kind: erasing!.kind, ids: erasing!.ids } })}
      >
        {erasing?.kind === 'policyholder'
          ? `The name goes from ${erasing.detail}; the sales stay.`
          : 'Name, address and every text about them go from every table; figures stay, without a name.'}{' '}
        The key that reads the event log is deleted. This cannot be taken back.
      </ConfirmDialog>
    </Panel>
  );
}

function foundColumns(onExport: (row: Subject) => void, onErase: (row: Subject) => void): Column<Subject>[] {
  return [
    { id: 'title', header: 'Name', cell: (row) => row.title },
    { id: 'kind', header: 'Is', width: 120, cell: (row) => wordOf(row.kind) },
    { id: 'detail', header: 'Known by', cell: (row) => row.detail, hide: 'narrow' },
    {
      id: 'act',
      header: 'Action',
      align: 'right',
      width: 190,
      cell: (row) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={() => onExport(row)}>
            Archive
          </Button>
          <Button size="compact-sm" variant="default" color="red" onClick={() => onErase(row)}>
            Erase
          </Button>
        </Group>
      ),
    },
  ];
}

const columns: Column<Request>[] = [
  { id: 'kind', header: 'Request', width: 110, cell: (row) => wordOf(row.kind) },
  { id: 'whose', header: 'Of', width: 120, cell: (row) => wordOf(row.subjectKind) },
  {
    id: 'id',
    header: 'Id',
    grow: 2,
    cell: (row) => <code style={{ fontSize: 12 }}>{row.subjectId}</code>,
    hide: 'narrow',
  },
  { id: 'asked', header: 'Asked', width: 130, cell: (row) => <When at={row.askedAt} /> },
  { id: 'state', header: 'State', width: 110, cell: (row) => <StatusBadge status={row.state} /> },
];

const fetching: Column<Request> = {
  id: 'fetch',
  header: 'Archive',
  align: 'right',
  width: 170,
  cell: (row) =>
    row.kind === 'export' && row.state === 'ready' ? (
      <Button
        component="a"
        href={`/api/privacy/exports/${row.id}/file`}
        download
        size="compact-sm"
        variant="default"
      >
        Download&nbsp;
        <Bytes value={row.bytes ?? 0} />
      </Button>
    ) : null,
};
