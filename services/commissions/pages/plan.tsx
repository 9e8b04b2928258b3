/** One plan: what holds today, its versions and their days; makes one, and changes one from a day on. */
import { Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import {
  Columns,
  ConfirmDialog,
  Day,
  DayInput,
  EmptyState,
  ErrorState,
  Facts,
  Form,
  Page,
  Panel,
  StatusBadge,
  Timeline,
  todayIn,
  useAct,
  useAddress,
  useCan,
  useFormats,
  useGo,
  useOrganisation,
  usePathParams,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { day, type Plan, type PlanDefinition, planDefinition, text } from '../schema.ts';
import classes from './commissions.module.css';
import { emptyDefinition, PlanFields } from './plan-fields.tsx';
import { acceleratorWords, assignedTo, clawbackWords, coverage, tierFrom, tierWords } from './plan-words.ts';
import { currentOf } from './plans.tsx';
import { percent } from './words.ts';

const crumbs = [{ title: 'Plans', to: '/commissions/plans' }];
const read = [commissionsApi.listPlans, commissionsApi.readOverview, commissionsApi.listStatements];

export default function PlanPage() {
  const { id = '' } = usePathParams();
  const [address] = useAddress(z.object({ change: z.string().optional() }));
  const plans = useRead(commissionsApi.listPlans);
  if (id === 'new') return <NewPlan />;
  const plan = plans.data?.items.find(({ planId }) => planId === id);
  if (!plan)
    return (
      <Page title="Plan" crumbs={crumbs}>
        {plans.error && <ErrorState error={plans.error} onRetry={() => void plans.refetch()} />}
        {plans.data ? <EmptyState title="There is no such plan" /> : <Skeleton height={240} />}
      </Page>
    );
  if (address.change !== undefined) return <ChangePlan plan={plan} />;
  return <Shown plan={plan} products={new Map(plans.data?.products.map(({ id: of, name }) => [of, name]))} />;
}

function Shown({ plan, products }: { plan: Plan; products: ReadonlyMap<string, string> }) {
  const mayWrite = useCan('commissions:write');
  const go = useGo();
  const formats = useFormats();
  const [ending, setEnding] = useState(false);
  const end = useAct(commissionsApi.endPlan, { invalidates: read, success: 'Changed' });
  const { zone } = useOrganisation();
  const params = { id: plan.planId };
  const { definition } = currentOf(plan);
  return (
    <Page
      title={plan.name}
      crumbs={crumbs}
      mark={
        <StatusBadge
          status={plan.running ? 'running' : 'not running'}
          tone={plan.running ? 'good' : 'neutral'}
        />
      }
      actions={
        mayWrite && (
          <Group gap="xs">
            <Button variant="default" onClick={() => go(`/commissions/what-if?plan=${plan.planId}`)}>
              What if …
            </Button>
            {plan.to === null ? (
              <Button variant="default" onClick={() => setEnding(true)}>
                End it today
              </Button>
            ) : (
              <Button variant="default" onClick={() => end.mutate({ params, body: { to: null } })}>
                Let it go on
              </Button>
            )}
            <Button onClick={() => go(`/commissions/plans/${plan.planId}?change=1`)}>Change it</Button>
          </Group>
        )
      }
    >
      <Columns split="2:1">
        <Stack>
          <Panel title="Tiers" description={tierWords(definition, formats)} flush>
            <TierTable definition={definition} />
          </Panel>
          <Panel title="Versions">
            <Timeline
              rows={plan.versions.map((version) => ({
                id: String(version.version),
                at: version.createdAt,
                title: `Version ${version.version}: ${tierWords(version.definition, formats)}`,
                detail: (
                  <>
                    From <Day value={version.from} />
                    {version.note && ` · ${version.note}`}
                    {version.settledLines > 0 &&
                      ` · settled ${formats.count(version.settledLines)} shares of sales`}
                  </>
                ),
                tone: version.version === plan.current ? 'good' : 'info',
              }))}
            />
          </Panel>
        </Stack>
        <Panel title="What holds today">
          <Facts
            rows={[
              ['Covers', coverage(definition, products)],
              ['For', assignedTo(definition)],
              ['Currency', definition.currency ?? 'Any'],
              ['From', <Day key="from" value={plan.from} />],
              ['To', plan.to && <Day key="to" value={plan.to} />],
              ['Version', String(plan.current)],
              [
                'Accelerators',
                definition.accelerators.length === 0
                  ? 'None'
                  : definition.accelerators.map((each) => (
                      <div key={JSON.stringify(each)}>{acceleratorWords(each, definition, formats)}</div>
                    )),
              ],
              ['When a sale is cancelled', clawbackWords(definition, formats)],
            ]}
          />
        </Panel>
      </Columns>
      <ConfirmDialog
        opened={ending}
        onClose={() => setEnding(false)}
        title={`End “${plan.name}” today?`}
        confirmLabel="End it"
        danger
        onConfirm={() => end.mutateAsync({ params, body: { to: todayIn(zone) } })}
      >
        Sales of tomorrow no longer earn by it. What is closed stays.
      </ConfirmDialog>
    </Page>
  );
}

function TierTable({ definition }: { definition: PlanDefinition }) {
  const formats = useFormats();
  return (
    <table className={classes.lines}>
      <thead>
        <tr>
          <th scope="col">Tier</th>
          <th scope="col" className={classes.right}>
            {definition.measure === 'amount' ? 'From an amount of' : 'From a number of'}
          </th>
          <th scope="col" className={classes.right}>
            Rate
          </th>
        </tr>
      </thead>
      <tbody>
        {definition.tiers.map((tier, index) => (
          <tr key={tier.from}>
            <td>{index + 1}</td>
            <td className={`${classes.right} mb-number`}>{tierFrom(tier.from, definition, formats)}</td>
            <td className={`${classes.right} mb-number`}>{percent(tier.rate, formats)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const newFields = z.object({
  name: text(120),
  from: day,
  to: day.nullable().optional(),
  definition: planDefinition,
});

function NewPlan() {
  const go = useGo();
  const { currency, zone } = useOrganisation();
  const create = useAct(commissionsApi.createPlan, { invalidates: read, success: 'Plan made', quiet: true });
  const form = useZodForm(newFields, {
    initial: {
      ...{ name: '', from: `${todayIn(zone).slice(0, 7)}-01`, to: '' },
      definition: emptyDefinition(currency),
    },
    submit: ({ to, ...body }) => create.mutateAsync({ body: { ...body, to: to ?? null } }),
    onDone: ({ planId }) => go(`/commissions/plans/${planId}`),
  });
  return (
    <Page title="Make a plan" crumbs={crumbs} width="form">
      <Form form={form} submitLabel="Make the plan">
        <TextInput label="Name" required {...form.field('name')} />
        <Group grow align="start">
          <DayInput label="From" required {...form.field('from')} />
          <DayInput label="To" description="Until further notice if empty" clearable {...form.field('to')} />
        </Group>
        <PlanFields form={form} />
      </Form>
    </Page>
  );
}

const changeFields = z.object({ from: day, note: text(300).optional(), definition: planDefinition });

function ChangePlan({ plan }: { plan: Plan }) {
  const go = useGo();
  const { zone } = useOrganisation();
  const to = `/commissions/plans/${plan.planId}`;
  const change = useAct(commissionsApi.changePlan, {
    invalidates: read,
    success: 'Plan changed',
    quiet: true,
  });
  const today = todayIn(zone);
  const form = useZodForm(changeFields, {
    initial: {
      ...{ from: [today, plan.from].sort().at(-1)!, note: '' },
      definition: currentOf(plan).definition,
    },
    submit: ({ note, ...body }) =>
      change.mutateAsync({ params: { id: plan.planId }, body: { ...body, note: note ?? null } }),
    onDone: () => go(to),
  });
  return (
    <Page title={`Change “${plan.name}”`} crumbs={[...crumbs, { title: plan.name, to }]} width="form">
      <Form
        form={form}
        submitLabel={`Make version ${plan.versions.length + 1}`}
        secondary={
          <Button variant="default" onClick={() => go(to)}>
            Go back
          </Button>
        }
      >
        <DayInput
          label="Holds from"
          description="Sales of this day and later; closed statements stay as they are"
          required
          min={plan.from}
          {...form.field('from')}
        />
        <TextInput label="Why" {...form.field('note')} />
        <PlanFields form={form} />
      </Form>
    </Page>
  );
}
