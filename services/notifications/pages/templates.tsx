/** The text of each kind: read, written anew with a preview, or put back. */
import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import {
  ConfirmDialog,
  ErrorState,
  FormDrawer,
  Page,
  Panel,
  StatusBadge,
  useAct,
  useRead,
  useZodForm,
} from '@moonbase/ui';
import { useEffect, useState } from 'react';
import { notificationsApi } from '../api.ts';
import type { Template } from '../schema.ts';
import classes from './inbox.module.css';

const invalidates = [notificationsApi.listTemplates];

export default function TemplatesPage() {
  const templates = useRead(notificationsApi.listTemplates);
  const [editing, setEditing] = useState<Template | null>(null);
  return (
    <Page title="Templates" description="How each kind of notification reads.">
      {templates.error && <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />}
      <Stack>
        {templates.data?.items.map((template) => (
          <OneTemplate key={template.kind} template={template} onEdit={() => setEditing(template)} />
        ))}
      </Stack>
      {editing && <TemplateForm key={editing.kind} template={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function OneTemplate({ template, onEdit }: { template: Template; onEdit: () => void }) {
  const [asking, setAsking] = useState(false);
  const reset = useAct(notificationsApi.resetTemplate, { invalidates, success: 'Put back', quiet: true });
  return (
    <Panel
      title={template.title}
      description={template.summary}
      actions={
        <>
          {template.changed && <StatusBadge status="changed" label="Written anew" />}
          {template.changed && (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsking(true)}>
              Put back
            </Button>
          )}
          <Button variant="subtle" size="compact-sm" onClick={onEdit}>
            Change
          </Button>
        </>
      }
    >
      <div className={classes.preview}>
        <strong>{template.subject}</strong>
        {template.body}
      </div>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Put «${template.title}» back?`}
        confirmLabel="Put back"
        danger
        onConfirm={() => reset.mutateAsync({ params: { kind: template.kind } })}
      >
        The text that Moonbase comes with is used again; what was written is lost.
      </ConfirmDialog>
    </Panel>
  );
}

function TemplateForm({ template, onClose }: { template: Template; onClose: () => void }) {
  const save = useAct(notificationsApi.putTemplate, { invalidates, success: 'Saved', quiet: true });
  const params = { kind: template.kind };
  const form = useZodForm(notificationsApi.putTemplate.body, {
    initial: { subject: template.subject, body: template.body },
    submit: (values) => save.mutateAsync({ params, body: values }),
    onDone: onClose,
  });
  return (
    <FormDrawer title={template.title} opened onClose={onClose} form={form} submitLabel="Save" size={620}>
      <TextInput label="Subject" required maxLength={200} {...form.field('subject')} />
      <Textarea label="Text" required autosize minRows={6} maxLength={4000} {...form.field('body')} />
      <ul className={classes.placeholders}>
        {Object.entries(template.placeholders).map(([name, meaning]) => (
          <li key={name}>
            <code>{`{{${name}}}`}</code> {meaning}
          </li>
        ))}
      </ul>
      <Preview kind={template.kind} subject={form.values.subject} body={form.values.body} />
    </FormDrawer>
  );
}

function Preview(props: Pick<Template, 'kind' | 'subject' | 'body'>) {
  const [{ kind, subject, body }] = useDebouncedValue(props, 250);
  const { mutate, data, error } = useAct(notificationsApi.previewTemplate, { quiet: true });
  useEffect(() => mutate({ params: { kind }, body: { subject, body } }), [mutate, kind, subject, body]);
  if (error) return <ErrorState error={error} />;
  return (
    <section aria-label="Preview" aria-live="polite">
      <div className={classes.preview}>
        <strong>{data?.subject}</strong>
        {data?.body}
      </div>
      {data && data.unknown.length > 0 && (
        <p role="alert">Not known: {data.unknown.map((name) => `{{${name}}}`).join(', ')}</p>
      )}
    </section>
  );
}
