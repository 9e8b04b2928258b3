/** Holds each export against business hours and the habit of whoever made it, and remembers its hour. */
import type { Transaction } from '@moonbase/data';
import type { ServiceContext } from '@moonbase/service';
import { businessHoursSetting } from '../settings.ts';
import { judgeHour, withExport } from './export-out-of-hours.ts';
import { type Finding, flagAnomalies } from './flag-anomalies.ts';
import { readThresholds } from './thresholds.ts';
import { localTime } from './write-words.ts';

/** As `audit.exported` tells it: by a person or an API key. */
export interface Export {
  occurredAt: Date;
  payload: { personId: string | null; keyId: string | null; route: string };
}

export async function watchExports(
  events: readonly Export[],
  tx: Transaction,
  context: ServiceContext,
): Promise<void> {
  const [{ zone }, business] = await Promise.all([
    context.organisation(),
    context.setting('business-hours', businessHoursSetting),
  ]);
  const actors = [...new Set(events.map(({ payload }) => actorOf(payload)))];
  const people = events.flatMap(({ payload }) => payload.personId ?? []);
  const [stored, who, thresholds] = await Promise.all([
    tx.query<{ actor: string; hours: number[] }>(
      'SELECT actor, hours FROM anomalies.export_hours WHERE actor = ANY($1)',
      [actors],
    ),
    tx.query<{ id: string; agentId: string | null; branchId: string | null; teamId: string | null }>(
      `SELECT p.id, p.agent_id AS "agentId", a.branch_id AS "branchId", a.team_id AS "teamId"
       FROM anomalies.people p LEFT JOIN anomalies.agents a ON a.id = p.agent_id WHERE p.id = ANY($1)`,
      [people],
    ),
    readThresholds(tx),
  ]);
  const habits = new Map(stored.rows.map(({ actor, hours }) => [actor, hours]));
  const findings: Finding[] = [];
  for (const { payload, occurredAt } of events) {
    const actor = actorOf(payload);
    const { day, hour, minute } = localTime(zone, occurredAt);
    const hours = habits.get(actor) ?? [];
    const found = judgeHour({ day, hour }, business, hours);
    habits.set(actor, withExport(hours, { day, hour }, business));
    if (!found) continue;
    const person = who.rows.find((row) => row.id === payload.personId);
    const habit =
      found.all === 0
        ? 'it is the first export seen'
        : `${found.near} of ${found.all} exports before were near that hour`;
    findings.push({
      detector: 'export-out-of-hours',
      // Ten exports in one night are one thing.
      thing: `${actor} ${day}`,
      score: found.score,
      reason: `Export (${payload.route}) at ${minute}, outside business hours (${business.from}:00 to ${business.to}:00), by ${
        payload.personId ? 'a person' : 'an API key'
      }; ${habit}.`,
      evidence: {
        measure: 'surprise',
        currency: null,
        usual: String(found.near),
        value: found.score.toFixed(2),
        whose: 'person',
        history: Array.from({ length: 24 }, (_, each) => ({
          at: `${String(each).padStart(2, '0')}:00`,
          value: String((hours[each] ?? 0) + (hours[24 + each] ?? 0)),
        })),
      },
      agentId: person?.agentId ?? null,
      branchId: person?.branchId ?? null,
      teamId: person?.teamId ?? null,
      personId: payload.personId,
      saleId: null,
      day,
      at: occurredAt,
    });
  }
  await tx.query(
    `INSERT INTO anomalies.export_hours (actor, person_id, hours)
     SELECT actor, "personId", hours FROM jsonb_to_recordset($1) AS h (actor text, "personId" uuid, hours integer[])
     ON CONFLICT (actor) DO UPDATE SET hours = excluded.hours`,
    [
      JSON.stringify(
        actors.map((actor) => ({
          actor,
          personId: actor.startsWith('person:') ? actor.slice(7) : null,
          hours: habits.get(actor),
        })),
      ),
    ],
  );
  await flagAnomalies(tx, findings, thresholds, context.clock.now());
}

function actorOf({ personId, keyId }: Export['payload']): string {
  return personId ? `person:${personId}` : `key:${keyId ?? 'unknown'}`;
}
