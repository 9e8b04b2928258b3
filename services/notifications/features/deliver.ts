/**
 * Delivery outside: at least once, and never twice at the same time.
 *
 *   PENDING ──arrived──▶ SENT
 *      │  ▲ └─refused for good, or no attempt left──▶ FAILED
 *      └──┘ failed: kept with the error, tried again later       FAILED ──somebody retries──▶ PENDING
 *
 * An attempt claims the row first, for a minute at most: a second job for the same notification waits, and
 * the same job, tried again after a crash, goes on. A crash between arrival and SENT means that it arrives
 * again: mails keep their Message-ID, webhooks their delivery id, so that receivers can tell.
 */
import { publish } from '@moonbase/events';
import type { JobResult, JobRun, ServiceContext } from '@moonbase/service';
import { notificationsChanged } from '../events.ts';
import type { Channel, Status } from '../schema.ts';
import { readMailConsent } from './mail-consent.ts';
import { changeOf } from './notify.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';

/** Attempts after the first. */
export const DELIVERY_RETRIES = 8;

export interface Claimed {
  id: string;
  channel: Channel;
  kind: string;
  status: Status;
  personId: string | null;
  agentId: string | null;
  endpointId: string | null;
  /** Agents whom it is about. */
  about: string[];
  subject: string;
  body: string;
  link: string | null;
  createdAt: Date;
}

/** Trying again would not help: no such mailbox, the webhook was removed. */
export class Undeliverable extends Error {}

/** One attempt. @throws Error when it failed and may be tried again */
export async function deliver(
  context: ServiceContext,
  run: Pick<JobRun<unknown>, 'id' | 'attempt' | 'signal'>,
  id: string,
): Promise<JobResult | undefined> {
  const claimed = await claim(context, run.id, id);
  if (!claimed) return { counts: { sent: 0 } };
  let kept: Kept | undefined;
  try {
    if (claimed.channel === 'email') {
      // Consent may have been taken back since it was written.
      const mayMail = await readMailConsent(context.db, claimed.personId ? [claimed.personId] : []);
      if (!mayMail(claimed)) throw new Undeliverable('The recipient does not want such mails any more.');
      kept = await sendMail(context, claimed);
    }
    if (claimed.channel === 'webhook') await sendWebhook(context, claimed, run.signal);
  } catch (error) {
    // The host stops: the same job goes on elsewhere, and this attempt says nothing about the receiver.
    if (run.signal.aborted) throw error;
    const last = error instanceof Undeliverable || run.attempt > DELIVERY_RETRIES;
    await settle(context, claimed, last ? 'FAILED' : 'PENDING', { error: (error as Error).message });
    if (last) return { counts: { failed: 1 } };
    // What the receiver said may quote an address: it stays with the notification, and out of logs and runs.
    throw new Error((error as Error).message.split(':', 1)[0]);
  }
  await settle(context, claimed, 'SENT', { kept });
  return { counts: { sent: 1 } };
}

/** A mail to be kept in the outbox, because there is no mail server. */
export interface Kept {
  address: string;
  subject: string;
  body: string;
}

/** @returns nothing when it has arrived already or is gone */
async function claim({ db, clock }: ServiceContext, run: string, id: string): Promise<Claimed | undefined> {
  const now = clock.now();
  const answer = await db.query<Claimed>(
    `UPDATE notifications.notifications SET attempts = attempts + 1, claimed_by = $2,
       claimed_until = $3::timestamptz + interval '60 seconds'
     WHERE id = $1 AND status <> 'SENT'
       AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until < $3)
     RETURNING id, channel, kind, status, person_id AS "personId", agent_id AS "agentId",
       endpoint_id AS "endpointId", about, subject, body, link, created_at AS "createdAt"`,
    [id, run, now],
  );
  if (answer.rows[0]) return answer.rows[0];
  const there = await db.query<{ status: Status }>(
    'SELECT status FROM notifications.notifications WHERE id = $1',
    [id],
  );
  if (!there.rows[0] || there.rows[0].status === 'SENT') return undefined;
  throw new Error('It is being delivered at this moment.');
}

async function settle(
  { db, clock }: ServiceContext,
  claimed: Claimed,
  after: Status,
  how: { error?: string; kept?: Kept | undefined },
): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    const locked = await tx.query<{ status: Status }>(
      'SELECT status FROM notifications.notifications WHERE id = $1 FOR UPDATE',
      [claimed.id],
    );
    const before = locked.rows[0]?.status;
    if (!before || before === 'SENT') return;
    await tx.query(
      `UPDATE notifications.notifications SET status = $2, last_error = $3, claimed_by = NULL,
         claimed_until = NULL, sent_at = CASE WHEN $2 = 'SENT' THEN $4::timestamptz END WHERE id = $1`,
      [claimed.id, after, how.error?.slice(0, 1000) ?? null, now],
    );
    if (how.kept)
      await tx.query(
        `INSERT INTO notifications.outbox (id, address, subject, body, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING`,
        [claimed.id, how.kept.address, how.kept.subject, how.kept.body, now],
      );
    if (before !== after) await publish(tx, notificationsChanged, changeOf(claimed, before, after, now));
  });
}
