/** What the organisation says about itself in the notice, and its earlier versions. */
import { Anchor, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { NoticeContent, privacyApi } from '@moonbase/service/privacy-api';
import { ErrorState, Form, Panel, Timeline, useAct, useCan, useRead, useZodForm } from '@moonbase/ui';
import type { z } from 'zod';

type Notice = z.output<(typeof privacyApi.readNotice.responses)[200]>;

export function NoticeView() {
  const notice = useRead(privacyApi.readNotice);
  const versions = useRead(privacyApi.listNotices);
  const mayWrite = useCan('privacy:write');
  return (
    <Stack gap="lg" maw={720}>
      {notice.error && <ErrorState error={notice.error} onRetry={() => void notice.refetch()} />}
      <Text size="sm">
        Everybody can read it at{' '}
        <Anchor href="/privacy" inherit style={{ textDecoration: 'underline' }}>
          /privacy
        </Anchor>
        . What is processed and how long follows from the register; this is what only you know.
      </Text>
      {notice.data && mayWrite && <Editor key={notice.data.version} notice={notice.data} />}
      <Panel title="Versions">
        <Timeline
          rows={(versions.data?.items ?? []).map(({ version, publishedAt, publishedBy, content }) => ({
            id: String(version),
            at: publishedAt,
            title: `Version ${version}`,
            actor: publishedBy,
            detail: content.controller,
          }))}
        />
        {versions.data?.items.length === 0 && (
          <Text size="sm" c="var(--mb-ink-3)">
            None was published yet: the notice shows what comes with Moonbase.
          </Text>
        )}
      </Panel>
    </Stack>
  );
}

function Editor({ notice }: { notice: Notice }) {
  const publish = useAct(privacyApi.publishNotice, {
    invalidates: [privacyApi.readNotice, privacyApi.listNotices],
    success: ({ version }) => `Version ${version} is published`,
    quiet: true,
  });
  const form = useZodForm(NoticeContent, {
    initial: notice.content,
    // A cleared field is left out by the form, and empty in the notice.
    submit: (content) => publish.mutateAsync({ body: { ...EMPTY, ...content } }),
  });
  return (
    <Panel title={`The notice, version ${notice.version + 1}`}>
      <Form form={form} submitLabel="Publish">
        <TextInput
          label="Controller"
          description="Who decides what the data are for."
          {...form.field('controller')}
        />
        <TextInput label="Postal address" {...form.field('address')} />
        <TextInput
          label="Contact"
          description="An address or number that answers."
          {...form.field('contact')}
        />
        <TextInput label="Data protection officer" {...form.field('officer')} />
        <TextInput label="The officer’s contact" {...form.field('officerContact')} />
        <TextInput
          label="Supervisory authority"
          description="As: Data Protection Authority of Sri Lanka."
          {...form.field('authority')}
        />
        <Textarea label="More to say" autosize minRows={4} {...form.field('text')} />
      </Form>
    </Panel>
  );
}

const EMPTY = { address: '', officer: '', officerContact: '', authority: '', text: '' };
