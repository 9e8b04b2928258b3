/**
 * Data keys: one per purpose, which encrypts its secrets. They lie in the database, wrapped by the master key,
 * so that changing the master key writes a handful of rows and no secret anew.
 */
import { randomBytes } from 'node:crypto';
import { HOST_ROLE, type Queryable, REQUEST_ROLE, type Transaction } from './database.ts';
import { DataError } from './errors.ts';
import { newId } from './ids.ts';
import { type MasterKey, masterKeys } from './master-keys.ts';

export interface DataKey {
  id: string;
  purpose: string;
  key: Buffer;
}

interface Row {
  id: string;
  purpose: string;
  master: string;
  wrapped: Buffer;
}

/** By id. Ids are random, so keys of several databases don't meet; a key never changes. */
const known = new Map<string, DataKey>();

/** Makes the tables; can run again. */
export async function installDataKeys(tx: Transaction): Promise<void> {
  await tx.query(`
    CREATE TABLE IF NOT EXISTS moonbase.data_keys (
      id uuid PRIMARY KEY, purpose text NOT NULL UNIQUE, master text NOT NULL, wrapped bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(), wrapped_at timestamptz NOT NULL DEFAULT now());
    -- Master keys that nothing may be wrapped with any more.
    CREATE TABLE IF NOT EXISTS moonbase.retired_master_keys (
      id text PRIMARY KEY, retired_at timestamptz NOT NULL DEFAULT now());
    GRANT SELECT, INSERT ON moonbase.data_keys TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT SELECT ON moonbase.retired_master_keys TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT UPDATE ON moonbase.data_keys TO ${HOST_ROLE};
    GRANT INSERT, DELETE ON moonbase.retired_master_keys TO ${HOST_ROLE};`);
}

const bound = (id: string, purpose: string) => `moonbase data key\n${id}\n${purpose}`;

const FIND = {
  name: 'data.key_of_purpose',
  text: 'SELECT id, purpose, master, wrapped FROM moonbase.data_keys WHERE purpose = $1',
};

/** The key that encrypts secrets of a purpose, made where there is none. @throws DataError as of `unwrap` */
export async function dataKeyFor(db: Queryable, purpose: string): Promise<DataKey> {
  const found = await db.query<Row>(FIND, [purpose]);
  return found.rows[0] ? keep(found.rows[0]) : make(db, purpose);
}

/** The keys with these ids. @throws DataError `secret_unreadable` where one is missing, and as of `unwrap` */
export async function dataKeysOf(
  db: Queryable,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, DataKey>> {
  const wanted = new Set(ids);
  const missing = [...wanted].filter((id) => !known.has(id));
  if (missing.length > 0) {
    const found = await db.query<Row>(
      'SELECT id, purpose, master, wrapped FROM moonbase.data_keys WHERE id = ANY($1)',
      [missing],
    );
    for (const row of found.rows) await keep(row);
    const lost = missing.find((id) => !known.has(id));
    if (lost) throw new DataError('secret_unreadable', { detail: `There is no data key ${lost}.` });
  }
  return known;
}

async function make(db: Queryable, purpose: string): Promise<DataKey> {
  const [master] = await masterKeys();
  const [id, key] = [newId(), randomBytes(32)];
  // Against a rotation that ends in between: it locks the table, and this statement looks after its lock.
  await db.query(
    `INSERT INTO moonbase.data_keys (id, purpose, master, wrapped)
     SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM moonbase.retired_master_keys WHERE id = $3)
     ON CONFLICT (purpose) DO NOTHING`,
    [id, purpose, master!.id, await master!.wrap(key, bound(id, purpose))],
  );
  // In a statement of its own: it sees also what another made meanwhile.
  const made = await db.query<Row>(FIND, [purpose]);
  if (!made.rows[0]) throw new DataError('secret_key_retired');
  return keep(made.rows[0]);
}

async function keep(row: Row): Promise<DataKey> {
  const there = known.get(row.id);
  if (there) return there;
  const kept = { id: row.id, purpose: row.purpose, key: await unwrap(row, await masterKeys()) };
  known.set(row.id, kept);
  return kept;
}

/** @throws DataError `secret_key_wrong` */
async function unwrap({ id, purpose, master, wrapped }: Row, masters: readonly MasterKey[]): Promise<Buffer> {
  const key = masters.find((each) => each.id === master);
  if (!key)
    throw new DataError('secret_key_wrong', {
      detail: `Wrapped by ${master}, given: ${masters.map((each) => each.id).join(', ')}.`,
    });
  try {
    return await key.unwrap(wrapped, bound(id, purpose));
  } catch (cause) {
    throw new DataError('secret_unreadable', { detail: `The data key of ${purpose} was changed.`, cause });
  }
}

/** Whether this process can read everything: for the start. @throws DataError as of `unwrap` */
export async function checkDataKeys(db: Queryable): Promise<void> {
  const masters = await masterKeys();
  const retired = await db.query('SELECT FROM moonbase.retired_master_keys WHERE id = $1', [masters[0]!.id]);
  if (retired.rowCount) throw new DataError('secret_key_retired');
  const all = await db.query<Row>('SELECT id, purpose, master, wrapped FROM moonbase.data_keys');
  for (const row of all.rows) await unwrap(row, masters);
}

export interface DataKeyState {
  purpose: string;
  /** Id of the master key that wraps it. */
  master: string;
  wrappedAt: Date;
}

export async function dataKeyStates(db: Queryable): Promise<DataKeyState[]> {
  const all = await db.query<DataKeyState>(
    'SELECT purpose, master, wrapped_at AS "wrappedAt" FROM moonbase.data_keys ORDER BY purpose',
  );
  return all.rows;
}

/**
 * Wraps one data key that is not under the current master key yet. Each commits by itself: killed at any
 * moment, the rest waits for the next run, and both master keys are accepted until then.
 *
 * @returns the purpose; undefined when none is left
 */
export async function rewrapNext(tx: Transaction): Promise<string | undefined> {
  const masters = await masterKeys();
  const current = masters[0]!;
  const found = await tx.query<Row>(
    `SELECT id, purpose, master, wrapped FROM moonbase.data_keys WHERE master <> $1
     ORDER BY purpose LIMIT 1 FOR UPDATE`,
    [current.id],
  );
  const row = found.rows[0];
  if (!row) return undefined;
  const key = await unwrap(row, masters);
  await tx.query(
    'UPDATE moonbase.data_keys SET master = $2, wrapped = $3, wrapped_at = now() WHERE id = $1',
    [row.id, current.id, await current.wrap(key, bound(row.id, row.purpose))],
  );
  return row.purpose;
}

/**
 * Retires the older master keys: from the commit on nothing is wrapped with them. Nothing may be left under them.
 *
 * @returns the ids that are retired now; undefined when a data key appeared under one: rewrap again
 */
export async function retireMasterKeys(tx: Transaction): Promise<string[] | undefined> {
  const [current, ...older] = (await masterKeys()).map(({ id }) => id);
  await tx.query('LOCK TABLE moonbase.data_keys IN SHARE ROW EXCLUSIVE MODE');
  const left = await tx.query('SELECT FROM moonbase.data_keys WHERE master <> $1 LIMIT 1', [current]);
  if (left.rowCount) return undefined;
  const retired = await tx.query<{ id: string }>(
    `INSERT INTO moonbase.retired_master_keys (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING id`,
    [older],
  );
  return retired.rows.map(({ id }) => id);
}
