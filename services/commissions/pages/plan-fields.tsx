/** The fields of a plan's definition: what it covers, for whom, tiers, accelerators, clawback. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  TextInput,
} from '@mantine/core';
import { agentsApi } from '@moonbase/agents/api.ts';
import { useRead, type ZodForm } from '@moonbase/ui';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { commissionsApi } from '../api.ts';
import type { PlanDefinition } from '../schema.ts';
import classes from './commissions.module.css';

/** A plan that gives 5 % of everything to everyone. */
export function emptyDefinition(currency: string): PlanDefinition {
  return {
    ...{ currency, everything: true, products: [], types: [] },
    assigned: [{ kind: 'all', id: null }],
    ...{ measure: 'amount', window: 'month', mode: 'marginal' },
    tiers: [{ from: '0', rate: '5' }],
    ...{ accelerators: [], clawback: [{ months: 12, percent: '100' }] },
  };
}

/** Any form that holds a definition. */
interface PlanForm {
  values: { definition: PlanDefinition };
  field: ZodForm<never>['field'];
  set: (path: string, value: unknown) => void;
  insert: (path: string, item: unknown) => void;
  remove: (path: string, index: number) => void;
}

export function PlanFields({ form }: { form: PlanForm }) {
  return (
    <>
      <Coverage form={form} />
      <Assignment form={form} />
      <Tiers form={form} />
      <Accelerators form={form} />
      <Clawback form={form} />
    </>
  );
}

function Coverage({ form }: { form: PlanForm }) {
  const { products = [] } = useRead(commissionsApi.listPlans).data ?? {};
  const { everything } = form.values.definition;
  const types = [...new Set(products.map(({ type }) => type))].sort();
  return (
    <fieldset className={classes.rows}>
      <legend>What it covers</legend>
      <Checkbox label="Every product" {...form.field('definition.everything', 'checkbox')} />
      {!everything && (
        <>
          <MultiSelect label="Types of products" data={types} clearable {...form.field('definition.types')} />
          <MultiSelect
            label="Products"
            data={products.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            clearable
            {...form.field('definition.products')}
          />
        </>
      )}
      <TextInput
        label="Currency"
        description="Of the sales, and of amounts below; empty for any"
        {...form.field('definition.currency')}
        value={form.values.definition.currency ?? ''}
        onChange={(event) => form.set('definition.currency', event.currentTarget.value.toUpperCase() || null)}
      />
    </fieldset>
  );
}

const kinds = [
  { value: 'all', label: 'Everyone' },
  { value: 'branch', label: 'Branches' },
  { value: 'team', label: 'Teams' },
  { value: 'agent', label: 'Agents' },
];

function Assignment({ form }: { form: PlanForm }) {
  const { assigned } = form.values.definition;
  const kind = assigned[0]?.kind ?? 'all';
  const [search, setSearch] = useState('');
  const lasting = { staleTime: 60_000 };
  const branches = useRead(agentsApi.listBranches, {}, lasting).data?.items ?? [];
  const teams = useRead(agentsApi.listTeams, {}, lasting).data?.items ?? [];
  const agents =
    useRead(
      agentsApi.listAgents,
      { query: { search: search || undefined, limit: 50 } },
      { ...lasting, enabled: kind === 'agent', placeholderData: (before) => before },
    ).data?.items ?? [];
  const named = {
    branch: branches.map(({ id, name }) => ({ value: id, label: name })),
    team: teams.map(({ id, name }) => ({ value: id, label: name })),
    agent: agents.map(({ id, code, firstName, lastName }) => ({
      value: id,
      label: `${[firstName, lastName].filter(Boolean).join(' ') || 'Erased'} · ${code}`,
    })),
  };
  const chosen = assigned.flatMap(({ id }) => id ?? []);
  const options = kind === 'all' ? [] : named[kind];
  const missing = chosen.filter((id) => !options.some(({ value }) => value === id));
  const choose = (next: string, ids: readonly string[]) =>
    form.set(
      'definition.assigned',
      next === 'all' ? [{ kind: 'all', id: null }] : ids.map((id) => ({ kind: next, id })),
    );
  const [shown, setShown] = useState<string>(kind);
  return (
    <fieldset className={classes.rows}>
      <legend>For whom</legend>
      <SegmentedControl
        aria-label="For whom"
        data={kinds}
        value={shown}
        onChange={(next) => {
          setShown(next);
          choose(next, []);
        }}
      />
      {shown !== 'all' && (
        <MultiSelect
          label={kinds.find(({ value }) => value === shown)?.label}
          required
          searchable
          data={[
            ...(named[shown as keyof typeof named] ?? []),
            ...missing.map((value) => ({ value, label: 'Chosen before' })),
          ]}
          onSearchChange={setSearch}
          {...form.field('definition.assigned')}
          value={chosen}
          onChange={(ids) => choose(shown, ids)}
        />
      )}
    </fieldset>
  );
}

function Tiers({ form }: { form: PlanForm }) {
  const { tiers, measure, mode } = form.values.definition;
  return (
    <fieldset className={classes.rows}>
      <legend>Tiers</legend>
      <Group grow align="start">
        <Select
          label="Counted by"
          allowDeselect={false}
          data={[
            { value: 'amount', label: 'Amount sold' },
            { value: 'count', label: 'Number of sales' },
          ]}
          {...form.field('definition.measure')}
        />
        <Select
          label="Within a"
          allowDeselect={false}
          data={['month', 'quarter', 'year']}
          {...form.field('definition.window')}
        />
      </Group>
      <Select
        label="Pays"
        allowDeselect={false}
        description={
          mode === 'whole'
            ? 'Everything in the window at the rate of the tier that is reached'
            : 'Each part at the rate of its own tier'
        }
        data={[
          { value: 'marginal', label: 'Marginal' },
          { value: 'whole', label: 'Whole amount' },
        ]}
        {...form.field('definition.mode')}
      />
      {tiers.map((_, index) => (
        <div key={index} className={classes.row}>
          <TextInput
            label={measure === 'amount' ? 'From amount' : 'From number'}
            inputMode="decimal"
            disabled={index === 0}
            {...form.field(`definition.tiers.${index}.from`)}
          />
          <TextInput label="Rate, %" inputMode="decimal" {...form.field(`definition.tiers.${index}.rate`)} />
          <Remove
            label={`Remove tier ${index + 1}`}
            disabled={index === 0}
            onClick={() => form.remove('definition.tiers', index)}
          />
        </div>
      ))}
      <Add onClick={() => form.insert('definition.tiers', { from: '', rate: '' })}>Add a tier</Add>
    </fieldset>
  );
}

function Accelerators({ form }: { form: PlanForm }) {
  const { accelerators } = form.values.definition;
  return (
    <fieldset className={classes.rows}>
      <legend>Accelerators</legend>
      {accelerators.map(({ when }, index) => (
        <div key={index} className={classes.row} data-wide>
          <Select
            label="Once"
            allowDeselect={false}
            data={[
              { value: 'target', label: 'a target' },
              { value: 'volume', label: 'a volume' },
            ]}
            {...form.field(`definition.accelerators.${index}.when`)}
          />
          {when === 'target' && (
            <Select
              label="Of the"
              allowDeselect={false}
              data={['agent', 'team', 'branch', 'company']}
              {...form.field(`definition.accelerators.${index}.of`)}
            />
          )}
          <TextInput
            label={when === 'target' ? 'Reaches, %' : 'Reaches'}
            inputMode="decimal"
            {...form.field(`definition.accelerators.${index}.at`)}
          />
          <TextInput
            label="Extra points, %"
            inputMode="decimal"
            {...form.field(`definition.accelerators.${index}.points`)}
          />
          <TextInput
            label="Times"
            inputMode="decimal"
            {...form.field(`definition.accelerators.${index}.multiplier`)}
          />
          <Remove
            label={`Remove accelerator ${index + 1}`}
            onClick={() => form.remove('definition.accelerators', index)}
          />
        </div>
      ))}
      <Add
        onClick={() =>
          form.insert('definition.accelerators', {
            ...{ when: 'target', at: '100', of: 'agent', points: '0', multiplier: '1.1' },
          })
        }
      >
        Add an accelerator
      </Add>
    </fieldset>
  );
}

function Clawback({ form }: { form: PlanForm }) {
  const { clawback } = form.values.definition;
  return (
    <fieldset className={classes.rows}>
      <legend>When a sale is cancelled</legend>
      {clawback.map((_, index) => (
        <div key={index} className={classes.row}>
          <NumberInput
            label="Within months"
            min={1}
            max={240}
            allowDecimal={false}
            {...form.field(`definition.clawback.${index}.months`)}
          />
          <TextInput
            label="Goes back, %"
            inputMode="decimal"
            {...form.field(`definition.clawback.${index}.percent`)}
          />
          <Remove
            label={`Remove step ${index + 1}`}
            onClick={() => form.remove('definition.clawback', index)}
          />
        </div>
      ))}
      <Add onClick={() => form.insert('definition.clawback', { months: 24, percent: '50' })}>
        {clawback.length === 0
          ? 'Everything goes back, always. Add a step'
          : 'Nothing goes back after. Add a step'}
      </Add>
    </fieldset>
  );
}

function Add({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <div>
      <Button size="compact-sm" variant="default" onClick={onClick}>
        {children}
      </Button>
    </div>
  );
}

function Remove({ label, disabled, onClick }: { label: string; disabled?: boolean; onClick: () => void }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      mt={25}
      size={30}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <IconTrash size={15} />
    </ActionIcon>
  );
}
