/** So much more of a product this month: what it would bring an agent. */
import { NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { agentsApi } from '@moonbase/agents/api.ts';
import {
  Columns,
  EmptyState,
  Form,
  Money,
  Panel,
  StatCard,
  useAct,
  useCan,
  useOrganisation,
  useRead,
  useViewer,
  useZodForm,
} from '@moonbase/ui';
import { useState } from 'react';
import type { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { LineTable } from './line-table.tsx';
import { monthName } from './words.ts';

const fields = commissionsApi.trySales.body;
type Answer = z.output<(typeof commissionsApi.trySales)['responses'][200]>;

export function TrySales() {
  const viewer = useViewer();
  const { currency } = useOrganisation();
  const plans = useRead(commissionsApi.listPlans);
  const products = plans.data?.products ?? [];
  const [answer, setAnswer] = useState<Answer>();
  const attempt = useAct(commissionsApi.trySales, { quiet: true });
  const form = useZodForm(fields, {
    initial: { agentId: viewer.agentId ?? '', productId: '', amount: '', currency, sales: 1 },
    submit: (body) => attempt.mutateAsync({ body }),
    onDone: setAnswer,
  });
  if (plans.data?.items.length === 0)
    return <EmptyState title="No plan yet" text="What sales bring can be tried once there is a plan." />;
  return (
    <Columns split="1:2">
      <Panel title="If I sold">
        <Form form={form} submitLabel="Compute">
          {viewer.agentId === null && <AgentField form={form} />}
          <Select
            label="Product"
            required
            searchable
            data={products.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.field('productId')}
          />
          <NumberInput
            label="Number of sales"
            min={1}
            max={500}
            allowDecimal={false}
            {...form.field('sales')}
          />
          <TextInput
            label="Amount of each"
            description={form.values.currency}
            required
            inputMode="decimal"
            {...form.field('amount')}
          />
        </Form>
      </Panel>
      {answer ? (
        <Outcome answer={answer} currency={form.values.currency} products={products} />
      ) : (
        <EmptyState
          title="Nothing tried yet"
          text="It is computed on this month’s real sales: tiers, accelerators and all."
        />
      )}
    </Columns>
  );
}

function AgentField({ form }: { form: { field: (path: string) => object } }) {
  const [search, setSearch] = useState('');
  const found = useRead(
    agentsApi.listAgents,
    { query: { search: search.replace(/ · .*$/, '') || undefined, limit: 20 } },
    { enabled: useCan('agents:read'), staleTime: 60_000, placeholderData: (before) => before },
  );
  return (
    <Select
      label="Agent"
      required
      searchable
      onSearchChange={setSearch}
      filter={({ options }) => options}
      data={(found.data?.items ?? []).map(({ id, code, firstName, lastName }) => ({
        value: id,
        label: `${[firstName, lastName].filter(Boolean).join(' ') || 'Erased'} · ${code}`,
      }))}
      {...form.field('agentId')}
    />
  );
}

function Outcome(props: {
  answer: Answer;
  currency: string;
  products: readonly { id: string; name: string }[];
}) {
  const { answer, currency, products } = props;
  const of = (totals: Answer['before']) =>
    totals.find((each) => each.currency === currency)?.commission ?? '0';
  return (
    <Stack>
      <Columns of={3} min={170}>
        <StatCard label="More" value={<Money value={answer.more} currency={currency} />} />
        <StatCard
          label={`${monthName(answer.month)} now`}
          value={<Money value={of(answer.before)} currency={currency} />}
        />
        <StatCard label="It would be" value={<Money value={of(answer.after)} currency={currency} />} />
      </Columns>
      <Panel
        title="How the new lines would be computed"
        flush
        description="A tier that is reached can raise other lines as well: hence “more” may exceed their sum."
      >
        <LineTable
          lines={answer.lines.map((line) => ({ ...line, saleId: null }))}
          plans={answer.plans}
          products={Object.fromEntries(products.map(({ id, name }) => [id, name]))}
        />
      </Panel>
      <Text size="sm" c="dimmed">
        As if sold today. Nothing was kept.
      </Text>
    </Stack>
  );
}
