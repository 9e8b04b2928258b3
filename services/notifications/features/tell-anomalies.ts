/**
 * Something looked unusual: those who may see it are told, a few an hour one by one and the rest in one sum at
 * the end of the hour. Everything is in the list of anomalies anyway; a flood would only be switched off.
 */
import type { anomalyFlagged } from '@moonbase/anomalies/events.ts';
import type { Event, Transaction } from '@moonbase/events';
import type { JobResult, JobRun, ServiceContext } from '@moonbase/service';
import { findRecipients } from './find-recipients.ts';
import { type News, notify } from './notify.ts';

/** Of one hour, told to one person one by one. */
export const ANOMALIES_AN_HOUR = 3;
/** Of days longer ago is history: found in sales of the past that were taken in late, and told nobody. */
const PAST_DAYS = 7;
const HOUR = 3_600_000;

export const anomalyTitles: Record<string, string> = {
  'unusual-amount': 'Unusual amount',
  'unusual-count': 'Unusual number of sales',
  'cancellation-burst': 'Burst of cancellations',
  'new-place': 'Sign-in from a new place',
  'export-out-of-hours': 'Export out of hours',
};

export async function tellAnomalies(
  events: Event<typeof anomalyFlagged>[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const now = context.clock.now();
  const recent = events.filter(
    ({ payload }) => now.getTime() - Date.parse(`${payload.day}T12:00:00Z`) <= PAST_DAYS * 86_400_000,
  );
  if (recent.length === 0) return;
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const alone = await noteDown(tx, recent, hour);
  const people = await findRecipients(tx, { people: recent.flatMap(({ payload }) => payload.readers) });
  const news = recent.map(
    ({ id, payload }): News => ({
      cause: id,
      kind: 'anomaly',
      recipients: people.filter(({ personId }) => alone.has(`${personId} ${payload.anomalyId}`)),
      values: { what: anomalyTitles[payload.detector] ?? 'Unusual', reason: payload.reason },
      link: `/anomalies?open=${payload.anomalyId}`,
      about: payload.agentId ? [payload.agentId] : [],
      at: now,
    }),
  );
  await notify(
    tx,
    context,
    news.filter(({ recipients }) => recipients.length > 0),
  );
}

/** @returns `<person> <anomaly>` of what is told by itself; the rest waits for the hour's sum */
async function noteDown(
  tx: Transaction,
  events: readonly Event<typeof anomalyFlagged>[],
  hour: Date,
): Promise<Set<string>> {
  const pairs = events.flatMap(({ payload }) =>
    payload.readers.map((person) => ({ person, anomaly: payload.anomalyId })),
  );
  const noted = await tx.query<{ personId: string; anomalyId: string; waits: boolean }>(
    // One lane writes here, so what was told this hour cannot change meanwhile.
    `INSERT INTO notifications.anomaly_news (person_id, anomaly_id, hour, waits)
     SELECT person, anomaly, $2, told + row_number() OVER (PARTITION BY person ORDER BY place) > $3
     FROM (SELECT person, anomaly, min(place) AS place FROM unnest($1::uuid[], $4::uuid[])
             WITH ORDINALITY AS p (person, anomaly, place) GROUP BY person, anomaly) p
     CROSS JOIN LATERAL (SELECT count(*) AS told FROM notifications.anomaly_news n
       WHERE n.person_id = person AND n.hour = $2 AND NOT n.waits) t
     ON CONFLICT (person_id, anomaly_id) DO NOTHING
     RETURNING person_id AS "personId", anomaly_id AS "anomalyId", waits`,
    [pairs.map((pair) => pair.person), hour, ANOMALIES_AN_HOUR, pairs.map((pair) => pair.anomaly)],
  );
  return new Set(noted.rows.filter((row) => !row.waits).map((row) => `${row.personId} ${row.anomalyId}`));
}

/** Sums up what waits of hours that are over: one notification per person and hour, in one transaction. */
export async function sumUpAnomalies(
  run: Pick<JobRun<unknown>, 'id'>,
  context: ServiceContext,
): Promise<JobResult> {
  const { clock, db } = context;
  const now = clock.now();
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR);
  const told = await db.transaction(async (tx) => {
    const summed = await tx.query<{ personId: string; number: number }>(
      `WITH due AS (
         UPDATE notifications.anomaly_news SET summed = true WHERE hour < $1 AND waits AND NOT summed
         RETURNING person_id)
       SELECT person_id AS "personId", count(*) AS number FROM due GROUP BY person_id ORDER BY person_id`,
      [hour],
    );
    // What was told is remembered for two days, longer than any event comes twice.
    await tx.query(
      `DELETE FROM notifications.anomaly_news WHERE hour < $1::timestamptz - interval '2 days'`,
      [hour],
    );
    if (summed.rows.length === 0) return 0;
    const people = await findRecipients(tx, { people: summed.rows.map((row) => row.personId) });
    const news = summed.rows.map(
      ({ personId, number }): News => ({
        cause: run.id,
        kind: 'anomaly-summary',
        recipients: people.filter((person) => person.personId === personId),
        values: { number: `${number} more ${number === 1 ? 'thing' : 'things'}` },
        link: '/anomalies?status=open',
        at: now,
      }),
    );
    return notify(
      tx,
      context,
      news.filter(({ recipients }) => recipients.length > 0),
    );
  });
  return { counts: { told } };
}
