/** Sets a target, or changes one. */
import { Group, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { DayInput, FormDrawer, todayIn, useAct, useOrganisation, useZodForm } from '@moonbase/ui';
import { useEffect } from 'react';
import { z } from 'zod';
import { salesApi } from '../api.ts';
import { decimal, subjectKinds, type Target, type TargetInput, targetInput } from '../schema.ts';
import { AgentSelect } from './agent-select.tsx';
import { useReference } from './reference.ts';

const required = 'This is needed.';

const targetFields = z
  .object({
    kind: z.enum(subjectKinds),
    subjectId: z.string().optional(),
    period: targetInput.shape.period.shape.kind,
    from: z.iso.date(required),
    repeats: z.boolean(),
    measure: targetInput.shape.measure,
    value: decimal,
    currency: z.string().optional(),
    thresholds: z.array(z.string().regex(/^\d{1,4}(\.\d+)?$/, 'Per cents, as 80.')).min(1, 'One at least.'),
  })
  .refine(({ kind, subjectId }) => kind === 'company' || subjectId, {
    path: ['subjectId'],
    message: required,
  })
  .transform(
    ({ kind, subjectId, period, from, repeats, thresholds, measure, currency, value }): TargetInput => ({
      subject: { kind, id: kind === 'company' ? null : (subjectId ?? null) },
      period: { kind: period, from, repeats: period !== 'open' && repeats },
      ...{ measure, value, currency: measure === 'amount' ? (currency ?? null) : null, reference: null },
      thresholds: thresholds.map(Number),
    }),
  );

const kinds = [
  { value: 'company', label: 'The company' },
  { value: 'branch', label: 'A branch' },
  { value: 'team', label: 'A team' },
  { value: 'agent', label: 'An agent' },
  { value: 'product', label: 'A product' },
];
const periods = [
  { value: 'month', label: 'A month' },
  { value: 'quarter', label: 'A quarter' },
  { value: 'year', label: 'A year' },
  { value: 'open', label: 'Open-ended' },
];

export function TargetForm({
  target,
  opened,
  onClose,
}: {
  target?: Target;
  opened: boolean;
  onClose: () => void;
}) {
  const { currency, zone } = useOrganisation();
  const invalidates = [salesApi.listTargets, salesApi.getTarget];
  const create = useAct(salesApi.createTarget, { invalidates, success: 'Target set', quiet: true });
  const change = useAct(salesApi.changeTarget, { invalidates, success: 'Target changed', quiet: true });
  const initial = () => (target ? valuesOf(target) : blank(currency, todayIn(zone)));
  const form = useZodForm(targetFields, {
    initial: initial(),
    submit: (body) =>
      target ? change.mutateAsync({ params: { id: target.targetId }, body }) : create.mutateAsync({ body }),
    onDone: onClose,
  });
  // Anew whenever it is opened, and only then.
  useEffect(() => form.reset(initial()), [opened]);
  const { kind, measure, period } = form.values;
  const reference = useReference();
  const subjects = { branch: reference.branches, team: reference.teams, product: reference.products };
  return (
    <FormDrawer
      title={target ? 'Change the target' : 'Set a target'}
      lead={
        target
          ? 'It becomes a new revision: progress is counted anew, and thresholds are announced anew.'
          : 'Sales that are there already count.'
      }
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel={target ? 'Change' : 'Set'}
    >
      <Select label="Of" required data={kinds} allowDeselect={false} {...form.field('kind')} />
      {kind === 'agent' && (
        <AgentSelect
          label="Agent"
          required
          by="id"
          name={target?.subjectName ?? undefined}
          {...form.field('subjectId')}
        />
      )}
      {(kind === 'branch' || kind === 'team' || kind === 'product') && (
        <Select
          label={kinds
            .find((each) => each.value === kind)!
            .label.replace('A ', '')
            .replace(/^./, (c) => c.toUpperCase())}
          required
          searchable
          data={subjects[kind] ?? []}
          {...form.field('subjectId')}
        />
      )}
      <Group grow align="start">
        <Select label="For" required data={periods} allowDeselect={false} {...form.field('period')} />
        <DayInput
          label={period === 'open' ? 'From' : 'Beginning with that of'}
          required
          {...form.field('from')}
        />
      </Group>
      {period !== 'open' && <Switch label={`Again every ${period}`} {...form.field('repeats', 'checkbox')} />}
      <Select
        label="Measured by"
        required
        allowDeselect={false}
        data={[
          { value: 'amount', label: 'Amount sold' },
          { value: 'count', label: 'Number of sales' },
        ]}
        {...form.field('measure')}
      />
      <Group grow align="start">
        <TextInput label="To reach" required inputMode="decimal" {...form.field('value')} />
        {measure === 'amount' && <TextInput label="Currency" required {...form.field('currency')} />}
      </Group>
      <TagsInput label="Announced at" description="Per cent of the target" {...form.field('thresholds')} />
    </FormDrawer>
  );
}

function blank(currency: string, today: string) {
  return {
    ...{ kind: 'company', subjectId: '', period: 'month', from: today, repeats: true, measure: 'amount' },
    ...{ value: '', currency, thresholds: ['50', '80', '100', '120'] },
  };
}

function valuesOf({
  subject,
  period,
  measure,
  value,
  currency,
  thresholds,
}: Target): ReturnType<typeof blank> {
  return {
    ...{ kind: subject.kind, subjectId: subject.id ?? '', period: period.kind, from: period.from },
    ...{ repeats: period.repeats, measure, value: value.replace(/\.?0+$/, ''), currency: currency ?? '' },
    thresholds: thresholds.map(String),
  };
}
