/**
 * The one way in which anomalies come into being: what reaches its threshold is kept, once per detector and
 * thing, ever, with the event that tells of it. As long as nobody has judged one, its figures follow the thing
 * (a day's count grows); that is told nobody a second time.
 */
import { createHash } from 'node:crypto';
import type { Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { anomalyFlagged } from '../events.ts';
import type { DetectorName, Evidence } from '../schema.ts';
import { detectors } from './detectors.ts';
import { readReaders } from './find-readers.ts';
import type { Thresholds } from './thresholds.ts';

export interface Finding {
  detector: DetectorName;
  /** What it is about, unique within the detector: a sale, an agent's day, a session. */
  thing: string;
  score: number;
  reason: string;
  evidence: Evidence;
  agentId: string | null;
  branchId: string | null;
  teamId: string | null;
  personId: string | null;
  saleId: string | null;
  day: string;
  at: Date;
}

/** The id of what a detector finds about a thing: always the same. */
export function anomalyId(detector: DetectorName, thing: string): string {
  const hex = createHash('sha256').update(`${detector} ${thing}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Those that reach their threshold; of several about one thing the highest score. */
export function worthFlagging(findings: readonly Finding[], thresholds: Thresholds): Finding[] {
  const highest = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.score < thresholds.of(finding.detector, finding.agentId)) continue;
    const key = `${finding.detector} ${finding.thing}`;
    if (finding.score >= (highest.get(key)?.score ?? 0)) highest.set(key, finding);
  }
  return [...highest.values()];
}

/** @returns how many were flagged now */
export async function flagAnomalies(
  tx: Transaction,
  findings: readonly Finding[],
  thresholds: Thresholds,
  now: Date,
): Promise<number> {
  const rows = worthFlagging(findings, thresholds).map((finding) => ({
    ...finding,
    id: anomalyId(finding.detector, finding.thing),
    version: detectors[finding.detector].version,
    score: Math.round(finding.score * 100) / 100,
    threshold: thresholds.of(finding.detector, finding.agentId),
  }));
  if (rows.length === 0) return 0;
  const written = await tx.query<{ id: string; fresh: boolean }>(
    `INSERT INTO anomalies.anomalies AS a (id, detector, version, thing, score, threshold, reason, evidence,
       agent_id, branch_id, team_id, person_id, sale_id, day, at, flagged_at, status)
     SELECT id, detector, version, thing, score, threshold, reason, evidence,
       "agentId", "branchId", "teamId", "personId", "saleId", day, at, $2, 'open'
     FROM jsonb_to_recordset($1) AS f (id uuid, detector text, version integer, thing text,
       score double precision, threshold double precision, reason text, evidence jsonb, "agentId" uuid,
       "branchId" uuid, "teamId" uuid, "personId" uuid, "saleId" uuid, day date, at timestamptz)
     ORDER BY id
     ON CONFLICT (id) DO UPDATE SET score = excluded.score, reason = excluded.reason, evidence = excluded.evidence
       WHERE a.status = 'open' AND a.score < excluded.score
     RETURNING id, a.xmax = 0 AS fresh`,
    [JSON.stringify(rows), now],
  );
  const fresh = new Set(written.rows.filter((row) => row.fresh).map((row) => row.id));
  const flagged = rows.filter((row) => fresh.has(row.id));
  if (flagged.length === 0) return 0;
  const readersOf = await readReaders(tx);
  await publish(
    tx,
    anomalyFlagged,
    flagged.map((row) => ({
      key: row.id,
      subjects: [row.agentId, row.personId].filter((each) => each !== null),
      payload: {
        anomalyId: row.id,
        detector: row.detector,
        version: row.version,
        agentId: row.agentId,
        personId: row.personId,
        branchId: row.branchId,
        teamId: row.teamId,
        saleId: row.saleId,
        day: row.day,
        score: row.score,
        threshold: row.threshold,
        reason: row.reason,
        readers: readersOf(row),
      },
    })),
  );
  return flagged.length;
}
