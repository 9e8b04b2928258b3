/**
 * Somebody says whether an anomaly is right or wrong, or takes that back. The answer is counted with the mark,
 * in one transaction, once: a second mark moves the count from one side to the other.
 */
import type { Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { actorOf } from '@moonbase/identity';
import type { Handler } from '@moonbase/service';
import type { anomaliesApi } from '../api.ts';
import { anomaliesError } from '../errors.ts';
import { anomalyJudged } from '../events.ts';
import type { DetectorName, Status } from '../schema.ts';
import { findAnomaly } from './list-anomalies.ts';

interface Judged {
  detector: DetectorName;
  status: Status;
  round: number | null;
  agent_id: string | null;
  person_id: string | null;
}

export const judgeAnomaly: Handler<typeof anomaliesApi.judgeAnomaly> = async (
  { params, body, principal },
  { db, clock },
) => {
  const now = clock.now();
  const anomaly = await db.transaction(async (tx) => {
    const found = await tx.query<Judged>(
      'SELECT detector, status, round, agent_id, person_id FROM anomalies.anomalies WHERE id = $1 FOR UPDATE',
      [params.id],
    );
    const before = found.rows[0];
    if (!before) throw anomaliesError('anomaly_unknown');
    if (isAbout(before, principal)) throw anomaliesError('anomaly_own');
    const round = await roundOf(tx, before.detector);
    const open = body.status === 'open';
    await tx.query(
      `UPDATE anomalies.anomalies SET status = $2, judged_by = $3, judged_at = $4, round = $5,
         note = CASE WHEN $6 THEN $7 WHEN $2 = 'open' THEN NULL ELSE note END
       WHERE id = $1`,
      [
        params.id,
        body.status,
        open ? null : actorOf(principal),
        open ? null : now,
        open ? null : round,
        body.note !== undefined,
        body.note || null,
      ],
    );
    if (before.status !== body.status) {
      // What was counted before a reset is not counted any more, and can't be taken back.
      if (before.status !== 'open' && before.round === round) await count(tx, before, before.status, -1);
      if (body.status !== 'open') await count(tx, before, body.status, 1);
    }
    const after = await findAnomaly(tx, params.id);
    if (before.status !== body.status)
      await publish(tx, anomalyJudged, {
        key: after.id,
        subjects: [before.agent_id, before.person_id].filter((each) => each !== null),
        payload: {
          anomalyId: after.id,
          detector: after.detector,
          version: after.version,
          agentId: before.agent_id,
          personId: before.person_id,
          branchId: after.branch?.id ?? null,
          teamId: after.teamId,
          saleId: after.saleId,
          day: after.day,
          before: before.status,
          after: after.status,
        },
      });
    return after;
  });
  return { status: 200, body: anomaly };
};

function isAbout(of: Judged, principal: { kind: string; id: string; agentId: string | null }): boolean {
  return (
    (principal.kind === 'person' && of.person_id === principal.id) ||
    (principal.agentId !== null && of.agent_id === principal.agentId)
  );
}

/** The row is made and locked, so that a reset waits, or this one counts in the new round. */
async function roundOf(tx: Transaction, detector: DetectorName): Promise<number> {
  await tx.query('INSERT INTO anomalies.detectors (name) VALUES ($1) ON CONFLICT (name) DO NOTHING', [
    detector,
  ]);
  const found = await tx.query<{ round: number }>(
    'SELECT round FROM anomalies.detectors WHERE name = $1 FOR UPDATE',
    [detector],
  );
  return found.rows[0]!.round;
}

async function count(tx: Transaction, of: Judged, status: 'right' | 'wrong', by: 1 | -1): Promise<void> {
  const about = ['all', ...(of.agent_id ? [of.agent_id] : [])];
  await tx.query(
    `INSERT INTO anomalies.answers AS a (detector, about, confirmed, refuted)
     SELECT $1, about, $3, $4 FROM unnest($2::text[]) AS about ORDER BY about
     ON CONFLICT (detector, about) DO UPDATE
     SET confirmed = a.confirmed + excluded.confirmed, refuted = a.refuted + excluded.refuted`,
    [of.detector, about, status === 'right' ? by : 0, status === 'wrong' ? by : 0],
  );
}
