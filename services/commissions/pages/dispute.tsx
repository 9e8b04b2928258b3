/** One dispute: what is doubted, the thread, and the decision. */
import { Anchor, Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import {
  Columns,
  ConfirmDialog,
  ErrorState,
  Facts,
  Form,
  FormDrawer,
  Link,
  Money,
  Page,
  Panel,
  StatusBadge,
  useAct,
  useCan,
  useFormats,
  useLiveReload,
  usePathParams,
  useRead,
  useViewer,
  useZodForm,
  When,
} from '@moonbase/ui';
import { useState } from 'react';
import { z } from 'zod';
import { commissionsApi } from '../api.ts';
import { type Dispute, decimal, type disputeMessage, type StatementLine, text } from '../schema.ts';
import classes from './commissions.module.css';
import { disputeTones, monthName, nameOf, reasonOf, sumOf } from './words.ts';

type Whole = Dispute & { thread: z.output<typeof disputeMessage>[]; statementLine: StatementLine | null };
const read = [commissionsApi.readDispute, commissionsApi.listDisputes];
const crumbs = [{ title: 'Disputes', to: '/commissions/disputes' }];

export default function DisputePage() {
  const { id = '' } = usePathParams();
  const dispute = useRead(commissionsApi.readDispute, { params: { id } }, { refetchInterval: 20_000 });
  useLiveReload(['commissions.dispute-decided'], read);
  if (dispute.data) return <Shown dispute={dispute.data} />;
  return (
    <Page title="Dispute" crumbs={crumbs}>
      {dispute.error && <ErrorState error={dispute.error} onRetry={() => void dispute.refetch()} />}
    </Page>
  );
}

function Shown({ dispute }: { dispute: Whole }) {
  const formats = useFormats();
  const { statementLine: line } = dispute;
  const plans = useRead(commissionsApi.listPlans).data?.items ?? [];
  const names = Object.fromEntries(plans.map(({ planId, name }) => [planId, name]));
  return (
    <Page
      title={`${nameOf(dispute.agent)}, ${monthName(dispute.month)}`}
      crumbs={crumbs}
      mark={<StatusBadge status={dispute.status} tone={disputeTones[dispute.status]} />}
      actions={dispute.status === 'open' && <Actions dispute={dispute} />}
    >
      <Columns split="2:1">
        <Panel title="Thread">
          <Stack>
            <Thread dispute={dispute} />
            {dispute.status === 'open' && <Answer id={dispute.disputeId} />}
          </Stack>
        </Panel>
        <Stack>
          <Panel title="In dispute">
            <Facts
              rows={[
                [
                  'Statement',
                  <Anchor
                    key="statement"
                    component={Link}
                    to={`/commissions/statements/${dispute.statementId}`}
                    inherit
                  >
                    {monthName(dispute.month)}
                  </Anchor>,
                ],
                [
                  'Line',
                  dispute.line === null
                    ? 'The whole statement'
                    : `${dispute.line}, ${dispute.reference ?? ''}`,
                ],
                ['Expected', <Money key="expected" value={dispute.expected} currency={dispute.currency} />],
                ['Raised', <When key="raised" at={dispute.raisedAt} />],
              ]}
            />
          </Panel>
          {line && (
            <Panel title="How the line was computed">
              <p className={classes.sum}>{sumOf(line, formats)}</p>
              <p className={classes.reason}>{reasonOf(line, names, formats)}</p>
            </Panel>
          )}
          {dispute.decidedAt && (
            <Panel title={dispute.status === 'withdrawn' ? 'Withdrawn' : 'Decision'}>
              <Facts
                rows={[
                  [
                    'Adjusted by',
                    dispute.adjustment && (
                      <Money key="adjustment" value={dispute.adjustment} currency={dispute.currency} />
                    ),
                  ],
                  ['Reason', dispute.decision],
                  ['When', <When key="when" at={dispute.decidedAt} />],
                ]}
              />
            </Panel>
          )}
        </Stack>
      </Columns>
    </Page>
  );
}

function Thread({ dispute }: { dispute: Whole }) {
  return (
    <ol className={classes.thread}>
      <li className={classes.message}>
        <div className={classes.meta}>
          <strong>{dispute.raisedBy || 'The agent'}</strong> <When at={dispute.raisedAt} />
        </div>
        <p>{dispute.reason}</p>
      </li>
      {dispute.thread.map((message) => (
        <li key={message.id} className={classes.message} data-mine={message.mine || undefined}>
          <div className={classes.meta}>
            <strong>{message.mine ? 'You' : message.author}</strong> <When at={message.at} />
          </div>
          <p>{message.body}</p>
        </li>
      ))}
    </ol>
  );
}

function Answer({ id }: { id: string }) {
  const write = useAct(commissionsApi.writeMessage, { invalidates: read, quiet: true });
  const form = useZodForm(z.object({ body: text(4_000) }), {
    initial: { body: '' },
    submit: (body) => write.mutateAsync({ params: { id }, body }),
    onDone: () => form.reset(),
  });
  if (!useCan('disputes:write')) return null;
  return (
    <Form form={form} submitLabel="Send">
      <Textarea label="Message" autosize minRows={3} {...form.field('body')} />
    </Form>
  );
}

function Actions({ dispute }: { dispute: Whole }) {
  const viewer = useViewer();
  const mayDecide = useCan('commissions:write') && viewer.agentId !== dispute.agent.agentId;
  const mayWrite = useCan('disputes:write');
  const [asked, setAsked] = useState<'decide' | 'withdraw'>();
  const withdraw = useAct(commissionsApi.withdrawDispute, {
    invalidates: read,
    success: 'Dispute withdrawn',
  });
  return (
    <Group gap="xs">
      {mayWrite && viewer.agentId === dispute.agent.agentId && (
        <Button variant="default" onClick={() => setAsked('withdraw')}>
          Withdraw
        </Button>
      )}
      {mayDecide && (
        <Button variant="default" onClick={() => setAsked('decide')}>
          Decide
        </Button>
      )}
      <ConfirmDialog
        opened={asked === 'withdraw'}
        onClose={() => setAsked(undefined)}
        title="Withdraw the dispute?"
        confirmLabel="Withdraw"
        onConfirm={() => withdraw.mutateAsync({ params: { id: dispute.disputeId } })}
      >
        The statement stays as it is. You can raise another one if there is something new.
      </ConfirmDialog>
      <Decision dispute={dispute} opened={asked === 'decide'} onClose={() => setAsked(undefined)} />
    </Group>
  );
}

const decisionFields = z
  .object({ status: z.enum(['accepted', 'refused']), adjustment: decimal.optional(), reason: text(2_000) })
  .refine(({ status, adjustment }) => status === 'refused' || adjustment !== undefined, {
    path: ['adjustment'],
    message: 'This is needed.',
  });

function Decision({ dispute, opened, onClose }: { dispute: Whole; opened: boolean; onClose: () => void }) {
  const decide = useAct(commissionsApi.decideDispute, { invalidates: read, success: 'Decided', quiet: true });
  const form = useZodForm(decisionFields, {
    initial: { status: 'accepted', adjustment: '', reason: '' },
    submit: ({ status, adjustment, reason }) =>
      decide.mutateAsync({
        params: { id: dispute.disputeId },
        body: status === 'accepted' ? { status, adjustment: adjustment ?? '', reason } : { status, reason },
      }),
    onDone: onClose,
  });
  return (
    <FormDrawer
      title="Decide the dispute"
      lead="The statement in dispute stays as it is: what is accepted is a line of the agent’s open one."
      opened={opened}
      onClose={onClose}
      form={form}
      submitLabel="Decide"
    >
      <Radio.Group label="Decision" {...form.field('status')}>
        <Stack gap={6} mt={6}>
          <Radio value="accepted" label="Accept, and adjust" />
          <Radio value="refused" label="Refuse" />
        </Stack>
      </Radio.Group>
      {form.values.status === 'accepted' && (
        <TextInput
          label="Adjustment"
          description={`What the open statement pays more, in ${dispute.currency}; less with a minus`}
          required
          inputMode="decimal"
          {...form.field('adjustment')}
        />
      )}
      <Textarea label="Reason" required autosize minRows={3} {...form.field('reason')} />
      {dispute.expected && (
        <Text size="sm" c="dimmed">
          Expected was <Money value={dispute.expected} currency={dispute.currency} />.
        </Text>
      )}
    </FormDrawer>
  );
}
