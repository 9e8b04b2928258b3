/**
 * The shapes of people: who they are, their sessions, keys and settings.
 *
 * Tables (schema `people`, see migrations/): `people`, `sessions`, `accounts`, `verifications`, `failures`,
 * `keys`, `settings`, `declared_settings`, `secrets`. Personal: a person's name, email and image, and a
 * session's address and browser; they are removed when the person is erased.
 */
import type { PersonalData } from '@moonbase/service';
import { z } from 'zod';

/** Text that PostgreSQL can hold and that people can read. */
const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), {
      error: 'Contains characters that are not text.',
    });

export const personName = text(120);
export const email = z.email({ error: 'An email address, as nimal@example.com.' }).max(254);
export const password = z
  .string()
  .min(10, { error: 'At least 10 characters.' })
  .max(128, { error: 'At most 128 characters.' });

/** A role's name; which there are is answered by `listRoles`. */
export const role = z.string().max(40);
/** `noun:verb`; which there are is answered by `listRoles`. */
export const permission = z.string().max(60);

/** An IANA zone, as `Asia/Colombo`; null: the browser's. */
export const zone = z.string().max(64).refine(isZone, { error: 'An IANA time zone, as Asia/Colombo.' });
/** A BCP 47 tag, as `en-GB`; null: the browser's. */
export const locale = z.string().max(35).refine(isLocale, { error: 'A language tag, as en-GB.' });

function isZone(value: string): boolean {
  return succeeds(() => new Intl.DateTimeFormat('en', { timeZone: value }));
}

function isLocale(value: string): boolean {
  return succeeds(() => Intl.getCanonicalLocales(value));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

const moment = z.iso.datetime();

export const person = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  /** The agent that the person is. */
  agentId: z.uuid().nullable(),
  /** What they lead; who leads nothing named here leads where their own agent belongs. */
  teams: z.array(z.uuid()),
  branches: z.array(z.uuid()),
  regions: z.array(z.string()),
  active: z.boolean(),
  zone: z.string().nullable(),
  locale: z.string().nullable(),
  /** Its password was set by an administrator and is still to be changed. */
  passwordTemporary: z.boolean(),
  lastSeenAt: moment.nullable(),
  createdAt: moment,
});

/** Teams, branches and regions somebody leads, as they are given. */
export const led = {
  teams: z.array(z.uuid()).max(200).optional(),
  branches: z.array(z.uuid()).max(500).optional(),
  regions: z.array(text(80)).max(50).optional(),
};

export const session = z.object({
  id: z.uuid(),
  /** The one that asks. */
  current: z.boolean(),
  browser: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
  expiresAt: moment,
});

export const key = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Its first characters, by which it is told apart. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  status: z.enum(['active', 'expired', 'revoked']),
  /** `person:<id>`, `key:<id>` or `system`. */
  createdBy: z.string(),
  createdAt: moment,
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
});

export const organisationShape = z.object({
  name: z.string(),
  /** IANA zone in which business days are counted. */
  zone: z.string(),
  /** Reporting currency, ISO 4217. */
  currency: z.string(),
});

/** Who is signed in, and what the console needs to know from the start. */
export const sessionView = z.object({
  person: person.pick({
    id: true,
    name: true,
    email: true,
    roles: true,
    agentId: true,
    zone: true,
    locale: true,
    passwordTemporary: true,
  }),
  permissions: z.array(z.string()),
  organisation: organisationShape,
});

export const setting = z.object({
  /** `<service>.<setting>`. */
  name: z.string(),
  title: z.string(),
  value: z.unknown(),
  default: z.unknown(),
  /** JSON Schema of the value. */
  schema: z.record(z.string(), z.unknown()),
  /** Null while it has its default. */
  changedBy: z.string().nullable(),
  changedAt: moment.nullable(),
});

/** What of it is personal. */
export const peoplePersonal: PersonalData = {
  tables: {
    people: {
      columns: 'name email image zone locale',
      purpose: 'Accounts of people who work with Moonbase: who they are and how they are reached',
      basis: 'contract',
      kept: 'until the account is erased',
      of: { person: 'id::text = $1' },
      clean: "erased_at IS NOT NULL AND image IS NULL AND email LIKE 'erased-%@invalid'",
    },
    sessions: {
      columns: 'ip_address user_agent token',
      secret: 'token',
      purpose: 'Where somebody is signed in, so that they can see and end it',
      basis: 'legitimate interest',
      kept: 'until the session ends, thirty days at most',
      of: { person: 'person_id::text = $1' },
      clean: 'false',
      retention: {
        sessions: { title: 'Sessions, after they have expired', days: 1, past: 'expires_at < $1' },
      },
    },
    accounts: {
      columns: 'account_id access_token refresh_token id_token password',
      secret: 'access_token refresh_token id_token password',
      purpose: 'How somebody proves who they are',
      basis: 'contract',
      kept: 'until the account is erased',
      of: { person: 'person_id::text = $1' },
      clean: 'false',
    },
    verifications: {
      columns: 'identifier value',
      secret: 'value',
      purpose: 'A step of signing in that is under way',
      basis: 'contract',
      kept: 'until it expires, within a day',
      of: {},
      retention: {
        verifications: {
          title: 'Steps of signing in, after they have expired',
          days: 1,
          past: 'expires_at < $1',
        },
      },
    },
    failures: {
      columns: 'subject',
      purpose: 'Wrong sign-ins by place and by a digest of the account, to slow guessing down',
      basis: 'legitimate interest',
      kept: 'a day',
      of: {},
      retention: { failures: { title: 'Wrong sign-ins', days: 1, past: 'last_at < $1' } },
    },
  },
  impersonal: {
    people: 'roles regions',
    known_branches: 'region',
    accounts: 'provider_id scope',
    keys: '*',
    settings: '*',
    declared_settings: '*',
    secrets: '*',
  },
};
