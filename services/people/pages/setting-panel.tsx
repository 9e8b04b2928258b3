/** One setting, as a form drawn from its schema. */
import { Button, JsonInput, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { Form, Panel, useAct, useCan, useZodForm, When, wordOf } from '@moonbase/ui';
import { z } from 'zod';
import { peopleApi } from '../api.ts';
import type { setting } from '../schema.ts';
import { useRefreshShell } from './refresh-shell.ts';

type Setting = z.output<typeof setting>;

interface FieldSchema {
  type?: string;
  enum?: (string | number)[];
  description?: string;
  minimum?: number;
  maximum?: number;
}

/** The fields of an object's schema; a setting that is no object has the one field `value`. */
function fieldsOf(schema: Setting['schema']): [name: string, schema: FieldSchema][] {
  return schema.type === 'object' && schema.properties
    ? Object.entries(schema.properties as Record<string, FieldSchema>)
    : [['', schema as FieldSchema]];
}

const isSimple = ({ type, enum: choices }: FieldSchema) =>
  choices !== undefined || ['string', 'number', 'integer', 'boolean'].includes(type ?? '');

export function SettingPanel({ setting }: { setting: Setting }) {
  const mayWrite = useCan('settings:write');
  const refreshShell = useRefreshShell();
  const change = useAct(peopleApi.changeSetting, {
    invalidates: [peopleApi.listSettings, peopleApi.readSession],
    success: `${setting.title} saved`,
    onSuccess: refreshShell,
    quiet: true,
  });
  const fields = fieldsOf(setting.schema);
  const asText = !fields.every(([, schema]) => isSimple(schema));
  const single = fields[0]?.[0] === '';
  const initial = asText ? JSON.stringify(setting.value, null, 2) : setting.value;
  const params = { name: setting.name };
  // The server checks: it has the schema with all its rules.
  const form = useZodForm(z.object({ value: z.unknown() }), {
    initial: { value: initial },
    submit: ({ value }) => change.mutateAsync({ params, body: { value: asText ? parsed(value) : value } }),
  });
  return (
    <Panel
      title={setting.title}
      description={
        setting.changedAt ? (
          <>
            Changed <When at={setting.changedAt} />
          </>
        ) : (
          'As it came'
        )
      }
    >
      <Form
        form={form}
        submitLabel="Save"
        secondary={
          setting.changedAt &&
          mayWrite && (
            <Button variant="default" onClick={() => change.mutate({ params, body: { value: null } })}>
              Back to the default
            </Button>
          )
        }
      >
        <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, display: 'grid', gap: 12 }}>
          {asText ? (
            <JsonInput label="Value" autosize minRows={3} {...form.field('value')} />
          ) : (
            fields.map(([name, schema]) => {
              const path = single ? 'value' : `value.${name}`;
              const props = { label: single ? 'Value' : wordOf(name), description: schema.description };
              if (schema.enum) {
                return <Select key={path} data={schema.enum.map(String)} {...props} {...form.field(path)} />;
              }
              if (schema.type === 'boolean') {
                return <Switch key={path} {...props} {...form.field(path, 'checkbox')} />;
              }
              if (schema.type === 'string') return <TextInput key={path} {...props} {...form.field(path)} />;
              return (
                <NumberInput
                  key={path}
                  {...props}
                  {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
                  {...(schema.maximum === undefined ? {} : { max: schema.maximum })}
                  allowDecimal={schema.type !== 'integer'}
                  {...form.field(path)}
                />
              );
            })
          )}
        </fieldset>
      </Form>
    </Panel>
  );
}

/** What was typed as JSON; as it is when it is none, for the server to say so. */
function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}
