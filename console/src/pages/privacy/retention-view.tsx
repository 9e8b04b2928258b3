/** How long what is kept, and what would go tonight. */
import { Button, NumberInput } from '@mantine/core';
import { privacyApi, type RetentionRule } from '@moonbase/service/privacy-api';
import {
  type Column,
  Count,
  DataTable,
  FormDrawer,
  sourceOf,
  useAct,
  useCan,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';

type Rule = z.output<typeof RetentionRule>;

export function RetentionView() {
  const mayWrite = useCan('privacy:write');
  const [changing, setChanging] = useState<Rule | null>(null);
  const rules = useRead(privacyApi.readRetention);
  return (
    <>
      <DataTable
        label="Retention periods"
        columns={mayWrite ? [...columns, changeColumn(setChanging)] : columns}
        source={sourceOf(rules, (answer) => answer.items)}
        rowId={(row) => row.name}
      />
      {changing && <Change key={changing.name} rule={changing} onClose={() => setChanging(null)} />}
    </>
  );
}

function Change({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const set = useAct(privacyApi.setRetention, {
    invalidates: [privacyApi.readRetention],
    success: `${rule.title}: saved`,
    quiet: true,
  });
  const params = { rule: rule.name };
  const form = useZodForm(z.object({ days: z.number().int().min(1).max(36_500) }), {
    initial: { days: rule.days },
    submit: (body) => set.mutateAsync({ params, body }),
    onDone: onClose,
  });
  return (
    <FormDrawer title={rule.title} opened onClose={onClose} form={form} submitLabel="Save">
      <NumberInput
        label="Days"
        description={`As it came: ${rule.declared}. What is older goes in the night after this is saved.`}
        min={1}
        max={36_500}
        allowDecimal={false}
        {...form.field('days')}
      />
      {rule.days !== rule.declared && (
        <Button
          variant="default"
          onClick={() => set.mutate({ params, body: { days: null } }, { onSuccess: onClose })}
        >
          Back to {rule.declared} days
        </Button>
      )}
    </FormDrawer>
  );
}

const columns: Column<Rule>[] = [
  { id: 'title', header: 'What', grow: 2.4, cell: (row) => row.title },
  {
    id: 'days',
    header: 'Kept',
    width: 110,
    align: 'right',
    cell: (row) => `${row.days} ${row.days === 1 ? 'day' : 'days'}`,
  },
  { id: 'how', header: 'Then', width: 110, cell: (row) => (row.empties ? 'Emptied' : 'Deleted') },
  {
    id: 'go',
    header: 'Would go tonight',
    width: 150,
    align: 'right',
    cell: (row) => (row.wouldGo === null ? 'Not counted' : <Count value={row.wouldGo} />),
  },
];

const changeColumn = (onChange: (row: Rule) => void): Column<Rule> => ({
  id: 'change',
  header: 'Action',
  align: 'right',
  width: 100,
  cell: (row) => (
    <Button size="compact-sm" variant="default" onClick={() => onChange(row)}>
      Change
    </Button>
  ),
});
