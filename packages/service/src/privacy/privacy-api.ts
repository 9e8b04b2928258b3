/** Routes about personal data: one's own, and the privacy officer's. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';

const when = z
  .date()
  .transform((date) => date.toISOString())
  .or(z.iso.datetime());

const subjectKind = z.enum(['person', 'agent', 'policyholder']);

/** A line of the register of processing (GDPR art. 30). */
export const RegisterEntry = z.object({
  service: z.string(),
  table: z.string(),
  purpose: z.string(),
  basis: z.string(),
  kept: z.string(),
  whose: z.array(subjectKind),
  columns: z.array(z.string()),
});

/** What the organisation says about itself in the notice; the rest of it follows from the register. */
export const NoticeContent = z.strictObject({
  controller: z.string().trim().min(1).max(200),
  address: z.string().trim().max(500),
  contact: z.string().trim().min(1).max(254),
  officer: z.string().trim().max(200),
  officerContact: z.string().trim().max(254),
  authority: z.string().trim().max(300),
  text: z.string().trim().max(10_000),
});

export const Purpose = z.object({
  name: z.string(),
  title: z.string(),
  text: z.string(),
  version: z.int(),
  basis: z.string(),
  refusable: z.boolean(),
});

export const Notice = z.object({
  /** 0: nobody has published one yet; it shows what comes with Moonbase. */
  version: z.int(),
  publishedAt: when.nullable(),
  content: NoticeContent,
  processing: z.array(RegisterEntry.omit({ columns: true, table: true })),
  purposes: z.array(Purpose),
});

export const Consent = Purpose.extend({
  given: z.boolean(),
  history: z.array(z.object({ given: z.boolean(), version: z.int(), actor: z.string(), at: when })),
});

export const PrivacyRequest = z.object({
  id: z.string(),
  kind: z.enum(['export', 'erasure']),
  subjectKind: subjectKind,
  subjectId: z.string(),
  state: z.enum(['running', 'ready', 'done', 'expired', 'failed']),
  askedBy: z.string(),
  askedAt: when,
  endedAt: when.nullable(),
  expiresAt: when.nullable(),
  bytes: z.number().nullable(),
  counts: z.record(z.string(), z.number()).nullable(),
});

export const RetentionRule = z.object({
  /** `<schema>.<rule>`. */
  name: z.string(),
  title: z.string(),
  days: z.int(),
  declared: z.int(),
  /** Rows that the next run deletes or empties; null where they are not counted. */
  wouldGo: z.number().nullable(),
  empties: z.boolean(),
});

const bySubject = z.object({ kind: subjectKind, id: z.string().min(1).max(200) });
const items = <T extends z.ZodType>(shape: T) => z.object({ items: z.array(shape) });

export const privacyApi = {
  readNotice: {
    method: 'GET',
    path: '/privacy/notice',
    summary: 'The privacy notice: who processes which personal data, for what, how long, and one’s rights',
    allow: 'public',
    responses: { 200: Notice },
  },
  publishNotice: {
    method: 'PUT',
    path: '/privacy/notice',
    summary: 'Publish the next version of the privacy notice; earlier ones are kept',
    allow: 'privacy:write',
    body: NoticeContent,
    responses: { 200: Notice },
  },
  listNotices: {
    method: 'GET',
    path: '/privacy/notices',
    summary: 'Every version of the notice, the latest first',
    allow: 'privacy:read',
    responses: {
      200: items(
        z.object({ version: z.int(), content: NoticeContent, publishedBy: z.string(), publishedAt: when }),
      ),
    },
  },

  readConsents: {
    method: 'GET',
    path: '/privacy/consents',
    summary: 'What one may agree to or refuse, what one said, and the history of it',
    allow: 'signed-in',
    responses: { 200: items(Consent) },
    errors: ['not_for_keys'],
  },
  setConsent: {
    method: 'PUT',
    path: '/privacy/consents/:purpose',
    summary: 'Agree to a purpose or refuse it; `version` is of the text that was shown',
    allow: 'signed-in',
    params: z.object({ purpose: z.string().max(100) }),
    body: z.strictObject({ given: z.boolean(), version: z.int() }),
    responses: { 200: Consent },
    errors: ['not_for_keys', 'purpose_unknown', 'purpose_changed', 'purpose_needed'],
  },
  startOwnExport: {
    method: 'POST',
    path: '/privacy/exports',
    summary: 'Ask for an archive of all one’s own data; one a day',
    allow: 'signed-in',
    responses: { 202: PrivacyRequest },
    errors: ['not_for_keys'],
  },
  listOwnExports: {
    method: 'GET',
    path: '/privacy/exports',
    summary: 'One’s own archives, the latest first',
    allow: 'signed-in',
    responses: { 200: items(PrivacyRequest) },
    errors: ['not_for_keys'],
  },
  downloadExport: {
    method: 'GET',
    path: '/privacy/exports/:id/file',
    summary: 'The archive as JSON: of oneself, or of anybody for whoever may export',
    allow: 'signed-in',
    params: z.object({ id: z.uuid() }),
    responses: { 200: 'application/json' },
    errors: ['export_unknown'],
  },

  readRegister: {
    method: 'GET',
    path: '/privacy/register',
    summary: 'The register of processing: every table with personal data',
    allow: 'privacy:read',
    responses: { 200: items(RegisterEntry) },
  },
  listRequests: {
    method: 'GET',
    path: '/privacy/requests',
    summary: 'Exports and erasures, the latest first',
    allow: 'privacy:read',
    responses: { 200: items(PrivacyRequest) },
  },
  findSubjects: {
    method: 'POST',
    path: '/privacy/subjects',
    summary: 'People, agents and policyholders by name; policyholders by the whole name or a policy number',
    // A name does not belong into an address, which logs and histories keep: so it is a body.
    allow: 'privacy:write',
    body: z.strictObject({ search: z.string().trim().min(2).max(200) }),
    responses: {
      200: items(
        z.object({ kind: subjectKind, title: z.string(), detail: z.string(), ids: z.array(z.string()) }),
      ),
    },
    idempotency: false, // It changes nothing, and its answer names people: it must not be kept.
  },
  startExport: {
    method: 'POST',
    path: '/privacy/requests',
    summary: 'Make an archive of all data of a person, an agent or of a policyholder’s sale',
    allow: 'privacy:write',
    body: bySubject,
    responses: { 202: PrivacyRequest },
    idempotency: false, // Asked twice it makes one archive.
  },
  eraseSubjects: {
    method: 'POST',
    path: '/privacy/erasures',
    summary: 'Erase somebody’s data for good, in every copy',
    allow: 'privacy:write',
    body: z.strictObject({ kind: subjectKind, ids: z.array(z.string().min(1).max(200)).min(1).max(1_000) }),
    responses: { 200: items(PrivacyRequest) },
    errors: ['subject_kind_unknown'],
    idempotency: false, // Twice is once; and its answer, which names an id, would be what is left of the erased.
  },
  checkErasure: {
    method: 'GET',
    path: '/privacy/erasures/:kind/:id',
    summary: 'Whether anything personal of an erased one is left, table by table',
    allow: 'privacy:read',
    params: bySubject,
    responses: { 200: z.object({ erased: z.boolean(), left: z.array(z.string()) }) },
  },
  readRetention: {
    method: 'GET',
    path: '/privacy/retention',
    summary: 'How long what is kept, and what the next nightly run would remove',
    allow: 'privacy:read',
    responses: { 200: items(RetentionRule) },
  },
  setRetention: {
    method: 'PUT',
    path: '/privacy/retention/:rule',
    summary: 'Set how many days something is kept; null brings the default back',
    allow: 'privacy:write',
    params: z.object({ rule: z.string().max(100) }),
    body: z.strictObject({ days: z.int().min(1).max(36_500).nullable() }),
    responses: { 200: RetentionRule },
    errors: ['rule_unknown'],
  },
} as const satisfies Api;
