/** A target passed a threshold: whoever it is about and those who lead are told. */
import type { Event, Transaction } from '@moonbase/events';
import type { targetReached } from '@moonbase/sales/events.ts';
import type { ServiceContext } from '@moonbase/service';
import { type Audience, findRecipients } from './find-recipients.ts';
import { type News, notify } from './notify.ts';
import { writeAmount, writeDay, writePercent } from './write-values.ts';

/** News of a day longer ago than this is history: sales of the past that were taken in late. */
const PAST_DAYS = 7;

export async function tellTargets(
  events: Event<typeof targetReached>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const { name: organisation } = await context.organisation();
  const news: News[] = [];
  for (const event of events) {
    const { payload } = event;
    const recipients = await findRecipients(tx, audienceOf(payload));
    const { subject, threshold, value, progress, measure, currency, periodFrom, periodTo, day } = payload;
    const named = subject.kind === 'agent' && subject.id !== null ? await agentName(tx, subject.id) : null;
    const now = context.clock.now();
    const then = new Date(`${day}T12:00:00Z`);
    const past = now.getTime() - then.getTime() > PAST_DAYS * 86_400_000;
    news.push({
      cause: event.id,
      kind: 'target-reached',
      recipients,
      values: {
        subject: named ?? payload.subjectName ?? (subject.kind === 'company' ? organisation : 'An agent'),
        threshold: writePercent(threshold),
        progress: writeAmount(progress, measure, currency),
        target: writeAmount(value, measure, currency),
        period:
          periodTo === null
            ? `the time since ${writeDay(periodFrom)}`
            : `${writeDay(periodFrom)} to ${writeDay(periodTo)}`,
        day: writeDay(day),
      },
      link: `/targets/${payload.targetId}`,
      about: subject.kind === 'agent' && subject.id !== null ? [subject.id] : [],
      past,
      at: past ? then : now,
    });
  }
  await notify(tx, context, news);
}

function audienceOf({ subject }: Event<typeof targetReached>['payload']): Audience {
  const ids = subject.id === null ? [] : [subject.id];
  if (subject.kind === 'agent') return { agents: ids, leadersOf: { agents: ids } };
  if (subject.kind === 'team') return { teams: ids, leadersOf: { teams: ids } };
  if (subject.kind === 'branch') return { branches: ids, leadersOf: { branches: ids } };
  return { leadersOf: {} };
}

async function agentName(tx: Transaction, id: string): Promise<string | null> {
  const answer = await tx.query<{ name: string | null }>(
    'SELECT name FROM notifications.agents WHERE id = $1',
    [id],
  );
  return answer.rows[0]?.name ?? null;
}
