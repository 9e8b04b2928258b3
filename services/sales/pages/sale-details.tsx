/** A sale: what it is, what happened to it, and what can be done about it. */
import { Anchor, Button, Group, Skeleton, Stack } from '@mantine/core';
import {
  Can,
  ConfirmDialog,
  CopyButton,
  Day,
  ErrorState,
  Facts,
  Link,
  Money,
  Panel,
  Percent,
  StatusBadge,
  Timeline,
  useAct,
  useFormats,
  useLiveReload,
  useRead,
  When,
} from '@moonbase/ui';
import { useState } from 'react';
import { salesApi } from '../api.ts';
import type { Sale } from '../schema.ts';
import { useActorNames, useReference } from './reference.ts';
import { CorrectSale } from './sale-forms.tsx';

export const saleChanges = ['sales.recorded', 'sales.corrected', 'sales.cancelled', 'sales.deleted'];
const invalidates = [salesApi.listSales, salesApi.totalSales, salesApi.getSale, salesApi.getSaleHistory];

/** @param onGone the sale was deleted */
export function SaleDetails({ id, onGone }: { id: string; onGone: () => void }) {
  const sale = useRead(salesApi.getSale, { params: { id } });
  useLiveReload(saleChanges, [salesApi.getSale, salesApi.getSaleHistory]);
  if (sale.error) return <ErrorState error={sale.error} onRetry={() => void sale.refetch()} />;
  if (!sale.data) return <Skeleton height={320} />;
  return (
    <Stack gap="md">
      <Panel
        title={<Money value={sale.data.amount} currency={sale.data.currency} />}
        actions={<StatusBadge status={sale.data.status} />}
      >
        <SaleFacts sale={sale.data} />
        <Can permission="sales:write">
          <Actions sale={sale.data} onGone={onGone} />
        </Can>
      </Panel>
      <History sale={sale.data} />
    </Stack>
  );
}

function SaleFacts({ sale }: { sale: Sale }) {
  const several = sale.shares.length > 1;
  return (
    <Facts
      rows={[
        [
          'Reference',
          <Group key="reference" gap={4}>
            {sale.reference} <CopyButton value={sale.reference} />
          </Group>,
        ],
        ['Source', sale.source],
        ['Product', sale.product.name],
        [
          several ? 'Agents' : 'Agent',
          <Stack key="agents" gap={2}>
            {sale.agents.map((agent, index) => (
              <span key={agent.agentId}>
                <Anchor component={Link} to={`/agents/${agent.agentId}`} inherit>
                  {agent.name}
                </Anchor>
                {agent.team && ` · ${agent.team}`}
                {several && (
                  <>
                    {' · '}
                    <Percent value={sale.shares[index]!.percent} of={100} digits={2} /> ·{' '}
                    <Money value={sale.shares[index]!.amount} currency={sale.currency} />
                  </>
                )}
              </span>
            ))}
          </Stack>,
        ],
        ['Branch', sale.branch.name],
        ['Sold', <When key="sold" at={sale.soldAt} exact />],
        ['Business day', <Day key="day" value={sale.day} />],
        ['Policy number', sale.policyNumber],
        ['Policyholder', sale.policyholder],
        ['Recorded', <When key="recorded" at={sale.recordedAt} exact />],
      ]}
    />
  );
}

function Actions({ sale, onGone }: { sale: Sale; onGone: () => void }) {
  const [asked, setAsked] = useState<'correct' | 'cancel' | 'delete'>();
  const close = () => setAsked(undefined);
  const cancel = useAct(salesApi.cancelSale, { invalidates, success: 'Sale cancelled' });
  const remove = useAct(salesApi.deleteSale, {
    invalidates: [salesApi.listSales, salesApi.totalSales],
    success: 'Sale deleted',
  });
  const params = { id: sale.saleId };
  return (
    <Group mt="md" gap="xs">
      {sale.status === 'recorded' && (
        <>
          <Button variant="default" onClick={() => setAsked('correct')}>
            Correct
          </Button>
          <Button variant="default" onClick={() => setAsked('cancel')}>
            Cancel the sale
          </Button>
          <CorrectSale sale={sale} opened={asked === 'correct'} onClose={close} />
        </>
      )}
      <Button variant="subtle" color="red" onClick={() => setAsked('delete')}>
        Delete
      </Button>
      <ConfirmDialog
        opened={asked === 'cancel'}
        onClose={close}
        title={`Cancel ${sale.reference}?`}
        confirmLabel="Cancel the sale"
        danger
        reason
        onConfirm={(reason) => cancel.mutateAsync({ params, body: { reason } })}
      >
        It stays in the list and no longer counts, for any target or figure.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'delete'}
        onClose={close}
        title={`Delete ${sale.reference} for good?`}
        confirmLabel="Delete"
        danger
        reason
        onConfirm={async (reason) => {
          await remove.mutateAsync({ params, body: { reason } });
          onGone();
        }}
      >
        Its history stays; its reference may be used again.
      </ConfirmDialog>
    </Group>
  );
}

const titles = { recorded: 'Recorded', corrected: 'Corrected', cancelled: 'Cancelled', deleted: 'Deleted' };
const tones = { recorded: 'good', corrected: undefined, cancelled: 'warn', deleted: 'bad' } as const;

function History({ sale }: { sale: Sale }) {
  const history = useRead(salesApi.getSaleHistory, { params: { id: sale.saleId } });
  const nameOf = useActorNames();
  const { names } = useReference();
  const formats = useFormats();
  const agentNames = new Map(sale.agents.map((agent) => [agent.agentId, agent.name]));
  if (!history.data) return null;
  type Facts = NonNullable<(typeof history.data.items)[number]['after']>;
  const fields: [string, (facts: Facts) => string | null][] = [
    ['Amount', (facts) => formats.money(facts.amount, facts.currency)],
    ['Product', (facts) => names.get(facts.productId) ?? '…'],
    ['Branch', (facts) => names.get(facts.branchId) ?? '…'],
    ['Sold', (facts) => formats.time(facts.soldAt)],
    ['Policy number', (facts) => facts.policyNumber],
    [
      'Agents',
      (facts) =>
        facts.shares
          .map(({ agentId, percent }) => {
            const name = agentNames.get(agentId) ?? 'Another agent';
            return facts.shares.length > 1 ? `${name} ${Number(percent)} %` : name;
          })
          .join(', '),
    ],
  ];
  return (
    <Panel title="History">
      <Timeline
        rows={history.data.items.map((entry) => ({
          id: String(entry.revision),
          at: entry.at,
          title: titles[entry.change],
          tone: tones[entry.change],
          actor: nameOf(entry.actor),
          detail: entry.reason,
          changes:
            entry.change === 'corrected' && entry.before && entry.after
              ? fields
                  .map(([field, tell]) => ({ field, from: tell(entry.before!), to: tell(entry.after!) }))
                  .filter(({ from, to }) => from !== to)
              : [],
        }))}
      />
    </Panel>
  );
}
