/** Personal data in the platform's own tables, marked as services mark theirs. */
import type { PersonalData } from '../personal.ts';

/** By schema. */
export const platformMarks: Record<string, PersonalData> = {
  events: {
    tables: {
      subjects: {
        columns: 'key pseudonym',
        secret: 'key pseudonym',
        purpose: 'The key that reads somebody’s data in the event log, and the pseudonym in figures',
        basis: 'legitimate interest',
        kept: 'until erased; the row stays as a tombstone without key and pseudonym',
        of: { person: 'id = $1', agent: 'id = $1', policyholder: 'id = $1' },
        clean: 'key IS NULL AND pseudonym IS NULL',
      },
      log: {
        columns: 'personal',
        purpose: 'What happened, so that every part of Moonbase can follow; personal fields are encrypted',
        basis: 'legitimate interest',
        kept: '90 days, by whole partitions; unreadable from the moment of an erasure',
        // The ciphertext stays; that no key reads it is checked at `subjects`. Exports decrypt it.
        of: {},
      },
      inbox: {
        columns: 'details',
        purpose: 'Events on their way into the log, for milliseconds; personal fields are encrypted',
        basis: 'legitimate interest',
        kept: 'milliseconds',
        of: {},
      },
    },
    impersonal: {
      inbox: 'type actor cause trace keys payloads',
      log: 'type key subjects actor cause trace payload',
      consumers: '*',
      lanes: '*',
      parked: 'consumer key error',
      partitions: '*',
      readers: '*',
      subjects: 'id',
    },
  },
  http: {
    tables: {
      idempotency: {
        columns: 'answer',
        purpose: 'Answers to requests with an idempotency key, to answer a repeat alike',
        basis: 'legitimate interest',
        kept: 'a day; an erasure empties answers that name the person',
        of: {
          person: `strpos(answer::text, $1) > 0`,
          agent: `strpos(answer::text, $1) > 0`,
          policyholder: `strpos(answer::text, $1) > 0`,
        },
        others: { person: 'answer', agent: 'answer', policyholder: 'answer' },
        // What was answered after the erasure names an id only.
        clean: `(answer IS NULL OR claimed_at > coalesce((SELECT e.erased_at FROM events.subjects e WHERE e.id = $1), 'infinity'))`,
        retention: {
          idempotency: { title: 'Answers kept for repeated requests', days: 1, past: 'claimed_at < $1' },
        },
      },
    },
    impersonal: { idempotency: 'caller route key digest state headers' },
  },
  jobs: {
    tables: {
      runs: {
        columns: 'error',
        purpose: 'What jobs did, and why they failed; an error may quote what it failed on',
        basis: 'legitimate interest',
        kept: '30 days',
        of: {},
        retention: {
          runs: { title: 'History of jobs', days: 30, past: `started_at < $1 AND state <> 'running'` },
        },
      },
    },
    impersonal: { runs: 'service job state counts', schedules: '*' },
  },
  warehouse: { tables: {}, impersonal: { files: '*', loader: '*' } },
  privacy: {
    tables: {
      consents: {
        columns: 'person_id',
        purpose: 'Who agreed to or refused which purpose, and when: the evidence of it',
        basis: 'legal obligation',
        kept: 'as long as the account and three years longer; names only an id',
        of: { person: 'person_id::text = $1' },
        clean: 'true',
        retention: {
          consents: { title: 'Consent of erased people', days: 1095, past: 'erased_at < $1' },
        },
      },
      parts: {
        columns: 'content',
        secret: 'content',
        purpose: 'An export of somebody’s data, until it is fetched or expires',
        basis: 'legal obligation',
        kept: 'seven days',
        of: {
          person: 'request_id IN (SELECT id FROM privacy.requests WHERE subject_id = $1)',
          agent: 'request_id IN (SELECT id FROM privacy.requests WHERE subject_id = $1)',
        },
        retention: { exports: { title: 'Exports of personal data', days: 7, past: 'made_at < $1' } },
      },
    },
    impersonal: {
      requests: 'kind subject_kind subject_id state asked_by error counts',
      consents: 'purpose actor',
      notices: 'content published_by',
      periods: '*',
    },
  },
};
