/**
 * Every route of notifications on one screen. One's own inbox and preferences ask for `notifications:read`;
 * sending, templates, deliveries and the outbox for `notifications:write`.
 */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import * as shape from './schema.ts';

const byId = z.object({ id: z.uuid() });
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
};
const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const fault = z.object({ at: z.string(), message: z.string() });
const url = z
  .url({ protocol: /^https?$/, error: 'An address that begins with https:// or http://.' })
  .max(1000);

/** A message by hand: to agents, teams, branches and people, or to everyone. */
export const newMessage = z
  .strictObject({
    to: z.strictObject({
      agents: z.array(z.uuid()).max(1000).default([]),
      teams: z.array(z.uuid()).max(200).default([]),
      branches: z.array(z.uuid()).max(200).default([]),
      people: z.array(z.uuid()).max(1000).default([]),
      everyone: z.boolean().default(false),
    }),
    title: shape.line(150).min(1),
    message: shape.text(4000).min(1),
    link: shape.link.optional(),
  })
  .refine(
    ({ to }) => to.everyone || to.agents.length + to.teams.length + to.branches.length + to.people.length > 0,
    {
      path: ['to'],
      error: 'Nobody is named.',
    },
  );

/** A notification that was sent by another system in the past. */
export const pastNotification = z.strictObject({
  /** The system it comes from; a reference is unique within it. */
  source: shape.line(64).min(1),
  reference: shape.line(128).min(1),
  /** The agent's id, or else code; neither where the system does not know any more. */
  agentId: z.uuid().nullish(),
  agent: shape.line(50).nullish(),
  title: shape.line(150).min(1).default('Notification'),
  message: shape.text(4000),
  sentAt: z.iso.datetime({ offset: true }),
});

const newEndpoint = z.strictObject({
  url,
  kinds: z.array(shape.kind).max(20).default([]),
  /** One's own: it gets what one is told oneself. Otherwise everything, which asks for `notifications:write`. */
  own: z.boolean().default(false),
});

export const notificationsApi = {
  listInbox: {
    method: 'GET',
    path: '/notifications/inbox',
    summary: 'One’s own notifications, the newest first, with the number of unread ones',
    allow: 'notifications:read',
    query: z.strictObject({ ...page, unread: flag.optional() }),
    responses: { 200: pageOf(shape.message).extend({ unread: z.number().int() }) },
  },
  markRead: {
    method: 'PATCH',
    path: '/notifications/inbox/:id',
    summary: 'Mark one of one’s own notifications as read, or unread again',
    allow: 'notifications:read',
    params: byId,
    body: z.strictObject({ read: z.boolean() }),
    responses: { 200: shape.message },
    errors: ['notification_unknown'],
  },
  markAllRead: {
    method: 'POST',
    path: '/notifications/inbox/read',
    summary: 'Mark all of one’s own notifications as read',
    allow: 'notifications:read',
    responses: { 200: z.object({ marked: z.number().int() }) },
    idempotency: false, // Creates nothing; twice is once.
  },

  readPreferences: {
    method: 'GET',
    path: '/notifications/preferences',
    summary: 'What one wants to be told, and how',
    allow: 'notifications:read',
    responses: { 200: z.object({ items: z.array(shape.preference) }) },
  },
  setPreferences: {
    method: 'PUT',
    path: '/notifications/preferences',
    summary: 'Change what one wants to be told, and how; what is not named stays',
    allow: 'notifications:read',
    body: z.strictObject({ items: z.array(shape.preference.strict()).min(1).max(100) }),
    responses: { 200: z.object({ items: z.array(shape.preference) }) },
    errors: ['not_a_person'],
  },

  listDeliveries: {
    method: 'GET',
    path: '/notifications',
    summary: 'All notifications, the newest first, filtered',
    allow: 'notifications:write',
    query: z.strictObject({
      ...page,
      status: shape.status.optional(),
      channel: shape.channel.optional(),
      kind: shape.kind.optional(),
      agent: z.uuid().optional(),
    }),
    responses: { 200: pageOf(shape.delivery) },
  },
  readDelivery: {
    method: 'GET',
    path: '/notifications/:id',
    summary: 'One notification',
    allow: 'notifications:write',
    params: byId,
    responses: { 200: shape.delivery },
    errors: ['notification_unknown'],
  },
  countDeliveries: {
    method: 'GET',
    path: '/notifications/counts',
    summary: 'Notifications by status',
    allow: 'notifications:write',
    responses: { 200: z.object({ PENDING: z.number(), SENT: z.number(), FAILED: z.number() }) },
  },
  sendMessage: {
    method: 'POST',
    path: '/notifications',
    summary: 'Tell agents, teams, branches, people or everyone something',
    allow: 'notifications:write',
    body: newMessage,
    responses: { 201: z.object({ recipients: z.number().int(), notifications: z.number().int() }) },
    errors: ['nobody_told'],
  },
  importNotifications: {
    method: 'POST',
    path: '/notifications/import',
    summary: 'Take in notifications that another system sent; the same reference again changes nothing',
    allow: 'notifications:write',
    body: z.strictObject({ notifications: z.array(z.unknown()).min(1).max(5000) }),
    bodyLimit: 8 * 1024 * 1024,
    responses: {
      200: z.object({
        created: z.number().int(),
        unchanged: z.number().int(),
        rejected: z.array(
          z.object({
            row: z.number().int(),
            reference: z.string().nullable(),
            faults: z.array(fault),
            remedy: z.string(),
          }),
        ),
      }),
    },
  },
  retry: {
    method: 'POST',
    path: '/notifications/:id/retry',
    summary: 'Deliver a failed notification again',
    allow: 'notifications:write',
    params: byId,
    responses: { 200: shape.delivery },
    errors: ['notification_unknown', 'not_failed'],
    idempotency: false, // Twice is once: the second finds it no longer failed.
  },
  retryFailed: {
    method: 'POST',
    path: '/notifications/retry',
    summary: 'Deliver all failed notifications again',
    allow: 'notifications:write',
    responses: { 200: z.object({ retried: z.number().int() }) },
    idempotency: false, // Twice is once: the second finds none that failed.
  },

  listTemplates: {
    method: 'GET',
    path: '/notifications/templates',
    summary: 'The text of each kind',
    allow: 'notifications:write',
    responses: { 200: z.object({ items: z.array(shape.template) }) },
  },
  putTemplate: {
    method: 'PUT',
    path: '/notifications/templates/:kind',
    summary: 'Write the text of a kind',
    allow: 'notifications:write',
    params: z.object({ kind: shape.kind }),
    body: z.strictObject({ subject: shape.line(200).min(1), body: shape.text(4000).min(1) }),
    responses: { 200: shape.template },
    errors: ['placeholder_unknown'],
  },
  resetTemplate: {
    method: 'DELETE',
    path: '/notifications/templates/:kind',
    summary: 'Go back to the text that Moonbase comes with',
    allow: 'notifications:write',
    params: z.object({ kind: shape.kind }),
    responses: { 200: shape.template },
  },
  previewTemplate: {
    method: 'POST',
    path: '/notifications/templates/:kind/preview',
    summary: 'How a text would read, with example values',
    allow: 'notifications:write',
    params: z.object({ kind: shape.kind }),
    body: z.strictObject({ subject: shape.line(200), body: shape.text(4000) }),
    responses: {
      200: z.object({ subject: z.string(), body: z.string(), unknown: z.array(z.string()) }),
    },
    idempotency: false, // Stores nothing.
  },

  listEndpoints: {
    method: 'GET',
    path: '/notifications/endpoints',
    summary: 'Webhooks: one’s own, and those of the organisation for those who may send',
    allow: 'notifications:read',
    responses: { 200: z.object({ items: z.array(shape.endpoint) }) },
  },
  addEndpoint: {
    method: 'POST',
    path: '/notifications/endpoints',
    summary: 'Add a webhook; the answer holds the secret that signs what is sent, this once',
    allow: 'notifications:read',
    body: newEndpoint,
    responses: { 201: shape.endpoint.extend({ secret: z.string() }) },
    errors: ['not_a_person', 'endpoint_forbidden', 'address_refused'],
    idempotency: false, // The answer carries a secret, which must not be kept to be repeated.
  },
  changeEndpoint: {
    method: 'PATCH',
    path: '/notifications/endpoints/:id',
    summary: 'Change, pause or resume a webhook',
    allow: 'notifications:read',
    params: byId,
    body: newEndpoint
      .pick({ url: true })
      .partial()
      .extend({
        kinds: z.array(shape.kind).max(20).optional(),
        active: z.boolean().optional(),
      }),
    responses: { 200: shape.endpoint },
    errors: ['endpoint_unknown', 'address_refused'],
  },
  renewSecret: {
    method: 'POST',
    path: '/notifications/endpoints/:id/secret',
    summary: 'Replace the secret; the old one signs nothing any more',
    allow: 'notifications:read',
    params: byId,
    responses: { 200: z.object({ secret: z.string() }) },
    errors: ['endpoint_unknown'],
    idempotency: false, // The answer carries a secret, which must not be kept to be repeated.
  },
  removeEndpoint: {
    method: 'DELETE',
    path: '/notifications/endpoints/:id',
    summary: 'Remove a webhook; what waits for it fails',
    allow: 'notifications:read',
    params: byId,
    responses: { 200: z.object({ removed: z.literal(true) }) },
    errors: ['endpoint_unknown'],
  },

  listOutbox: {
    method: 'GET',
    path: '/notifications/outbox',
    summary: 'Mails kept here because no mail server is set, the newest first',
    allow: 'notifications:write',
    query: z.strictObject(page),
    responses: { 200: pageOf(shape.mail).extend({ mailServer: z.boolean() }) },
  },
} as const satisfies Api;
