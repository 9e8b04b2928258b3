/**
 * `moon backup keys` and `restore-keys`: the keys that read personal data in the event log, and the pseudonyms.
 * They are backed up apart from the rest and only for some days, so that an erasure reaches backups too:
 * without its key, what an older backup of the database holds of somebody in the log cannot be read.
 * The file holds the keys themselves under the passphrase: it does not need the master key of that time.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, sealer } from '@moonbase/data';
import { openKeys, SUBJECT_KEYS } from '@moonbase/events';
import { KEEP_KEY_BACKUPS, KEY_BACKUPS } from '@moonbase/service';
import { runInWorld } from '../command-world.ts';
import type { Environment } from '../environment.ts';
import { Failure } from '../failure.ts';
import { openSealed, seal } from '../sealed-lines.ts';

const NAME = /^moonbase-keys-\d{8}T\d{6}Z\.sealed$/;
const PAGE = 10_000;

interface SubjectRow {
  id: string;
  /** Base64; null once erased, as is the pseudonym. */
  key: string | null;
  pseudonym: string | null;
  createdAt: string;
  erasedAt: string | null;
}

function passphraseOf({ MOON_BACKUP_PASSPHRASE: passphrase }: Environment): string {
  if (passphrase) return passphrase;
  throw new Failure(
    'There is nothing to encrypt the keys with.',
    'Set MOON_BACKUP_PASSPHRASE, and keep it elsewhere.',
  );
}

export async function backupKeys(
  folder: string,
  dataFolder: string,
  environment: Environment,
): Promise<void> {
  const passphrase = passphraseOf(environment);
  await runInWorld({ dataFolder, services: [], environment }, async ({ database, print }) => {
    const { file, subjects, removed } = await writeKeys(await database(), folder, passphrase, new Date());
    print(`${subjects} keys are in ${file}; ${removed} older files were removed.`);
  });
}

export async function restoreKeys(file: string, dataFolder: string, environment: Environment): Promise<void> {
  const passphrase = passphraseOf(environment);
  await runInWorld({ dataFolder, services: [], environment }, async ({ database, print }) => {
    const { restored, erased } = await readKeys(await database(), file, passphrase);
    print(`${restored} keys are back; ${erased} of people erased since stay deleted.`);
  });
}

/** Writes a file under a name of its own, whole or not at all, and removes those of the folder past their period. */
export async function writeKeys(
  db: Database,
  folder: string,
  passphrase: string,
  now: Date,
): Promise<{ file: string; subjects: number; removed: number }> {
  const pages: string[] = [];
  let subjects = 0;
  for (let after = ''; ; ) {
    const page = await db.query<Omit<SubjectRow, 'key'> & { key: Buffer | null }>(
      `SELECT id, key, pseudonym, created_at AS "createdAt", erased_at AS "erasedAt"
         FROM events.subjects WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
    );
    const rows = (await openKeys(db, page.rows)).map(
      ({ key, ...row }): SubjectRow => ({ ...row, key: key?.toString('base64') ?? null }),
    );
    if (rows.length > 0) pages.push(JSON.stringify(rows));
    subjects += page.rows.length;
    if (page.rows.length < PAGE) break;
    after = page.rows.at(-1)!.id;
  }
  await mkdir(folder, { recursive: true });
  const name = `moonbase-keys-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.sealed`;
  const file = join(folder, name);
  await writeFile(`${file}.part`, seal(pages, passphrase), { mode: 0o600, flush: true });
  await rename(`${file}.part`, file);
  return { file, subjects, removed: await removeOld(folder, await keptDays(db), now) };
}

/**
 * Into a database that was restored without keys. Those that are there stay; whoever was erased by what the
 * restored log says stays erased.
 */
export async function readKeys(
  db: Database,
  file: string,
  passphrase: string,
): Promise<{ restored: number; erased: number }> {
  const pages = openSealed(await readFile(file, 'utf8'), passphrase);
  return db.transaction(async (tx) => {
    let restored = 0;
    const seal = await sealer(tx, SUBJECT_KEYS);
    for (const page of pages) {
      const rows = (JSON.parse(page) as SubjectRow[]).map((row) => ({
        ...row,
        key: row.key && seal(row.id, Buffer.from(row.key, 'base64')).toString('base64'),
      }));
      const done = await tx.query(
        `INSERT INTO events.subjects (id, key, pseudonym, created_at, erased_at)
         SELECT id, decode(key, 'base64'), pseudonym, "createdAt", "erasedAt"
           FROM jsonb_to_recordset($1) AS s (id text, key text, pseudonym uuid, "createdAt" timestamptz, "erasedAt" timestamptz)
         ON CONFLICT (id) DO NOTHING`,
        [JSON.stringify(rows)],
      );
      restored += done.rowCount ?? 0;
    }
    const erased = await tx.query(
      `UPDATE events.subjects s SET key = NULL, pseudonym = NULL, erased_at = now()
        WHERE s.erased_at IS NULL AND s.id IN (SELECT key FROM events.log WHERE type LIKE '%.erased')`,
    );
    return { restored, erased: erased.rowCount ?? 0 };
  });
}

async function keptDays(db: Database): Promise<number> {
  const set = await db.query<{ days: number }>('SELECT days FROM privacy.periods WHERE rule = $1', [
    KEY_BACKUPS,
  ]);
  return set.rows[0]?.days ?? KEEP_KEY_BACKUPS;
}

async function removeOld(folder: string, days: number, now: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    if (!NAME.test(name)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (now.getTime() - mtimeMs <= days * 86_400_000) continue;
    await rm(join(folder, name));
    removed += 1;
  }
  return removed;
}
