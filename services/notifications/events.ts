/** What notifications publishes. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';

export const channel = z.enum(['in-app', 'email', 'webhook']);
export const status = z.enum(['PENDING', 'SENT', 'FAILED']);

/** A notification was made or its delivery moved on. Key: the notification's id. */
export const notificationsChanged = {
  type: 'notifications.changed',
  version: 1,
  payload: z.object({
    notificationId: z.uuid(),
    /** The agent told, if it was one. */
    agentId: z.uuid().nullable(),
    /** The person told, if it was one. */
    personId: z.string().nullable(),
    channel,
    /** What it is about: `target-reached`, `agent-deactivated`, `message` … */
    kind: z.string(),
    /** Null when it has just been made. */
    before: status.nullable(),
    after: status,
  }),
  people: ['agentId', 'personId'],
  reach: { agents: ['agentId'], people: ['personId'] },
} as const satisfies EventDeclaration;

export const notificationsEvents = [notificationsChanged] as const;
