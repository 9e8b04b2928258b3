import { SegmentedControl } from '@mantine/core';
import { Chart, Columns, Page, Panel } from '@moonbase/ui';
import { useState } from 'react';
import { days, deliveries, hours, months, products } from './made-up.ts';

export default function Charts() {
  const [kind, setKind] = useState('stacked');
  return (
    <Page title="Insights" description="Every kind of chart">
      <Columns of={2} min={380}>
        <Panel
          title="Monthly sales by branch"
          actions={
            <SegmentedControl
              aria-label="How it is drawn"
              value={kind}
              onChange={setKind}
              data={[
                { value: 'stacked', label: 'Stacked' },
                { value: 'grouped', label: 'Side by side' },
              ]}
            />
          }
        >
          <Chart
            kind="bar"
            stacked={kind === 'stacked'}
            label="Monthly sales by branch"
            rows={months}
            x="month"
            xFormat="month"
            pivot={{ series: 'branch', value: 'total' }}
            format={{ money: 'USD' }}
            onPick={() => undefined}
          />
        </Panel>
        <Panel title="Daily trend">
          <Chart
            kind="line"
            label="Daily trend"
            rows={days}
            x="day"
            xFormat="day"
            series={[
              { key: 'total', name: 'Now' },
              { key: 'before', name: 'Before' },
            ]}
            format={{ money: 'USD' }}
            goal={{ value: 12_500, name: 'Target' }}
          />
        </Panel>
        <Panel title="Deliveries by status">
          <Chart
            kind="donut"
            label="Deliveries by status"
            tones={{ Sent: 'good', Pending: 'warn', Failed: 'bad' }}
            rows={deliveries}
            x="status"
            series={[{ key: 'count', name: 'Notifications' }]}
          />
        </Panel>
        <Panel title="Products">
          <Chart
            kind="bar"
            horizontal
            label="Products"
            rows={products}
            x="product"
            series={[{ key: 'total', name: 'Sales' }]}
            format={{ money: 'USD' }}
          />
        </Panel>
        <Panel title="When sales happen">
          <Chart
            kind="heat"
            label="When sales happen"
            rows={hours}
            x="hour"
            y="day"
            value="count"
            height={280}
          />
        </Panel>
        <Panel title="Stacked area">
          <Chart
            kind="area"
            stacked
            label="Share of branches"
            rows={months}
            x="month"
            xFormat="month"
            pivot={{ series: 'branch', value: 'total' }}
            format={{ money: 'USD' }}
            height={280}
          />
        </Panel>
        <Panel title="Nothing">
          <Chart kind="bar" label="Nothing" rows={[] as { x: string }[]} x="x" series={[]} />
        </Panel>
        <Panel title="Loading">
          <Chart kind="bar" label="Loading" rows={undefined} x="x" loading />
        </Panel>
      </Columns>
    </Page>
  );
}
