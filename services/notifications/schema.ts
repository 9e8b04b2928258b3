/**
 * The shapes of notifications: what was told to whom, how, and whether it arrived.
 *
 * Tables (schema `notifications`, see migrations/): `notifications`, `outbox`, `templates`, `preferences`,
 * `endpoints`, `anomaly_news`, and the copies `agents` and `people`. Personal: names and email addresses in the copies, the
 * text of notifications and mails; erasing an agent or a person removes them.
 */
import type { PersonalData, Purpose } from '@moonbase/service';
import { z } from 'zod';

export const channel = z.enum(['in-app', 'email', 'webhook']);
export type Channel = z.infer<typeof channel>;

export const status = z.enum(['PENDING', 'SENT', 'FAILED']);
export type Status = z.infer<typeof status>;

/** What notifications are about; features/kinds.ts says more of each. */
export const kind = z.enum([
  ...(['target-reached', 'agent-deactivated', 'statement-closed', 'dispute-raised'] as const),
  ...(['dispute-decided', 'anomaly', 'anomaly-summary', 'message'] as const),
]);
export type Kind = z.infer<typeof kind>;

/** Text that PostgreSQL can hold; line breaks and tabs are text. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .refine((value) => value.isWellFormed() && !hasControlCharacter(value), {
      error: 'Contains characters that are not text.',
    });

function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if ((unit < 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) || unit === 0x7f) return true;
  }
  return false;
}

/** One line of text. */
export const line = (longest: number) =>
  text(longest).refine((value) => !/[\r\n]/.test(value), { error: 'Is one line.' });

/** A place in the console: `/agents/…`. */
export const link = z
  .string()
  .max(300)
  .regex(/^\/(?![/\\])[^\s\\]*$/, { error: 'A path in the console, as /agents.' });

const moment = z.iso.datetime();

/** Somebody's notification as they see it. */
export const message = z.object({
  id: z.uuid(),
  kind: z.string(),
  subject: z.string(),
  body: z.string(),
  link: z.string().nullable(),
  at: moment,
  readAt: moment.nullable(),
});

/** A notification as operators see it. */
export const delivery = z.object({
  id: z.uuid(),
  kind: z.string(),
  channel,
  status,
  /** Null where the data of whom it was for is erased. */
  recipient: z.string().nullable(),
  agentId: z.uuid().nullable(),
  personId: z.uuid().nullable(),
  endpointId: z.uuid().nullable(),
  subject: z.string(),
  body: z.string(),
  /** Event or request that it came from. */
  cause: z.string(),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  createdAt: moment,
  sentAt: moment.nullable(),
  readAt: moment.nullable(),
});
export type Delivery = z.infer<typeof delivery>;

export const mail = z.object({
  id: z.uuid(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  at: moment,
});

export const template = z.object({
  kind,
  title: z.string(),
  summary: z.string(),
  subject: z.string(),
  body: z.string(),
  /** What may stand in it as `{{name}}`, with what each is. */
  placeholders: z.record(z.string(), z.string()),
  /** Somebody wrote it; false while it is the one Moonbase comes with. */
  changed: z.boolean(),
});
export type Template = z.infer<typeof template>;

/** Where a webhook goes. */
export const endpoint = z.object({
  id: z.uuid(),
  url: z.string(),
  /** Whose it is: it gets what that person is told; null: everything of its kinds. */
  personId: z.uuid().nullable(),
  /** All when empty. */
  kinds: z.array(kind),
  active: z.boolean(),
  createdAt: moment,
});
export type Endpoint = z.infer<typeof endpoint>;

/** Whether somebody wants a kind over a channel. */
export const preference = z.object({ kind, channel, wanted: z.boolean() });

/** What of it is personal. */
export const notificationsPersonal: PersonalData = {
  tables: {
    agents: {
      columns: 'name email',
      purpose: 'A copy of agents, to tell them what concerns them',
      basis: 'contract',
      kept: 'until the agent is erased',
      of: { agent: 'id::text = $1' },
    },
    people: {
      columns: 'name email',
      purpose: 'A copy of people, to tell them what concerns them',
      basis: 'contract',
      kept: 'until the account is erased',
      of: { person: 'id::text = $1' },
    },
    endpoints: {
      columns: 'url',
      secret: 'secret',
      purpose: 'Where somebody has notifications sent to',
      basis: 'consent',
      kept: 'until it is removed or the account is erased',
      of: { person: 'person_id::text = $1' },
    },
    preferences: {
      columns: '',
      purpose: 'Over which channels somebody wants to hear of what',
      basis: 'contract',
      kept: 'until the account is erased',
      of: { person: 'person_id::text = $1' },
    },
    notifications: {
      columns: 'subject body last_error',
      purpose: 'What was told to whom, and whether it arrived',
      basis: 'contract',
      kept: 'the text a year; that something was told stays for the figures',
      of: {
        person: 'person_id::text = $1',
        agent: `(agent_id::text = $1 OR about @> ARRAY[$1::uuid])`,
      },
      retention: {
        texts: {
          title: 'Texts of notifications',
          days: 365,
          past: `created_at < $1 AND (subject <> '' OR body <> '' OR last_error IS NOT NULL)`,
          empty: `subject = '', body = '', last_error = NULL`,
        },
        errors: {
          title: 'What was wrong with deliveries',
          days: 90,
          past: 'created_at < $1 AND last_error IS NOT NULL',
          empty: 'last_error = NULL',
        },
      },
    },
    anomaly_news: {
      columns: '',
      purpose: 'Of which anomalies somebody was told, so that nobody is flooded',
      basis: 'legitimate interest',
      kept: 'two days',
      of: { person: 'person_id::text = $1' },
    },
    outbox: {
      columns: 'address subject body',
      purpose: 'Mails kept to be read because there is no mail server',
      basis: 'contract',
      kept: '30 days',
      of: {
        person: 'id IN (SELECT n.id FROM notifications.notifications n WHERE n.person_id::text = $1)',
        agent: 'id IN (SELECT n.id FROM notifications.notifications n WHERE n.agent_id::text = $1)',
      },
      retention: { outbox: { title: 'Mails of the outbox', days: 30, past: 'at < $1' } },
    },
  },
  impersonal: {
    agents: 'code',
    people: 'roles regions',
    branches: 'region',
    endpoints: 'secret kinds',
    preferences: '*',
    // A link is an address within the console: it holds ids.
    notifications: 'cause recipient channel kind status link source reference',
    templates: '*',
  },
};

/** What people may refuse. */
export const notificationsPurposes = {
  'mail-about-others': {
    title: 'E-mails about other people’s targets',
    text: 'Whoever leads is told by e-mail when a target of somebody else, of a team, branch or product is reached. Without it you still find it in your inbox here.',
    version: 1,
    basis: 'legitimate interest',
    refusable: true,
    assumed: true,
  },
  'mail-about-you': {
    title: 'E-mails about your own targets and messages to you',
    text: 'Your e-mail address is used to tell you when you reach a target, and to pass messages of colleagues on to you. Without it you still find them in your inbox here.',
    version: 1,
    basis: 'legitimate interest',
    refusable: true,
    assumed: true,
  },
} as const satisfies Record<string, Purpose>;
