/** Failed notifications are delivered again because somebody says so, with all their attempts before them. */
import type { Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { notificationsApi } from '../api.ts';
import { notificationsError } from '../errors.ts';
import { notificationsChanged } from '../events.ts';
import type { Channel } from '../schema.ts';
import { readOne } from './list-deliveries.ts';
import { changeOf } from './notify.ts';

/** Most at once; the rest stays failed and can be retried after. */
const AT_ONCE = 1000;

/** @param id of one, or all that failed @returns how many go out again */
export async function retryFailures(
  tx: Transaction,
  context: ServiceContext,
  id: string | null,
): Promise<number> {
  const answer = await tx.query<{
    id: string;
    agentId: string | null;
    personId: string | null;
    channel: Channel;
    kind: string;
  }>(
    `UPDATE notifications.notifications SET status = 'PENDING', claimed_by = NULL, claimed_until = NULL
     WHERE id IN (SELECT id FROM notifications.notifications WHERE status = 'FAILED' AND ($1::uuid IS NULL OR id = $1)
       ORDER BY created_at, id LIMIT $2 FOR UPDATE)
     RETURNING id, agent_id AS "agentId", person_id AS "personId", channel, kind`,
    [id, AT_ONCE],
  );
  const now = context.clock.now();
  await publish(
    tx,
    notificationsChanged,
    answer.rows.map((row) => changeOf(row, 'FAILED', 'PENDING', now)),
  );
  for (const row of answer.rows) await context.enqueue(tx, 'deliver', { notificationId: row.id });
  return answer.rows.length;
}

export const retry: Handler<typeof notificationsApi.retry> = async ({ params }, context) => {
  const delivery = await context.db.transaction(async (tx) => {
    const retried = await retryFailures(tx, context, params.id);
    const now = await readOne(tx, params.id);
    if (retried === 0) throw notificationsError('not_failed');
    return now;
  });
  return { status: 200, body: delivery };
};

export const retryFailed: Handler<typeof notificationsApi.retryFailed> = async (_request, context) => ({
  status: 200,
  body: { retried: await context.db.transaction((tx) => retryFailures(tx, context, null)) },
});
