/** The warehouse in SQL: an editor, the answer, saved and shared queries, and the names that can be asked. */
import { Button, Group, Kbd, Select, Skeleton, Switch, Text, TextInput } from '@mantine/core';
import {
  ConfirmDialog,
  FormDrawer,
  Page,
  Panel,
  useAct,
  useAddress,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { IconDeviceFloppy, IconPlayerPlay } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { z } from 'zod';
import { insightsApi, type SavedQuery } from '../api.ts';
import classes from './insights.module.css';
import { QueryResult } from './query-result.tsx';
import { SavedQueries, ViewList } from './sql-lists.tsx';

const Editor = lazy(() => import('./sql-editor.tsx'));

const Address = z.object({ query: z.string().optional() });

const EXAMPLE = `-- Sales of the last 30 days by product
SELECT p.name, count(*) AS sales, sum(s.amount) AS total, s.currency
FROM sales s JOIN products p ON p.id = s.product_id
WHERE s.day > current_date - 30
GROUP BY ALL
ORDER BY total DESC`;

export default function SqlPage() {
  const [address, set] = useAddress(Address);
  const saved = useRead(insightsApi.listQueries);
  const catalogue = useRead(insightsApi.readCatalogue, {}, { staleTime: 300_000 });
  const [sql, setSql] = useState(EXAMPLE);
  const [rows, setRows] = useState('1000');
  const [saving, setSaving] = useState<'new' | 'own'>();
  const [deleting, setDeleting] = useState(false);
  const run = useAct(insightsApi.runQuery, { quiet: true });
  const open = saved.data?.items.find((each) => each.id === address.query);
  // Another query was opened: what it says replaces what stands there; its own later saves don't.
  useEffect(() => {
    if (open) setSql(open.sql);
  }, [open?.id]);
  const start = () => run.mutate({ body: { sql, rows: Number(rows) } });
  const remove = useAct(insightsApi.deleteQuery, {
    invalidates: [insightsApi.listQueries],
    success: 'Query deleted',
  });
  return (
    <Page
      title="SQL"
      mark={open && <Text c="dimmed">{open.title}</Text>}
      description="Reads the warehouse: every event, and views over them. It cannot change anything."
    >
      <div className={classes.sql}>
        <Panel flush>
          <div className={classes.editor}>
            <Suspense fallback={<Skeleton height={220} />}>
              <Editor value={sql} onChange={setSql} onRun={start} views={catalogue.data?.views} />
            </Suspense>
          </div>
          <div className={classes.bar}>
            <Button leftSection={<IconPlayerPlay size={15} />} onClick={start} loading={run.isPending}>
              Run
            </Button>
            <Text size="xs" c="dimmed" visibleFrom="sm">
              <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
            </Text>
            <Select
              aria-label="Most rows"
              w={120}
              allowDeselect={false}
              data={['100', '1000', '10000'].map((value) => ({
                value,
                label: `${Number(value).toLocaleString()} rows`,
              }))}
              value={rows}
              onChange={(value) => setRows(value ?? '1000')}
            />
            <Group gap={8}>
              {open?.mine && (
                <>
                  <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
                    Delete
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconDeviceFloppy size={15} />}
                    onClick={() => setSaving('own')}
                  >
                    Save
                  </Button>
                </>
              )}
              <Button variant="default" onClick={() => setSaving('new')}>
                {open ? 'Save as new' : 'Save'}
              </Button>
            </Group>
          </div>
          <QueryResult sql={sql} result={run.data} error={run.error} running={run.isPending} />
        </Panel>
        <div className={classes.stack}>
          <SavedQueries source={saved} open={open} onOpen={(query) => set({ query: query.id })} />
          <ViewList
            views={catalogue.data?.views}
            onPick={(view) => {
              set({ query: undefined });
              setSql(`SELECT *\nFROM ${view}\nLIMIT 100`);
            }}
          />
        </div>
      </div>
      <SaveDrawer
        opened={saving !== undefined}
        onClose={() => setSaving(undefined)}
        sql={sql}
        query={saving === 'own' ? open : undefined}
        onSaved={(query) => set({ query: query.id })}
      />
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title="Delete this query?"
        confirmLabel="Delete"
        danger
        onConfirm={async () => {
          if (open) await remove.mutateAsync({ params: { id: open.id } });
          set({ query: undefined });
        }}
      >
        «{open?.title}» is gone for everyone it was shared with.
      </ConfirmDialog>
    </Page>
  );
}

const Saving = z.object({ title: z.string().min(1, 'Give it a name').max(120), shared: z.boolean() });

function SaveDrawer(props: {
  opened: boolean;
  onClose: () => void;
  sql: string;
  query: SavedQuery | undefined;
  onSaved: (query: SavedQuery) => void;
}) {
  const { onClose, onSaved, opened, query, sql } = props;
  const options = { invalidates: [insightsApi.listQueries], success: 'Query saved', quiet: true } as const;
  const create = useAct(insightsApi.createQuery, options);
  const change = useAct(insightsApi.changeQuery, options);
  const initial = { title: query?.title ?? '', shared: query?.shared ?? false };
  const form = useZodForm(Saving, {
    initial,
    submit: async (values) => {
      const body = { ...values, sql };
      onSaved(
        query
          ? await change.mutateAsync({
              params: { id: query.id },
              body: { ...body, revision: query.revision },
            })
          : await create.mutateAsync({ body }),
      );
    },
    onDone: onClose,
  });
  // What is opened decides, not the values made from it.
  useEffect(() => form.reset(initial), [query?.id, opened]);
  return (
    <FormDrawer
      title={query ? 'Save the query' : 'Save as a new query'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Save"
    >
      <TextInput label="Name" required {...form.field('title')} />
      <Switch
        label="Shared"
        description="Everyone who may query can open and run it"
        {...form.field('shared', 'checkbox')}
      />
    </FormDrawer>
  );
}
