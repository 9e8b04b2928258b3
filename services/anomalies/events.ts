/** What anomalies publishes. Key: the anomaly's id. */
import type { EventDeclaration } from '@moonbase/events';
import { z } from 'zod';
import { detectorName, status } from './schema.ts';

/** In the reach of whose agent, team or branch it is, as the row policies say. */
const reach = { agents: ['agentId'], teams: ['teamId'], branches: ['branchId'] } as const;

const about = {
  anomalyId: z.uuid(),
  detector: detectorName,
  version: z.int(),
  agentId: z.string().nullable(),
  personId: z.string().nullable(),
  branchId: z.string().nullable(),
  teamId: z.string().nullable(),
  saleId: z.string().nullable(),
  /** Business day of what looked unusual. */
  day: z.string(),
};

/** Something looked unusual: once per detector and thing, ever. */
export const anomalyFlagged = {
  type: 'anomalies.flagged',
  version: 1,
  payload: z.object({
    ...about,
    score: z.number(),
    threshold: z.number(),
    /** In words, with the figures and without names. */
    reason: z.string(),
    /** People who may see it, as roles and reach are now: they are told. */
    readers: z.array(z.string()),
  }),
  people: ['agentId', 'personId', 'readers.*'],
  reach: { ...reach, people: ['readers.*'] },
} as const satisfies EventDeclaration;

/** Somebody marked one as right or wrong, or took the mark back (`open`). */
export const anomalyJudged = {
  type: 'anomalies.judged',
  version: 1,
  payload: z.object({ ...about, before: status, after: status }),
  people: ['agentId', 'personId'],
  reach,
} as const satisfies EventDeclaration;

export const anomaliesEvents = [anomalyFlagged, anomalyJudged] as const;
