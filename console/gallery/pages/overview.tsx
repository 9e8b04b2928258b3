import { Button } from '@mantine/core';
import {
  Chart,
  Columns,
  Count,
  DataTable,
  Money,
  Page,
  Panel,
  PersonAvatar,
  ProgressToTarget,
  StatCard,
  Timeline,
  useLive,
} from '@moonbase/ui';
import { useState } from 'react';
import { days, products } from './made-up.ts';

const leaders = [
  { name: 'Nimal Perera', branch: 'Harbour', sales: 41, total: '58210.5000', ratio: 1.12 },
  { name: 'Mei-Ling Tan', branch: 'North', sales: 37, total: '51980.0000', ratio: 0.97 },
  { name: 'Jonas Weber', branch: 'Old Town', sales: 33, total: '44105.2500', ratio: 0.84 },
  { name: 'Chiara Conti', branch: 'North', sales: 29, total: '39870.0000', ratio: 0.71 },
  { name: 'Kofi Mensah', branch: 'Riverside', sales: 26, total: '31240.7500', ratio: 0.55 },
];

export default function Overview() {
  const [count, setCount] = useState(248);
  useLive(['sales.recorded'], (events) => setCount((before) => before + events.length));
  return (
    <Page
      title="Overview"
      description="Friday, 20 November"
      actions={<Button variant="default">Share</Button>}
    >
      <Columns of={4} min={160}>
        <StatCard
          label="Sales today"
          value={<Money value="48210.7500" />}
          delta={{ value: 0.124, against: 'last Friday' }}
          spark={days.map((each) => each.total)}
          to="/sales"
        />
        <StatCard
          label="Number of sales"
          value={<Count value={count} />}
          delta={{ value: -0.031, against: 'last Friday' }}
        />
        <StatCard
          label="This month"
          value={<Money value="1204382.1000" compact />}
          delta={{ value: 0.067, against: 'October' }}
          hint="Recorded and corrected sales of this month, without cancelled ones."
        />
        <StatCard
          label="Waiting or rejected"
          value={<Count value={12} />}
          note="3 new since yesterday"
          to="/sales/rejected"
        />
      </Columns>
      <Columns split="2:1">
        <Panel title="Daily sales" description="Last 30 days, and the 30 before">
          <Chart
            kind="area"
            label="Daily sales, last 30 days"
            rows={days}
            x="day"
            xFormat="day"
            series={[
              { key: 'total', name: 'Last 30 days' },
              { key: 'before', name: 'Before', muted: true },
            ]}
            format={{ money: 'USD' }}
            height={280}
          />
        </Panel>
        <Panel title="November targets" description="67 % of the month is over">
          <div style={{ display: 'grid', gap: 18 }}>
            <ProgressToTarget
              label="Company"
              value="812400"
              target="1100000"
              format={{ money: 'USD' }}
              pace={0.67}
              thresholds={[50, 80, 100]}
            />
            <ProgressToTarget
              label="Motor"
              value="182400"
              target="160000"
              format={{ money: 'USD' }}
              pace={0.67}
              thresholds={[50, 80, 100]}
            />
            <ProgressToTarget
              label="Home"
              value="61300"
              target="130000"
              format={{ money: 'USD' }}
              pace={0.67}
              thresholds={[50, 80, 100]}
            />
          </div>
        </Panel>
      </Columns>
      <Columns split="2:1">
        <Panel title="Leaders this month" flush>
          <DataTable
            bare
            label="Leaders"
            rows={leaders}
            rowId={(row) => row.name}
            href={() => '/agents'}
            columns={[
              {
                id: 'name',
                header: 'Agent',
                grow: 2,
                cell: (row) => <PersonAvatar name={row.name} size="sm" withName />,
              },
              { id: 'branch', header: 'Branch', cell: (row) => row.branch, hide: 'narrow' },
              {
                id: 'sales',
                header: 'Sales',
                align: 'right',
                width: 80,
                sort: 'local',
                value: (row) => row.sales,
                cell: (row) => <Count value={row.sales} />,
              },
              {
                id: 'total',
                header: 'Amount',
                align: 'right',
                width: 130,
                sort: 'local',
                value: (row) => row.total,
                cell: (row) => <Money value={row.total} />,
              },
              {
                id: 'target',
                header: 'Of target',
                width: 180,
                cell: (row) => (
                  <ProgressToTarget form="bar" value={row.ratio} target={1} format="percent" pace={0.67} />
                ),
              },
            ]}
          />
        </Panel>
        <Panel title="What happened">
          <Timeline
            rows={[
              {
                id: '1',
                at: new Date(Date.now() - 40_000),
                title: 'Target of Motor reached',
                actor: 'System',
                tone: 'good',
              },
              {
                id: '2',
                at: new Date(Date.now() - 720_000),
                title: 'Sale POL-879214 corrected',
                actor: 'Mei-Ling Tan',
                changes: [{ field: 'Amount', from: '1,250.00', to: '1,520.00' }],
                detail: 'Typing mistake',
                tone: 'info',
              },
              {
                id: '3',
                at: new Date(Date.now() - 9_400_000),
                title: 'Sale POL-878990 cancelled',
                actor: 'Jonas Weber',
                detail: 'Customer withdrew',
                tone: 'bad',
              },
            ]}
          />
        </Panel>
      </Columns>
      <Panel title="Products against target">
        <Chart
          kind="bar"
          horizontal
          label="Products against target"
          rows={products}
          x="product"
          series={[
            { key: 'total', name: 'Sales' },
            { key: 'goal', name: 'Target', muted: true },
          ]}
          format={{ money: 'USD' }}
          onPick={() => undefined}
        />
      </Panel>
    </Page>
  );
}
