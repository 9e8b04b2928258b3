/** What an agent may sell, and from when to when. */
import { ActionIcon, Button, Menu, Select } from '@mantine/core';
import {
  ConfirmDialog,
  Day,
  DayInput,
  EmptyState,
  FormDrawer,
  Panel,
  StatusBadge,
  todayIn,
  useAct,
  useOrganisation,
  useZodForm,
} from '@moonbase/ui';
import { IconDots } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { agentsApi } from '../api.ts';
import { type Agent, day } from '../schema.ts';
import classes from './agent.module.css';
import { useReference } from './reference.ts';

type Authorisation = Agent['authorisations'][number];

const touched = [agentsApi.readAgent, agentsApi.listAgents, agentsApi.listChanges];
const Range = z.object({ productId: z.uuid({ error: 'This is needed.' }), from: day, to: day.nullish() });

export function AgentAuthorisations({ agent, mayWrite }: { agent: Agent; mayWrite: boolean }) {
  const { products } = useReference();
  const today = todayIn(useOrganisation().zone);
  const [editing, setEditing] = useState<Authorisation | 'new' | null>(null);
  const [withdrawing, setWithdrawing] = useState<Authorisation | null>(null);
  const withdraw = useAct(agentsApi.withdrawAuthorisation, { invalidates: touched, quiet: true });
  const named = (each: Authorisation) => products.get(each.productId)?.name ?? '';
  const sorted = agent.authorisations.toSorted((a, b) => named(a).localeCompare(named(b)));
  return (
    <Panel
      title="May sell"
      flush
      actions={
        mayWrite && (
          <Button variant="subtle" size="compact-sm" onClick={() => setEditing('new')}>
            Authorise
          </Button>
        )
      }
    >
      {agent.authorisations.length === 0 && (
        <EmptyState title="Nothing yet" text="Sales are rejected until a product is authorised." />
      )}
      <ul className={classes.list}>
        {sorted.map((each) => {
          const product = products.get(each.productId);
          return (
            <li key={each.id} className={classes.item}>
              <span>
                <strong>{product?.name ?? '…'}</strong>
                <span className={classes.detail}>
                  {each.to === null ? (
                    <>
                      since <Day value={each.from} />
                    </>
                  ) : (
                    <>
                      <Day value={each.from} /> to <Day value={each.to} />
                    </>
                  )}
                </span>
              </span>
              {standing(each, today)}
              {mayWrite && (
                <Menu position="bottom-end">
                  <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={`More about ${product?.name}`}>
                      <IconDots size={16} />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => setEditing(each)}>Change days</Menu.Item>
                    <Menu.Item color="red" onClick={() => setWithdrawing(each)}>
                      Delete …
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
            </li>
          );
        })}
      </ul>
      <RangeForm agent={agent} editing={editing} onClose={() => setEditing(null)} />
      <ConfirmDialog
        opened={withdrawing !== null}
        onClose={() => setWithdrawing(null)}
        title="Delete this authorisation?"
        confirmLabel="Delete"
        danger
        onConfirm={() =>
          withdraw.mutateAsync({ params: { id: agent.id, authorisation: withdrawing?.id ?? '' } })
        }
      >
        It will be as if it had never been. To end it with a day, change its last day instead.
      </ConfirmDialog>
    </Panel>
  );
}

function standing({ from, to }: Authorisation, today: string) {
  if (to !== null && to < today) return <StatusBadge status="expired" label="Ended" />;
  if (from > today) return <StatusBadge status="waiting" label="Later" />;
  return <StatusBadge status="active" label="In force" />;
}

function RangeForm(props: { agent: Agent; editing: Authorisation | 'new' | null; onClose: () => void }) {
  const { agent, editing, onClose } = props;
  const { productOptions, products } = useReference();
  const today = todayIn(useOrganisation().zone);
  const add = useAct(agentsApi.authorise, { invalidates: touched, success: 'Authorised', quiet: true });
  const change = useAct(agentsApi.changeAuthorisation, {
    invalidates: touched,
    success: 'Saved',
    quiet: true,
  });
  const old = editing === 'new' || editing === null ? null : editing;
  const initial = { productId: old?.productId ?? '', from: old?.from ?? today, to: old?.to ?? '' };
  const form = useZodForm(Range, {
    initial,
    submit: ({ productId, from, to = null }) =>
      old
        ? change.mutateAsync({
            params: { id: agent.id, authorisation: old.id },
            body: { version: agent.version, from, to },
          })
        : add.mutateAsync({
            params: { id: agent.id },
            body: { version: agent.version, productId, from, to },
          }),
    onDone: onClose,
  });
  // What is edited decides, not the values made from it.
  useEffect(() => form.reset(initial), [editing]);
  return (
    <FormDrawer
      title={old ? `Change days of ${products.get(old.productId)?.name}` : 'Authorise for a product'}
      opened={editing !== null}
      onClose={onClose}
      form={form}
      submitLabel={old ? 'Save' : 'Authorise'}
    >
      {!old && (
        <Select
          label="Product"
          required
          searchable
          data={productOptions ?? []}
          {...form.field('productId')}
        />
      )}
      <DayInput label="First day" required {...form.field('from')} />
      <DayInput label="Last day" description="Empty: until further notice" clearable {...form.field('to')} />
    </FormDrawer>
  );
}
