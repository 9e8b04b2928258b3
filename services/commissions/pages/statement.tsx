/** One agent's statement of a month: every line, how it was computed, and whether it agrees with the sales. */
import { Alert, Anchor, Button, Group } from '@mantine/core';
import {
  Columns,
  ConfirmDialog,
  ErrorState,
  Hint,
  Link,
  Money,
  Page,
  Panel,
  StatCard,
  StatusBadge,
  useAct,
  useCan,
  useLiveReload,
  usePathParams,
  useRead,
  When,
} from '@moonbase/ui';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { commissionsApi } from '../api.ts';
import type { StatementDetail, StatementLine } from '../schema.ts';
import classes from './commissions.module.css';
import { DisputeForm } from './dispute-form.tsx';
import { LineTable } from './line-table.tsx';
import { kindWords, monthName, nameOf, statusTones } from './words.ts';

const read = [commissionsApi.readStatement, commissionsApi.recomputeStatement, commissionsApi.listStatements];
const crumbs = [{ title: 'Commissions', to: '/commissions' }];

export default function StatementPage() {
  const { id = '' } = usePathParams();
  const statement = useRead(
    commissionsApi.readStatement,
    { params: { id } },
    { refetchInterval: (query) => (query.state.data?.moving ? 1_500 : false) },
  );
  useLiveReload(
    ['sales.recorded', 'sales.corrected', 'sales.cancelled', 'sales.deleted', 'commissions.statement-closed'],
    read,
    { after: 'commissions.shares', every: 2_000 },
  );
  if (statement.data) return <Statement statement={statement.data} />;
  return (
    <Page title="Statement" crumbs={crumbs}>
      {statement.error && <ErrorState error={statement.error} onRetry={() => void statement.refetch()} />}
    </Page>
  );
}

function Statement({ statement }: { statement: StatementDetail }) {
  const [disputed, setDisputed] = useState<StatementLine | 'statement'>();
  const { agent, month, number, status } = statement;
  const mayDispute = useCan('disputes:write');
  return (
    <Page
      title={`${nameOf(agent)}, ${monthName(month)}`}
      crumbs={crumbs}
      mark={<StatusBadge status={status} tone={statusTones[status]} />}
      description={[number && `Statement ${number}`, agent.code, agent.branch, agent.team]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <Group gap="xs" className={classes.notPrint}>
          <Badge statement={statement} />
          <Actions statement={statement} />
          {mayDispute && (
            <Button variant="default" onClick={() => setDisputed('statement')}>
              Raise a dispute
            </Button>
          )}
        </Group>
      }
    >
      {statement.moving && (
        <Alert variant="light" role="status">
          Something has just changed: the figures are being computed anew.
        </Alert>
      )}
      {statement.totals.map((total) => (
        <Columns key={total.currency} of={4} min={180}>
          <StatCard
            label={`Commission${statement.totals.length > 1 ? ` in ${total.currency}` : ''}`}
            value={<Money value={total.commission} currency={total.currency} />}
            note={noteOf(statement)}
          />
          <StatCard
            label="Sold"
            value={<Money value={total.sold} currency={total.currency} />}
            note={
              <>
                earned <Money value={total.earned} currency={total.currency} />
              </>
            }
          />
          <StatCard
            label="Taken back"
            value={<Money value={total.clawedBack} currency={total.currency} />}
            note="Corrections and clawbacks of closed months"
          />
          <StatCard
            label="Adjusted"
            value={<Money value={total.adjusted} currency={total.currency} />}
            note="Tiers reached later, accepted disputes"
          />
        </Columns>
      ))}
      {groupsOf(statement).map(({ title, lines }) => (
        <Panel key={title} title={title} flush>
          <LineTable
            lines={lines}
            plans={statement.plans}
            products={statement.products}
            onDispute={mayDispute ? setDisputed : undefined}
          />
        </Panel>
      ))}
      {statement.lines.length === 0 && (
        <Panel title="No lines">What stood here has gone: its sales were cancelled or moved.</Panel>
      )}
      <DisputeForm
        statement={statement}
        line={disputed === 'statement' ? null : (disputed ?? null)}
        opened={disputed !== undefined}
        onClose={() => setDisputed(undefined)}
      />
    </Page>
  );
}

function noteOf({ closedAt, paidAt, computedAt }: StatementDetail) {
  if (paidAt)
    return (
      <>
        paid <When at={paidAt} />
      </>
    );
  if (closedAt)
    return (
      <>
        closed <When at={closedAt} />
      </>
    );
  return (
    <>
      as of <When at={computedAt} />
    </>
  );
}

/** Changes of closed months first, then sales by plan and product, then what was added. */
function groupsOf({ lines, plans, products }: StatementDetail): { title: string; lines: StatementLine[] }[] {
  const groups = new Map<string, StatementLine[]>();
  for (const line of lines) {
    const sale = line.kind === 'sale' || line.kind === 'late';
    const product = products[line.productId ?? ''] ?? 'Unknown product';
    const plan = line.planId ? (plans[line.planId] ?? 'Unknown plan') : 'no plan';
    const title = sale
      ? `${product} · ${plan}`
      : `${kindWords[line.kind]}s`.replace('Tier reacheds', 'Tiers reached later');
    groups.set(title, [...(groups.get(title) ?? []), line]);
  }
  return [...groups].map(([title, own]) => ({ title, lines: own }));
}

function Badge({ statement }: { statement: StatementDetail }) {
  const check = useRead(commissionsApi.recomputeStatement, { params: { id: statement.statementId } });
  if (!check.data || statement.moving) return null;
  const agrees = check.data.same && check.data.totals.every(({ lines, shares }) => lines === shares);
  return (
    <Hint
      label={
        agrees
          ? 'Computed again from its inputs just now: every line is the same, and they add up to the sales'
          : `Lines that differ: ${check.data.differing.join(', ') || 'their sum'}`
      }
    >
      <span>
        <StatusBadge
          status={agrees ? 'agrees with sales' : 'differs from sales'}
          tone={agrees ? 'good' : 'bad'}
        />
      </span>
    </Hint>
  );
}

function Actions({ statement }: { statement: StatementDetail }) {
  const mayWrite = useCan('commissions:write');
  const [closing, setClosing] = useState(false);
  const params = { id: statement.statementId };
  const close = useAct(commissionsApi.closeStatement, { invalidates: read, success: 'Statement closed' });
  return (
    <>
      {statement.disputes > 0 && (
        <Anchor component={Link} to={`/commissions/disputes?statementId=${statement.statementId}`} size="sm">
          {statement.disputes === 1 ? 'One dispute' : `${statement.disputes} disputes`}
        </Anchor>
      )}
      <Button variant="default" leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
        Print
      </Button>
      <Button
        variant="default"
        component="a"
        href={`/api/commissions/statements/${statement.statementId}/csv`}
        download
        leftSection={<IconDownload size={15} />}
      >
        CSV
      </Button>
      {mayWrite && statement.status === 'open' && (
        <Button variant="default" onClick={() => setClosing(true)}>
          Close
        </Button>
      )}
      <ConfirmDialog
        opened={closing}
        onClose={() => setClosing(false)}
        title={`Close ${monthName(statement.month)} for ${nameOf(statement.agent)}?`}
        confirmLabel="Close"
        onConfirm={() => close.mutateAsync({ params })}
      >
        It gets its number and is frozen, with what is open of earlier months. What turns out wrong afterwards
        is a line of the next statement.
      </ConfirmDialog>
    </>
  );
}
