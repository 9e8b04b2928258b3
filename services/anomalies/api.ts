/** Every route of anomalies on one screen. Which rows somebody sees is the row policies' business. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';
import * as shape from './schema.ts';

const byId = z.object({ id: z.uuid() });
const note = z
  .string()
  .trim()
  .max(500)
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'text without NUL or broken Unicode');

export const anomaliesApi = {
  listAnomalies: {
    method: 'GET',
    path: '/anomalies',
    summary: 'What looked unusual: the open ones first, then the newest',
    allow: 'anomalies:read',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      /** `next` of the page before. */
      cursor: z.string().max(500).optional(),
      detector: shape.detectorName.optional(),
      status: shape.status.optional(),
      branch: z.uuid().optional(),
      agent: z.uuid().optional(),
      /** Business days, both counted. */
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
    }),
    responses: { 200: z.object({ items: z.array(shape.anomaly), next: z.string().nullable() }) },
    errors: ['day_order'],
  },
  countAnomalies: {
    method: 'GET',
    path: '/anomalies/counts',
    summary: 'How many wait for an answer, and the branches they are of',
    allow: 'anomalies:read',
    responses: {
      200: z.object({
        open: z.int(),
        right: z.int(),
        wrong: z.int(),
        branches: z.array(z.object({ id: z.string(), name: z.string() })),
      }),
    },
  },
  readAnomaly: {
    method: 'GET',
    path: '/anomalies/:id',
    summary: 'One anomaly with its evidence',
    allow: 'anomalies:read',
    params: byId,
    responses: { 200: shape.anomaly },
    errors: ['anomaly_unknown'],
  },
  judgeAnomaly: {
    method: 'PATCH',
    path: '/anomalies/:id',
    summary: 'Mark as right or wrong; open takes the mark back. The answer moves the threshold',
    allow: 'anomalies:write',
    params: byId,
    body: z.strictObject({ status: shape.status, note: note.nullable().optional() }),
    responses: { 200: shape.anomaly },
    errors: ['anomaly_unknown', 'anomaly_own'],
  },
  listDetectors: {
    method: 'GET',
    path: '/anomaly-detectors',
    summary: 'What is looked at, where each threshold stands, and how answers moved it',
    allow: 'anomalies:read',
    responses: { 200: z.object({ items: z.array(shape.detectorView) }) },
  },
  changeDetector: {
    method: 'PATCH',
    path: '/anomaly-detectors/:name',
    summary: 'Turn a detector on or off',
    allow: 'settings:write',
    params: z.object({ name: shape.detectorName }),
    body: z.strictObject({ active: z.boolean() }),
    responses: { 200: shape.detectorView },
  },
  resetDetector: {
    method: 'POST',
    path: '/anomaly-detectors/:name/reset',
    summary: 'Back to the threshold it began with: answers so far count no more',
    allow: 'settings:write',
    params: z.object({ name: shape.detectorName }),
    responses: { 200: shape.detectorView },
    idempotency: false, // Twice is once.
  },
} as const satisfies Api;
