/** What can go wrong in notifications, and what to do about it. */
import { errorsOf } from '@moonbase/http/errors';

export const notificationsError = errorsOf({
  notification_unknown: {
    status: 404,
    message: 'There is no such notification, or it is not yours.',
    remedy: 'Read the list again.',
  },
  not_failed: {
    status: 409,
    message: 'Only failed notifications can be delivered again.',
    remedy: 'Read the list again: it may have been retried or delivered meanwhile.',
  },
  nobody_told: {
    status: 422,
    message: 'None of those named can be told anything.',
    remedy: 'Name agents or people that exist and are active.',
  },
  not_a_person: {
    status: 409,
    message: 'Only people have preferences and webhooks of their own.',
    remedy: 'Sign in as a person, or leave "own" out.',
  },
  placeholder_unknown: {
    status: 422,
    message: 'The text names a placeholder that this kind does not have.',
    remedy: 'Use the placeholders listed for the kind.',
  },
  endpoint_unknown: {
    status: 404,
    message: 'There is no such webhook, or it is not yours.',
    remedy: 'Read the list again.',
  },
  endpoint_forbidden: {
    status: 403,
    message: 'Webhooks of the organisation ask for the permission notifications:write.',
    remedy: 'Send "own": true for a webhook of your own.',
  },
  address_refused: {
    status: 422,
    message: 'Webhooks may not go to this address.',
    remedy: 'Use a public address, or let an administrator allow private ones in the settings.',
  },
});
