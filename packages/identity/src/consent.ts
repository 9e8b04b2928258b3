/** Consent, as everybody reads it: the latest word of each person about each purpose. */
import type { Queryable } from '@moonbase/data';

/** What consent is asked for, as a service declares it. */
export interface ConsentPurpose {
  /** `<service>.<purpose>`. */
  name: string;
  /** Words about an older text hold no longer where the basis is consent; a refusal holds for every text. */
  version: number;
  /** Whether it happens until somebody says otherwise. */
  assumed: boolean;
}

/** @returns those of the people for whom the purpose is allowed now; read in the caller's transaction */
export async function consenting(
  db: Queryable,
  purpose: ConsentPurpose,
  people: readonly string[],
): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const said = await db.query<{ person_id: string; version: number; given: boolean }>(
    `SELECT DISTINCT ON (person_id) person_id, version, given FROM privacy.consents
      WHERE purpose = $1 AND person_id = ANY($2) ORDER BY person_id, at DESC, id DESC`,
    [purpose.name, people],
  );
  const words = new Map(said.rows.map((row) => [row.person_id, row]));
  return new Set(
    people.filter((person) => {
      const word = words.get(person);
      if (!word) return purpose.assumed;
      return word.given && (purpose.assumed || word.version >= purpose.version);
    }),
  );
}
