/** The fields of a sale, for recording, correcting and mending it; and what a form makes of them. */
import { ActionIcon, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { MomentInput, useOrganisation, type ZodForm } from '@moonbase/ui';
import { IconX } from '@tabler/icons-react';
import { z } from 'zod';
import { decimal, saleInput, text } from '../schema.ts';
import { AgentSelect } from './agent-select.tsx';
import { useReference } from './reference.ts';
import classes from './sales.module.css';

const required = 'This is needed.';

/** The values of the form: one share with all of it, or several. */
export const saleFields = z.object({
  shares: z
    .array(
      z.object({ agent: z.string(required).min(1, required), percent: z.string(required).min(1, required) }),
    )
    .min(1),
  product: z.string(required).min(1, required),
  amount: decimal,
  currency: z.string(required).regex(/^[A-Z]{3}$/, 'Three capital letters, as USD.'),
  soldAt: saleInput.shape.soldAt,
  branch: z.string().optional(),
  policyNumber: text(64).optional(),
  policyholder: text(200).optional(),
});

export type SaleValues = {
  shares: { agent: string; percent: string; name?: string }[];
  product: string;
  amount: string;
  currency: string;
  soldAt: string;
  branch: string;
  policyNumber: string;
  policyholder: string;
};

/** Agent or shares, as routes take them. */
export function agentsOf(shares: readonly { agent: string; percent: string }[]) {
  if (shares.length === 1) return { agent: shares[0]!.agent };
  return { shares: shares.map(({ agent, percent }) => ({ agent, percent })) };
}

export function blankSale(currency: string): SaleValues {
  return {
    shares: [{ agent: '', percent: '100' }],
    ...{ product: '', amount: '', currency, soldAt: new Date().toISOString() },
    ...{ branch: '', policyNumber: '', policyholder: '' },
  };
}

export function SaleFields<Values extends SaleValues>({ form }: { form: ZodForm<Values> }) {
  const { productCodes, branchCodes } = useReference();
  const { currency } = useOrganisation();
  return (
    <>
      <Shares form={form} />
      <Select label="Product" required searchable data={productCodes ?? []} {...form.field('product')} />
      <Group align="start" wrap="nowrap">
        <TextInput
          label="Amount"
          required
          inputMode="decimal"
          placeholder="1250.00"
          className={classes.grow}
          {...form.field('amount')}
        />
        <TextInput label="Currency" required w={96} placeholder={currency} {...form.field('currency')} />
      </Group>
      <MomentInput label="Sold at" required {...form.field('soldAt')} />
      <Select
        label="Branch"
        description="Where the agent belongs on the day, unless chosen"
        clearable
        searchable
        data={branchCodes ?? []}
        {...form.field('branch')}
      />
      <TextInput label="Policy number" {...form.field('policyNumber')} />
      <TextInput label="Policyholder" {...form.field('policyholder')} />
    </>
  );
}

function Shares<Values extends SaleValues>({ form }: { form: ZodForm<Values> }) {
  const { shares } = form.values;
  if (shares.length === 1)
    return (
      <div>
        <AgentSelect
          label="Agent"
          required
          by="code"
          name={shares[0]!.name}
          {...form.field('shares.0.agent')}
        />
        <Button
          variant="subtle"
          size="compact-xs"
          mt={4}
          onClick={() => {
            form.set('shares', [
              { ...shares[0]!, percent: '50' },
              { agent: '', percent: '50' },
            ]);
          }}
        >
          Split between agents
        </Button>
      </div>
    );
  const sum = shares.reduce((all, share) => all + Number(share.percent || 0), 0);
  return (
    <fieldset className={classes.shares}>
      <legend>Shares</legend>
      {shares.map((share, index) => (
        <Group key={index} align="start" wrap="nowrap" gap="xs">
          <div className={classes.grow}>
            <AgentSelect
              label={index === 0 ? 'Leading agent' : 'Agent'}
              by="code"
              name={share.name}
              {...form.field(`shares.${index}.agent`)}
            />
          </div>
          <TextInput label="%" w={80} inputMode="decimal" {...form.field(`shares.${index}.percent`)} />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={26}
            aria-label={`Remove share ${index + 1}`}
            onClick={() => {
              const rest = shares.filter((_, place) => place !== index);
              form.set('shares', rest.length === 1 ? [{ ...rest[0]!, percent: '100' }] : rest);
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group justify="space-between">
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => form.insert('shares', { agent: '', percent: String(Math.max(0, 100 - sum)) })}
        >
          Add an agent
        </Button>
        <Text size="xs" c={Math.abs(sum - 100) < 0.00005 ? 'dimmed' : 'red'}>
          {Number(sum.toFixed(4))} % in all
        </Text>
      </Group>
    </fieldset>
  );
}
