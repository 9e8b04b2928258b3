/** Raises a dispute about a statement, or a line of it. */
import { Textarea, TextInput } from '@mantine/core';
import { FormDrawer, useAct, useFormats, useGo, useZodForm } from '@moonbase/ui';
import { useEffect } from 'react';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { decimal, type StatementDetail, type StatementLine, text } from '../schema.ts';
import { sumOf } from './words.ts';

const fields = z.object({ reason: text(2_000), expected: decimal.optional() });

export function DisputeForm(props: {
  statement: StatementDetail;
  line: StatementLine | null;
  opened: boolean;
  onClose: () => void;
}) {
  const { statement, line, opened, onClose } = props;
  const go = useGo();
  const formats = useFormats();
  const raise = useAct(commissionsApi.raiseDispute, {
    invalidates: [commissionsApi.listDisputes, commissionsApi.readStatement],
    success: 'Dispute raised',
    quiet: true,
  });
  const currency = line?.currency ?? statement.totals[0]?.currency;
  const form = useZodForm(fields, {
    initial: { reason: '', expected: '' },
    submit: ({ reason, expected }) =>
      raise.mutateAsync({
        body: {
          ...{ statementId: statement.statementId, line: line?.n ?? null, reason, currency },
          expected: expected ?? null,
        },
      }),
    onDone: ({ disputeId }) => {
      onClose();
      go(`/commissions/disputes/${disputeId}`);
    },
  });
  // Anew whenever it is opened, and only then.
  useEffect(() => form.reset(), [opened]);
  return (
    <FormDrawer
      title={line ? `Dispute line ${line.n}` : 'Dispute the statement'}
      lead={line ? sumOf(line, formats) : 'Somebody who does not earn by it decides.'}
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Raise the dispute"
    >
      <Textarea label="What is wrong" required autosize minRows={4} {...form.field('reason')} />
      <TextInput
        label="What it should come to"
        description={currency}
        inputMode="decimal"
        {...form.field('expected')}
      />
    </FormDrawer>
  );
}
