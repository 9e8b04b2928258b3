/** Commission plans: what earns how much, for whom, from when. */
import { Button } from '@mantine/core';
import {
  type Column,
  DataTable,
  Day,
  EmptyState,
  type Formats,
  Page,
  StatusBadge,
  sourceOf,
  useCan,
  useFormats,
  useGo,
  useRead,
} from '@moonbase/ui';
import { commissionsApi } from '../api.ts';
import type { Plan } from '../schema.ts';
import { assignedTo, coverage, tierWords } from './plan-words.ts';

export default function PlansPage() {
  const plans = useRead(commissionsApi.listPlans);
  const mayWrite = useCan('commissions:write');
  const go = useGo();
  const formats = useFormats();
  const products = new Map((plans.data?.products ?? []).map(({ id, name }) => [id, name]));
  return (
    <Page
      title="Plans"
      description="Of several plans that cover a sale the most closely assigned one counts: agent, team, branch, everyone."
      actions={mayWrite && <Button onClick={() => go('/commissions/plans/new')}>Make a plan</Button>}
    >
      <DataTable
        label="Plans"
        columns={columnsOf(products, formats)}
        source={sourceOf(plans, (answer) => answer.items)}
        rowId={(row) => row.planId}
        href={(row) => `/commissions/plans/${row.planId}`}
        height="fill"
        empty={
          <EmptyState
            title="No plan yet"
            text="Commissions begin with the month of the first plan; sales of that month count from its first day."
          />
        }
      />
    </Page>
  );
}

export const currentOf = (plan: Plan) => plan.versions.find(({ version }) => version === plan.current)!;

function columnsOf(products: ReadonlyMap<string, string>, formats: Formats): Column<Plan>[] {
  return [
    { id: 'name', header: 'Name', min: 150, cell: (plan) => plan.name },
    {
      ...{ id: 'covers', header: 'Covers', min: 130, grow: 1 },
      cell: (plan) => coverage(currentOf(plan).definition, products),
    },
    {
      ...{ id: 'for', header: 'For', width: 120, hide: 'narrow' },
      cell: (plan) => assignedTo(currentOf(plan).definition),
    },
    {
      ...{ id: 'rates', header: 'Rates', min: 200, grow: 2 },
      cell: (plan) => tierWords(currentOf(plan).definition, formats),
    },
    {
      ...{ id: 'from', header: 'From', width: 170, hide: 'narrow' },
      cell: (plan) => (
        <>
          <Day value={plan.from} form="short" />
          {plan.to && (
            <>
              {' '}
              – <Day value={plan.to} form="short" />
            </>
          )}
        </>
      ),
    },
    { id: 'version', header: 'Version', align: 'right', width: 90, cell: (plan) => plan.current },
    {
      ...{ id: 'status', header: 'Status', width: 110 },
      cell: (plan) => (
        <StatusBadge
          status={plan.running ? 'running' : 'not running'}
          tone={plan.running ? 'good' : 'neutral'}
        />
      ),
    },
  ];
}
