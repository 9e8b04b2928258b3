/**
 * The people whose data events hold: a key and a pseudonym each, made at first use, gone when erased. Keys lie
 * in the database encrypted, under the data key of their purpose.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Database,
  isSealedBytes,
  opener,
  type Queryable,
  sealer,
  type Transaction,
} from '@moonbase/data';
import { announceErased } from './wake-ups.ts';

/** A person's key and pseudonym; both null once erased. */
export interface Subject {
  key: Buffer | null;
  pseudonym: string | null;
}

/** What the keys are encrypted for; bound to the subject's id. */
export const SUBJECT_KEYS = 'events.subjects';

interface Row {
  id: string;
  key: Buffer | null;
  pseudonym: string | null;
}

/** Decrypts the rows' keys. One of a release that did not encrypt is taken as it is, until it is sealed. */
export async function openKeys<R extends Row>(db: Queryable, rows: readonly R[]): Promise<R[]> {
  const sealed = rows.flatMap(({ key }) => (key && isSealedBytes(key) ? [key] : []));
  const open = await opener(db, SUBJECT_KEYS, sealed);
  return rows.map((row) =>
    row.key && isSealedBytes(row.key) ? { ...row, key: open(row.id, row.key) } : row,
  );
}

/** Reads what is there. */
export async function readSubjects(db: Queryable, ids: readonly string[]): Promise<Map<string, Subject>> {
  const found = await db.query<Row>('SELECT id, key, pseudonym FROM events.subjects WHERE id = ANY($1)', [
    ids,
  ]);
  const known = await openKeys(db, found.rows);
  return new Map(known.map(({ id, key, pseudonym }) => [id, { key, pseudonym }]));
}

/** Reads the subjects and makes those that are missing. The tombstone of an erased one stays as it is. */
export async function ensureSubjects(db: Queryable, ids: Iterable<string>): Promise<Map<string, Subject>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  // Both go out together: most events are of somebody new, and then the sealer is needed.
  const [found, seal] = await Promise.all([readSubjects(db, wanted), sealer(db, SUBJECT_KEYS)]);
  // Sorted, so that two transactions that make the same ones wait for each other instead of deadlocking.
  const missing = wanted.filter((id) => !found.has(id)).sort();
  if (missing.length === 0) return found;
  await db.query(
    `INSERT INTO events.subjects (id, key, pseudonym)
     SELECT * FROM unnest($1::text[], $2::bytea[], $3::uuid[]) ON CONFLICT (id) DO NOTHING`,
    [missing, missing.map((id) => seal(id, randomBytes(32))), missing.map(() => randomUUID())],
  );
  // In a statement of its own: it sees also what another transaction made meanwhile.
  for (const [id, subject] of await readSubjects(db, missing)) found.set(id, subject);
  return found;
}

const BARE = 1_000;

/**
 * Encrypts keys that a release before encryption left in the clear. Safe on several hosts at once; each batch
 * commits by itself. @returns how many
 */
export async function sealSubjects(db: Database): Promise<number> {
  for (let done = 0; ; ) {
    const sealed = await db.transaction(async (tx) => {
      const bare = await tx.query<{ id: string; key: Buffer }>(
        `SELECT id, key FROM events.subjects WHERE octet_length(key) = 32 ORDER BY id LIMIT ${BARE} FOR UPDATE`,
      );
      const seal = await sealer(tx, SUBJECT_KEYS);
      if (bare.rows.length === 0) return 0;
      await tx.query(
        `UPDATE events.subjects s SET key = n.key FROM unnest($1::text[], $2::bytea[]) AS n (id, key) WHERE s.id = n.id`,
        [bare.rows.map(({ id }) => id), bare.rows.map(({ id, key }) => seal(id, key))],
      );
      return bare.rows.length;
    });
    done += sealed;
    if (sealed < BARE) return done;
  }
}

/**
 * Erases a person from the log: the key that reads the personal fields and the pseudonym of the lake are
 * deleted, for good, when the transaction commits; readers on all hosts get null within a second. Later
 * events of this person are stored without personal data. Copies in services' tables obey the event that
 * their owner publishes in the same transaction.
 */
export async function eraseSubject(tx: Transaction, id: string): Promise<void> {
  await tx.query(
    `INSERT INTO events.subjects (id, erased_at) VALUES ($1, now())
     ON CONFLICT (id) DO UPDATE SET key = NULL, pseudonym = NULL, erased_at = now()
      WHERE subjects.erased_at IS NULL`,
    [id],
  );
  tx.afterCommit(() => announceErased(id));
}

/** Whether somebody was erased: then nothing personal about them is written any more. */
export async function isErased(db: Queryable, id: string): Promise<boolean> {
  const found = await db.query('SELECT FROM events.subjects WHERE id = $1 AND erased_at IS NOT NULL', [id]);
  return found.rowCount !== 0;
}

/** Who is behind pseudonyms of the lake, for those who may know; the erased are left out. */
export async function resolvePseudonyms(
  db: Queryable,
  pseudonyms: readonly string[],
): Promise<Map<string, string>> {
  const known = await db.query<{ pseudonym: string; id: string }>(
    'SELECT pseudonym, id FROM events.subjects WHERE pseudonym = ANY($1)',
    [pseudonyms],
  );
  return new Map(known.rows.map(({ pseudonym, id }) => [pseudonym, id]));
}

interface Kept extends Subject {
  until: number;
}

/**
 * Subjects in memory, for reading. An entry is believed for a second at most, and dropped at once when its
 * erasure is heard of; the oldest give way beyond `most`.
 */
export class SubjectCache {
  readonly #kept = new Map<string, Kept>();
  readonly #most: number;
  readonly #lifetime: number;
  /** Counts erasures: what was read before one is not kept after it. */
  #erasures = 0;

  constructor(options: { most?: number; lifetime?: number } = {}) {
    this.#most = options.most ?? 50_000;
    this.#lifetime = options.lifetime ?? 1_000;
  }

  /** @param fetch reads those that are not in memory; who is in neither is left out */
  async get(
    ids: Iterable<string>,
    fetch: (missing: string[]) => Promise<Map<string, Subject>>,
  ): Promise<Map<string, Subject>> {
    const now = performance.now();
    const result = new Map<string, Subject>();
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      const kept = this.#kept.get(id);
      if (kept && kept.until > now) result.set(id, kept);
      else missing.push(id);
    }
    if (missing.length === 0) return result;
    const erasures = this.#erasures;
    const fetched = await fetch(missing);
    for (const [id, subject] of fetched) {
      result.set(id, subject);
      if (erasures !== this.#erasures) continue;
      this.#kept.delete(id);
      this.#kept.set(id, { ...subject, until: now + this.#lifetime });
    }
    while (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    return result;
  }

  forget(id: string): void {
    this.#erasures += 1;
    this.#kept.delete(id);
  }
}
