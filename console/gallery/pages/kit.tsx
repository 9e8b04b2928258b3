import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  PasswordInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import {
  Bytes,
  CodeBlock,
  Columns,
  Count,
  Day,
  DayInput,
  Duration,
  Facts,
  FileDrop,
  Form,
  Hint,
  MomentInput,
  Money,
  Page,
  Panel,
  Percent,
  PersonAvatar,
  ProgressToTarget,
  StatusBadge,
  toast,
  useZodForm,
  When,
} from '@moonbase/ui';
import { z } from 'zod';

const Settings = z.object({
  name: z.string().min(1),
  zone: z.string(),
  from: z.string().optional(),
  at: z.string().optional(),
  roles: z.array(z.string()),
  note: z.string().optional(),
  loud: z.boolean(),
});

export default function Kit() {
  const form = useZodForm(Settings, {
    initial: {
      name: 'Moon',
      zone: '',
      from: '2026-11-01',
      at: '2026-11-20T08:30:00.000Z',
      roles: ['branch-manager'],
      note: '',
      loud: true,
    },
    submit: async () => undefined,
    onDone: () => toast({ title: 'Saved', tone: 'good' }),
  });
  return (
    <Page title="Targets" description="Controls, numbers, states">
      <Columns split="3:2">
        <Panel title="A form">
          <Form
            form={form}
            submitLabel="Save"
            secondary={
              <Button variant="subtle" color="gray" onClick={() => form.reset()}>
                Reset
              </Button>
            }
          >
            <Columns of={2} min={160}>
              <TextInput label="Name" required {...form.field('name')} />
              <Select
                label="Zone"
                required
                data={['Asia/Colombo', 'Europe/Berlin']}
                placeholder="Choose"
                {...form.field('zone')}
              />
              <DayInput label="From" {...form.field('from')} />
              <MomentInput label="At" {...form.field('at')} />
            </Columns>
            <MultiSelect
              label="Roles"
              data={['branch-manager', 'agent', 'analyst']}
              {...form.field('roles')}
            />
            <PasswordInput
              label="Password"
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            />
            <Textarea label="Note" description="Shown to nobody" {...form.field('note')} />
            <TextInput label="With a fault" defaultValue="12,50" error="An amount, as 12.50." />
            <TextInput label="Not yours to change" defaultValue="Fixed" disabled />
            <Group>
              <Checkbox label="Remember" defaultChecked />
              <Switch label="Aloud" {...form.field('loud', 'checkbox')} />
            </Group>
          </Form>
        </Panel>
        <div style={{ display: 'grid', gap: 16 }}>
          <Panel title="Buttons">
            <Group gap={8}>
              <Button>Filled</Button>
              <Button variant="default">Default</Button>
              <Button variant="light">Light</Button>
              <Button variant="subtle" color="gray">
                Subtle
              </Button>
              <Button color="red">Delete</Button>
              <Button disabled>Disabled</Button>
              <Hint label="A hint">
                <Button variant="outline">Outline</Button>
              </Hint>
            </Group>
          </Panel>
          <Panel title="Numbers">
            <Facts
              rows={[
                ['Money', <Money key="m" value="322966.7490" />],
                ['Compact', <Money key="c" value="1204382.10" compact />],
                ['Other currency', <Money key="o" value="98000" currency="LKR" />],
                ['Count', <Count key="n" value={1_204_382} />],
                ['Percent', <Percent key="p" value="33.3333" of={100} digits={1} />],
                ['When', <When key="w" at={new Date(Date.now() - 300_000)} />],
                ['Day', <Day key="d" value="2026-11-20" form="weekday" />],
                ['Duration', <Duration key="t" ms={93_400} />],
                ['Bytes', <Bytes key="b" value={67_108_864} />],
                ['Nothing', <Money key="z" value={null} />],
              ]}
            />
          </Panel>
          <Panel title="States">
            <Group gap={6}>
              {['active', 'SENT', 'PENDING', 'FAILED', 'cancelled', 'running', 'NOT_ACHIEVED'].map(
                (status) => (
                  <StatusBadge key={status} status={status} />
                ),
              )}
            </Group>
            <Group gap={6} mt={12}>
              {['Amara Silva', 'Jonas Weber', 'Mei-Ling Tan', 'Kofi', null].map((name) => (
                <PersonAvatar key={String(name)} name={name} />
              ))}
              <PersonAvatar name="Ingrid Olsen" size="lg" />
            </Group>
          </Panel>
          <Panel title="Progress">
            <ProgressToTarget value={412} target={1_000} pace={0.6} thresholds={[50, 80, 100]} />
          </Panel>
        </div>
      </Columns>
      <FileDrop
        url="/api/sales/upload"
        label="Sales as CSV or NDJSON"
        hint="up to 1 GB"
        accept=".csv,.ndjson"
        onDone={() => toast({ title: 'Taken in', tone: 'good' })}
      />
      <CodeBlock
        language="sql"
        label="A query"
        code={
          "-- sales by branch\nSELECT branch, sum(amount) AS total\nFROM sales\nWHERE day >= date '2026-11-01' AND status <> 'cancelled'\nGROUP BY branch\nORDER BY total DESC\nLIMIT 20;"
        }
      />
      <CodeBlock
        language="json"
        label="An event"
        code={JSON.stringify(
          { type: 'sales.recorded', position: 4211, payload: { amount: '120.5000', cancelled: false } },
          null,
          2,
        )}
      />
    </Page>
  );
}
