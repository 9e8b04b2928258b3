/** Somebody tells others something, by hand. */
import { newId } from '@moonbase/data';
import type { Handler } from '@moonbase/service';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import { findRecipients } from './find-recipients.ts';
import { notify } from './notify.ts';

export const sendMessage: Handler<typeof notificationsApi.sendMessage> = async ({ body }, context) => {
  const { to, title, message, link = null } = body;
  const told = await context.db.transaction(async (tx) => {
    const recipients = await findRecipients(tx, to);
    if (recipients.length === 0) throw notificationsError('nobody_told');
    const news = {
      cause: `message:${newId()}`,
      kind: 'message' as const,
      recipients,
      values: { title, message },
      link,
      at: context.clock.now(),
    };
    return { recipients: recipients.length, notifications: await notify(tx, context, [news]) };
  });
  return { status: 201, body: told };
};
