/** A draft of a plan on a month's real sales: what it would have cost, against the actual. */
import { Group, Select, Stack } from '@mantine/core';
import {
  type Column,
  Columns,
  DataTable,
  EmptyState,
  Form,
  Money,
  Panel,
  Percent,
  StatCard,
  useAct,
  useOrganisation,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { type Plan, planDefinition } from '../schema.ts';
import { fromUnits, toUnits } from './exact.ts';
import { emptyDefinition, PlanFields } from './plan-fields.tsx';
import { currentOf } from './plans.tsx';
import { monthName } from './words.ts';

type Answer = z.output<(typeof commissionsApi.tryPlan)['responses'][200]>;
type Row = { currency: string; actual: string; draft: string };

const fields = z.object({ month: z.string('Choose one.'), plan: z.string(), definition: planDefinition });

export function TryPlan({ plan: asked }: { plan: string | undefined }) {
  const { currency } = useOrganisation();
  const plans = useRead(commissionsApi.listPlans);
  const overview = useRead(commissionsApi.readOverview);
  const [answer, setAnswer] = useState<Answer>();
  const attempt = useAct(commissionsApi.tryPlan, { quiet: true });
  const form = useZodForm(fields, {
    initial: { month: '', plan: '', definition: emptyDefinition(currency) },
    submit: ({ month, plan, definition }) =>
      attempt.mutateAsync({ body: { month, planId: plan === 'none' ? null : plan, definition } }),
    onDone: setAnswer,
  });
  const items = plans.data?.items;
  const months = overview.data?.months;
  /** The plan as it is, for a start. */
  const begin = (planId: string) => {
    form.set('plan', planId);
    const chosen = items?.find((each) => each.planId === planId);
    if (chosen) form.set('definition', currentOf(chosen).definition);
  };
  // Once both are there, and only then: the last closed month, and the plan that was asked for.
  useEffect(() => {
    if (!items || !months) return;
    const most = items.toSorted((one, other) => tiersOf(other) - tiersOf(one))[0];
    begin(items.find(({ planId }) => planId === asked)?.planId ?? most?.planId ?? 'none');
    form.set('month', months.find(({ closed, paid }) => closed + paid > 0)?.month ?? months[0]?.month ?? '');
  }, [items === undefined, months === undefined]);
  if (months?.length === 0)
    return (
      <EmptyState title="No statement yet" text="A draft is tried on the sales of a month with statements." />
    );
  return (
    <Columns split="1:2">
      <Panel title="Draft">
        <Form form={form} submitLabel="Compute">
          <Group grow align="start">
            <Select
              label="On the sales of"
              allowDeselect={false}
              data={(months ?? []).map(({ month }) => ({ value: month, label: monthName(month) }))}
              {...form.field('month')}
            />
            <Select
              label="In the place of"
              allowDeselect={false}
              data={[
                ...(items ?? []).map(({ planId, name }) => ({ value: planId, label: name })),
                { value: 'none', label: 'None: beside them' },
              ]}
              {...form.field('plan')}
              onChange={(planId) => begin(planId ?? 'none')}
            />
          </Group>
          <PlanFields key={form.values.plan} form={form} />
        </Form>
      </Panel>
      {answer ? (
        <Outcome answer={answer} />
      ) : (
        <EmptyState
          title="Nothing tried yet"
          text="Change rates and tiers and compute: what the month would have cost stands here, against what it did."
        />
      )}
    </Columns>
  );
}

const tiersOf = (plan: Plan) => currentOf(plan).definition.tiers.length;

const difference = ({ actual, draft }: Row) => fromUnits(toUnits(draft) - toUnits(actual));
/** Only shown, never counted with. */
const change = (row: Row) => (Number(row.actual) === 0 ? null : Number(difference(row)) / Number(row.actual));

function Outcome({ answer }: { answer: Answer }) {
  return (
    <Stack>
      {answer.company.map((row) => (
        <Columns key={row.currency} of={3} min={170}>
          <StatCard
            label={`${monthName(answer.month)} cost`}
            value={<Money value={row.actual} currency={row.currency} />}
          />
          <StatCard label="It would have cost" value={<Money value={row.draft} currency={row.currency} />} />
          <StatCard
            label="Difference"
            value={<Money value={difference(row)} currency={row.currency} />}
            note={<Percent value={change(row)} digits={1} signed />}
          />
        </Columns>
      ))}
      <Panel title="Branches" flush>
        <DataTable
          label="Branches"
          bare
          columns={columnsOf<Answer['branches'][number]>('Branch', ({ name }) => name ?? 'Unknown')}
          rows={answer.branches}
          rowId={(row) => `${row.branchId} ${row.currency}`}
        />
      </Panel>
      <Panel title="Agents" flush>
        <DataTable
          label="Agents"
          bare
          columns={columnsOf<Answer['agents'][number]>('Agent', ({ name, code }) => name ?? code)}
          rows={answer.agents}
          rowId={(row) => `${row.agentId} ${row.currency}`}
          height={520}
        />
      </Panel>
    </Stack>
  );
}

function columnsOf<R extends Row>(header: string, name: (row: R) => string): Column<R>[] {
  return [
    { id: 'name', header, min: 140, grow: 1, cell: name, sort: 'local', value: name },
    {
      ...{ id: 'actual', header: 'Actual', align: 'right', width: 140, hide: 'narrow', sort: 'local' },
      cell: (row) => <Money value={row.actual} currency={row.currency} />,
      value: (row) => Number(row.actual),
    },
    {
      ...{ id: 'draft', header: 'Draft', align: 'right', width: 140, sort: 'local' },
      cell: (row) => <Money value={row.draft} currency={row.currency} />,
      value: (row) => Number(row.draft),
    },
    {
      ...{ id: 'difference', header: 'Difference', align: 'right', width: 140, sort: 'local' },
      cell: (row) => <Money value={difference(row)} currency={row.currency} />,
      value: (row) => Number(difference(row)),
    },
    {
      ...{ id: 'change', header: 'Change', align: 'right', width: 90, hide: 'narrow' },
      cell: (row) => <Percent value={change(row)} digits={1} signed />,
    },
  ];
}
