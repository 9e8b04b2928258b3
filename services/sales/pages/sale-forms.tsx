/** Records a sale, corrects one, mends one that was not taken in. */
import { Textarea, TextInput } from '@mantine/core';
import { FormDrawer, useAct, useOrganisation, useZodForm } from '@moonbase/ui';
import { useEffect, useMemo } from 'react';
import type { z } from 'zod';
import { salesApi } from '../api.ts';
import type { RejectedSale, Sale, SaleCorrection } from '../schema.ts';
import { text } from '../schema.ts';
import { agentsOf, blankSale, SaleFields, type SaleValues, saleFields } from './sale-fields.tsx';

const lists = [salesApi.listSales, salesApi.totalSales, salesApi.listRejectedSales, salesApi.listTargets];

const recording = saleFields.extend({ reference: text(128) });

export function RecordSale({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { currency } = useOrganisation();
  const record = useAct(salesApi.recordSale, {
    invalidates: lists,
    success: ({ status }) => (status === 'waiting' ? 'It waits for its agent' : 'Sale recorded'),
    quiet: true,
  });
  const form = useZodForm(recording, {
    initial: { ...blankSale(currency), reference: '' },
    submit: ({ shares, ...values }) =>
      record.mutateAsync({ body: { source: 'console', ...agentsOf(shares), ...values } }),
    onDone: onClose,
  });
  // Each sale has a reference of its own from the beginning: sent twice, it counts once.
  // Anew whenever it is opened, and only then.
  useEffect(() => form.reset({ ...blankSale(currency), reference: newReference() }), [opened]);
  return (
    <FormDrawer title="Record a sale" opened={opened} onClose={onClose} form={form} submitLabel="Record">
      <TextInput label="Reference" required {...form.field('reference')} />
      <SaleFields form={form} />
    </FormDrawer>
  );
}

function newReference(): string {
  const day = new Date().toISOString().slice(2, 10).replaceAll('-', '');
  return `MAN-${day}-${crypto.randomUUID().slice(0, 6).toUpperCase()}`;
}

const correcting = saleFields.extend({ reason: text(500) });

export function CorrectSale({ sale, opened, onClose }: { sale: Sale; opened: boolean; onClose: () => void }) {
  const correct = useAct(salesApi.correctSale, {
    invalidates: [...lists, salesApi.getSale, salesApi.getSaleHistory],
    success: 'Sale corrected',
    quiet: true,
  });
  const before = useMemo(() => valuesOf(sale), [sale]);
  const form = useZodForm(correcting, {
    initial: { ...before, reason: '' },
    submit: (values) =>
      correct.mutateAsync({
        params: { id: sale.saleId },
        body: { ...differences(before, values), revision: sale.revision, reason: values.reason },
      }),
    onDone: onClose,
  });
  // A change from elsewhere must not undo what is typed.
  useEffect(() => form.reset({ ...before, reason: '' }), [opened]);
  return (
    <FormDrawer
      title={`Correct ${sale.reference}`}
      lead="What was recorded stays in the history; figures and targets follow the correction."
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Correct"
    >
      <SaleFields form={form} />
      <Textarea label="Reason" required autosize minRows={2} {...form.field('reason')} />
    </FormDrawer>
  );
}

function valuesOf(sale: Sale): SaleValues {
  return {
    shares: sale.shares.map((share, index) => ({
      agent: sale.agents[index]!.code,
      name: `${sale.agents[index]!.name} · ${sale.agents[index]!.code}`,
      percent: short(share.percent),
    })),
    product: sale.product.code,
    amount: short(sale.amount),
    currency: sale.currency,
    soldAt: sale.soldAt,
    branch: sale.branch.code,
    policyNumber: sale.policyNumber ?? '',
    policyholder: sale.policyholder ?? '',
  };
}

/** `100.0000` → `100`; `548.9715` stays. */
function short(decimal: string): string {
  return decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** Only what was changed is corrected: the rest stays as it was frozen. */
function differences(before: SaleValues, after: z.output<typeof saleFields>): Omit<SaleCorrection, 'reason'> {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const agents = agentsOf(after.shares);
  return {
    ...(same(agentsOf(before.shares), agents) ? {} : agents),
    ...(before.product === after.product ? {} : { product: after.product }),
    ...(before.amount === after.amount ? {} : { amount: after.amount }),
    ...(before.currency === after.currency ? {} : { currency: after.currency }),
    ...(before.soldAt === after.soldAt ? {} : { soldAt: after.soldAt }),
    ...(before.branch === (after.branch ?? '') ? {} : { branch: after.branch }),
    ...(before.policyNumber === (after.policyNumber ?? '')
      ? {}
      : { policyNumber: after.policyNumber ?? null }),
    ...(before.policyholder === (after.policyholder ?? '')
      ? {}
      : { policyholder: after.policyholder ?? null }),
  };
}

const mending = recording.extend({ source: text(64) });

export function MendSale({ rejected, onClose }: { rejected: RejectedSale; onClose: () => void }) {
  const { currency } = useOrganisation();
  const mend = useAct(salesApi.mendRejectedSale, {
    invalidates: lists,
    success: 'Sale taken in',
    quiet: true,
  });
  const form = useZodForm(mending, {
    initial: sentValues(rejected, currency),
    submit: ({ shares, ...values }) =>
      mend.mutateAsync({ params: { id: rejected.id }, body: { ...agentsOf(shares), ...values } }),
    onDone: onClose,
  });
  return (
    <FormDrawer
      title="Mend and try again"
      lead={`${rejected.message} ${rejected.remedy}`}
      opened
      onClose={onClose}
      form={form}
      submitLabel="Try again"
    >
      <TextInput label="Source" required {...form.field('source')} />
      <TextInput label="Reference" required {...form.field('reference')} />
      <SaleFields form={form} />
    </FormDrawer>
  );
}

/** What was sent, as far as it is the fields of a sale. */
function sentValues(rejected: RejectedSale, currency: string) {
  const sent = (
    typeof rejected.input === 'object' && rejected.input !== null ? rejected.input : {}
  ) as Record<string, unknown>;
  const word = (name: string, fallback = '') =>
    typeof sent[name] === 'string' ? String(sent[name]) : fallback;
  const shares = Array.isArray(sent.shares) ? (sent.shares as { agent: string; percent: string }[]) : null;
  return {
    source: rejected.source ?? 'api',
    reference: rejected.reference ?? word('reference'),
    shares: shares ?? [{ agent: word('agent'), percent: '100' }],
    ...{ product: word('product'), amount: word('amount'), currency: word('currency', currency) },
    ...{ soldAt: word('soldAt'), branch: word('branch') },
    ...{ policyNumber: word('policyNumber'), policyholder: word('policyholder') },
  };
}
