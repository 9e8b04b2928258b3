/** What people agree to or refuse: an append-only history, of which the latest word holds. */
import { type Database, newId } from '@moonbase/data';
import { consenting } from '@moonbase/identity';
import type { Service } from '../declaration.ts';
import type { Purpose } from '../personal.ts';
import { privacyError } from './errors.ts';

export interface NamedPurpose extends Purpose {
  /** `<service>.<purpose>`. */
  name: string;
}

export interface Word {
  given: boolean;
  version: number;
  actor: string;
  at: Date;
}

export interface ConsentState extends NamedPurpose {
  given: boolean;
  /** The latest first. */
  history: Word[];
}

export function purposesOf(services: readonly Service[]): NamedPurpose[] {
  return services.flatMap(({ name: service, purposes = {} }) =>
    Object.entries(purposes).map(([name, purpose]) => ({ ...purpose, name: `${service}.${name}` })),
  );
}

export async function consentsOf(
  db: Database,
  purposes: readonly NamedPurpose[],
  person: string,
): Promise<ConsentState[]> {
  const said = await db.query<Word & { purpose: string }>(
    'SELECT purpose, given, version, actor, at FROM privacy.consents WHERE person_id = $1 ORDER BY at DESC, id DESC',
    [person],
  );
  return Promise.all(
    purposes.map(async (purpose) => ({
      ...purpose,
      given: (await consenting(db, purpose, [person])).has(person),
      history: said.rows
        .filter((word) => word.purpose === purpose.name)
        .map(({ given, version, actor, at }) => ({ given, version, actor, at })),
    })),
  );
}

/** @throws CodedError `purpose_unknown`, `purpose_changed`, `purpose_needed` */
export async function sayConsent(
  db: Database,
  purposes: readonly NamedPurpose[],
  word: { person: string; purpose: string; given: boolean; version: number; actor: string; at: Date },
): Promise<ConsentState> {
  const purpose = purposes.find(({ name }) => name === word.purpose);
  if (!purpose) throw privacyError('purpose_unknown');
  if (purpose.version !== word.version)
    throw privacyError('purpose_changed', { detail: `It is at version ${purpose.version}.` });
  if (!word.given && !purpose.refusable) throw privacyError('purpose_needed');
  await db.query(
    `INSERT INTO privacy.consents (id, person_id, purpose, version, given, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [newId(), word.person, purpose.name, purpose.version, word.given, word.actor, word.at],
  );
  return (await consentsOf(db, [purpose], word.person))[0]!;
}
