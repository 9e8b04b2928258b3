/**
 * The one way in which notifications come into being: a row per cause, recipient and channel, at most once
 * ever; with it the event that tells of it, and the job that delivers it where delivery is outside.
 */
import { newId, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { ServiceContext } from '@moonbase/service';
import { notificationsChanged } from '../events.ts';
import type { Channel, Kind, Status } from '../schema.ts';
import { type Recipient, recipientKey } from './find-recipients.ts';
import { kinds } from './kinds.ts';
import { readMailConsent } from './mail-consent.ts';
import { oneLine, renderTemplate } from './render-template.ts';

export interface News {
  /** Id of the event or request behind it. */
  cause: string;
  kind: Kind;
  recipients: readonly Recipient[];
  /** What the placeholders of the kind stand for; `name` and `organisation` are added. */
  values: Readonly<Record<string, string>>;
  link?: string | null;
  /** Agents whose names the values hold. */
  about?: readonly string[];
  /** History: there to be looked up in the console, as of `at` and read already, and not sent. */
  past?: boolean;
  at: Date;
}

interface Draft {
  id: string;
  cause: string;
  recipient: string;
  channel: Channel;
  kind: Kind;
  status: Status;
  personId: string | null;
  agentId: string | null;
  endpointId: string | null;
  about: readonly string[];
  subject: string;
  body: string;
  link: string | null;
  at: Date;
  sentAt: Date | null;
  readAt: Date | null;
}

/** @returns how many notifications were made; what was made before for the same cause is not made again */
export async function notify(
  tx: Transaction,
  context: ServiceContext,
  news: readonly News[],
): Promise<number> {
  if (news.length === 0) return 0;
  const organisation = await context.organisation();
  const texts = await readTexts(tx);
  const wanted = await readPreferences(tx, news);
  const endpoints = await readEndpoints(tx);
  const people = new Set(news.flatMap((item) => item.recipients.flatMap((to) => to.personId ?? [])));
  const mayMail = await readMailConsent(tx, [...people]);
  const drafts = news.flatMap((item) => {
    const text = texts.get(item.kind) ?? kinds[item.kind];
    const draft = (
      channel: Channel,
      recipient: string,
      to: Partial<Recipient> & { endpointId?: string },
    ): Draft => {
      const values = { name: to.name ?? '', organisation: organisation.name, ...item.values };
      const sent = channel === 'in-app';
      return {
        id: newId(),
        cause: item.cause,
        recipient,
        channel,
        kind: item.kind,
        status: sent ? 'SENT' : 'PENDING',
        personId: to.personId ?? null,
        agentId: to.agentId ?? null,
        endpointId: to.endpointId ?? null,
        about: item.about ?? [],
        subject: oneLine(renderTemplate(text.subject, values)).slice(0, 300),
        body: renderTemplate(text.body, values),
        link: item.link ?? null,
        at: item.at,
        sentAt: sent ? item.at : null,
        readAt: item.past ? item.at : null,
      };
    };
    const toPeople = item.recipients.flatMap((to) => {
      const wants = (channel: Channel) =>
        wanted.get(`${to.personId} ${item.kind} ${channel}`) ?? kinds[item.kind].channels.includes(channel);
      const key = recipientKey(to);
      const own = endpoints.filter((each) => each.personId !== null && each.personId === to.personId);
      return [
        ...(wants('in-app') ? [draft('in-app', key, to)] : []),
        ...(!item.past &&
        to.email &&
        wants('email') &&
        mayMail({ ...to, kind: item.kind, about: item.about ?? [] })
          ? [draft('email', key, to)]
          : []),
        ...(!item.past && wants('webhook')
          ? own.map((each) => draft('webhook', `endpoint:${each.id}`, { ...to, endpointId: each.id }))
          : []),
      ];
    });
    const toOrganisation = item.past
      ? []
      : endpoints
          .filter(
            (each) => each.personId === null && (each.kinds.length === 0 || each.kinds.includes(item.kind)),
          )
          .map((each) => draft('webhook', `endpoint:${each.id}`, { endpointId: each.id }));
    return [...toPeople, ...toOrganisation];
  });
  return insert(tx, context, drafts);
}

async function insert(tx: Transaction, context: ServiceContext, drafts: readonly Draft[]): Promise<number> {
  if (drafts.length === 0) return 0;
  const answer = await tx.query<{ id: string }>(
    `INSERT INTO notifications.notifications (id, cause, recipient, channel, kind, status, person_id, agent_id,
       endpoint_id, about, subject, body, link, created_at, sent_at, read_at)
     SELECT id, cause, recipient, channel, kind, status, "personId", "agentId", "endpointId",
       about, subject, body, link, at, "sentAt", "readAt"
     FROM jsonb_to_recordset($1) AS n (id uuid, cause text, recipient text, channel text, kind text, status text,
       "personId" uuid, "agentId" uuid, "endpointId" uuid, about uuid[], subject text, body text, link text,
       at timestamptz, "sentAt" timestamptz, "readAt" timestamptz)
     ORDER BY cause, recipient, channel
     ON CONFLICT (cause, recipient, channel) DO NOTHING RETURNING id`,
    [JSON.stringify(drafts)],
  );
  const made = new Set(answer.rows.map((row) => row.id));
  const fresh = drafts.filter((draft) => made.has(draft.id));
  await publish(
    tx,
    notificationsChanged,
    fresh.map((draft) => changeOf(draft, null, draft.status, draft.at)),
  );
  for (const draft of fresh)
    if (draft.status === 'PENDING') await context.enqueue(tx, 'deliver', { notificationId: draft.id });
  return fresh.length;
}

/** The event of a notification that moved from one status to another. */
export function changeOf(
  of: { id: string; agentId: string | null; personId: string | null; channel: Channel; kind: string },
  before: Status | null,
  after: Status,
  at: Date,
) {
  const { id, agentId, personId, channel, kind } = of;
  return {
    key: id,
    subjects: [agentId, personId].filter((each) => each !== null),
    occurredAt: at,
    payload: { notificationId: id, agentId, personId, channel, kind, before, after },
  };
}

async function readTexts(tx: Transaction): Promise<Map<string, { subject: string; body: string }>> {
  const answer = await tx.query<{ kind: string; subject: string; body: string }>(
    'SELECT kind, subject, body FROM notifications.templates',
  );
  return new Map(answer.rows.map((row) => [row.kind, row]));
}

/** What the people concerned chose: `<person> <kind> <channel>` → wanted. */
async function readPreferences(tx: Transaction, news: readonly News[]): Promise<Map<string, boolean>> {
  const people = news.flatMap((item) => item.recipients.flatMap((to) => to.personId ?? []));
  const answer = await tx.query<{ key: string; wanted: boolean }>(
    `SELECT person_id || ' ' || kind || ' ' || channel AS key, wanted
     FROM notifications.preferences WHERE person_id = ANY($1)`,
    [[...new Set(people)]],
  );
  return new Map(answer.rows.map((row) => [row.key, row.wanted]));
}

async function readEndpoints(tx: Transaction) {
  const answer = await tx.query<{ id: string; personId: string | null; kinds: string[] }>(
    'SELECT id, person_id AS "personId", kinds FROM notifications.endpoints WHERE active ORDER BY id',
  );
  return answer.rows;
}
