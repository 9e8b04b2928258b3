import { Button, Menu } from '@mantine/core';
import {
  Chart,
  Columns,
  CopyButton,
  Count,
  Day,
  Facts,
  Figure,
  Money,
  Page,
  Panel,
  Percent,
  PersonAvatar,
  StatusBadge,
  Timeline,
} from '@moonbase/ui';
import { IconDots } from '@tabler/icons-react';
import { days } from './made-up.ts';

export default function Agent() {
  return (
    <Page
      title="Nimal Perera"
      mark={<StatusBadge status="active" />}
      crumbs={[{ title: 'Agents', to: '/agents' }]}
      actions={
        <>
          <Button variant="default">Change</Button>
          <Menu>
            <Menu.Target>
              <Button variant="default" px={8} aria-label="More">
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item>Deactivate</Menu.Item>
              <Menu.Item color="red">Erase</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
      tabs={[
        { title: 'Profile', to: '/agents' },
        { title: 'Sales', to: '/agents?view=sales', count: 41 },
        { title: 'History', to: '/agents?view=history' },
      ]}
      aside={
        <>
          <Panel title="Facts">
            <Facts
              rows={[
                [
                  'Code',
                  <span key="code">
                    AG-0042 <CopyButton value="AG-0042" label="Copy the code" />
                  </span>,
                ],
                ['Branch', 'Harbour'],
                ['Team', 'Blue'],
                ['Email', 'nimal@moon.example'],
                ['Hired', <Day key="hired" value="2019-03-04" />],
                ['Contact', null],
              ]}
            />
          </Panel>
          <Panel title="History">
            <Timeline
              rows={[
                {
                  id: '1',
                  at: new Date(Date.now() - 86_400_000 * 3),
                  title: 'Changed',
                  actor: <PersonAvatar name="Amara Silva" size="sm" withName />,
                  changes: [
                    { field: 'Branch', from: 'North', to: 'Harbour' },
                    { field: 'Team', from: null, to: 'Blue' },
                  ],
                },
                { id: '2', at: '2019-03-04T08:00:00Z', title: 'Created', actor: 'Import' },
              ]}
            />
          </Panel>
        </>
      }
    >
      <Panel>
        <Columns of={4} min={120}>
          <Figure label="This month" value={<Money value="58210.50" />} />
          <Figure label="Sales" value={<Count value={41} />} />
          <Figure
            label="Of target"
            value={<Percent value={1.12} />}
            hint="Against his own target of 52,000."
          />
          <Figure label="Cancelled" value={<Percent value={0.0241} />} />
        </Columns>
      </Panel>
      <Panel title="Sales by day">
        <Chart
          kind="bar"
          label="Sales by day"
          rows={days}
          x="day"
          xFormat="day"
          series={[{ key: 'total', name: 'Sales' }]}
          format={{ money: 'USD' }}
          goal={{ value: 10_000, name: 'Pace' }}
        />
      </Panel>
    </Page>
  );
}
