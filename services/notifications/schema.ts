/**
 * The shapes of notifications: what was told to whom, how, and whether it arrived.
 *
 * Tables (schema `notifications`, see migrations/): `notifications`, `outbox`, `templates`, `preferences`,
 * `endpoints`, and the copies `agents` and `people`. Personal: names and email addresses in the copies, the
 * text of notifications and mails; erasing an agent or a person removes them.
 */
import { z } from 'zod';

export const channel = z.enum(['in-app', 'email', 'webhook']);
export type Channel = z.infer<typeof channel>;

export const status = z.enum(['PENDING', 'SENT', 'FAILED']);
export type Status = z.infer<typeof status>;

/** What notifications are about; features/kinds.ts says more of each. */
export const kind = z.enum(['target-reached', 'agent-deactivated', 'message']);
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
