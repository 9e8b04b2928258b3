import { Button } from '@mantine/core';
import { ApiError, DataTable, EmptyState, Page, Panel, sourceOf, useRead } from '@moonbase/ui';
import { galleryApi } from '../api.ts';

const away = new ApiError({
  status: 0,
  code: 'unreachable',
  detail: 'The server cannot be reached.',
  remedy: 'Check your connection; it is tried again by itself.',
});

export default function States() {
  const broken = useRead(galleryApi.readBroken, undefined, { retry: false });
  const columns = [
    { id: 'a', header: 'Reference', cell: () => 'x' },
    { id: 'b', header: 'Amount', align: 'right' as const, cell: () => 'x' },
  ];
  return (
    <Page title="Rejected" crumbs={[{ title: 'Sales', to: '/sales' }]}>
      <DataTable
        label="Rejected sales"
        columns={columns}
        source={sourceOf(broken, () => [])}
        rowId={() => ''}
      />
      <DataTable
        label="Waiting sales"
        columns={columns}
        source={{ rows: [], loading: true, error: null, retry: () => undefined }}
        rowId={() => ''}
      />
      <DataTable
        label="Sales"
        columns={columns}
        rows={[]}
        rowId={() => ''}
        empty={
          <EmptyState
            title="Nothing was rejected"
            text="Sales that can't be taken in are listed here with the reason."
            action={
              <Button variant="default" size="xs">
                Upload sales
              </Button>
            }
          />
        }
      />
      <DataTable
        label="Lost"
        columns={columns}
        source={{ rows: [], loading: false, error: away, retry: () => undefined }}
        rowId={() => ''}
      />
      <Panel>
        <EmptyState title="No filters fit" />
      </Panel>
    </Page>
  );
}
