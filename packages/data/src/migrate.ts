/**
 * Migrations: numbered SQL files, one schema per package or service, each applied once, in one
 * transaction, under one lock for the whole database.
 *
 * They run as the owner of the objects. Hosts act as `moonbase_host` and requests as `moonbase_request`,
 * which own nothing; row-policies.ts says which rows each sees.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { installDataKeys } from './data-keys.ts';
import { type Database, HOST_ROLE, REQUEST_ROLE, type Transaction } from './database.ts';
import { DataError } from './errors.ts';
import { installRowPolicies } from './row-policies.ts';

export interface MigrationSet {
  /** Its schema: `sales`. */
  schema: string;
  /** Folder of files `0001-name.sql`. */
  folder: URL;
}

export interface Migration {
  schema: string;
  name: string;
  sql: string;
  digest: string;
}

/** Reads the files of the sets, in the order of the sets and then of their numbers. */
export async function readMigrations(sets: readonly MigrationSet[]): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const { schema, folder } of sets) {
    const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
    for (const name of names) {
      const sql = await readFile(
        new URL(name, folder.href.endsWith('/') ? folder : `${folder.href}/`),
        'utf8',
      );
      migrations.push({ schema, name, sql, digest: createHash('sha256').update(sql).digest('hex') });
    }
  }
  return migrations;
}

/**
 * Brings the database up to date. Safe to run from several processes at once.
 *
 * @param owner a database opened with `role: 'owner'`
 * @returns the migrations that ran now
 * @throws DataError `migration_changed`, `migration_failed`, `host_role_missing`
 */
export async function migrate(owner: Database, sets: readonly MigrationSet[]): Promise<Migration[]> {
  const wanted = await readMigrations(sets);
  return owner.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('moonbase.migrate'))`);
    await ensureRoles(tx);
    await tx.query(`
      CREATE SCHEMA IF NOT EXISTS moonbase;
      CREATE TABLE IF NOT EXISTS moonbase.migrations (
        schema text NOT NULL, name text NOT NULL, digest text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (schema, name));`);
    await installRowPolicies(tx);
    await installDataKeys(tx);
    const applied = await tx.query<{ schema: string; name: string; digest: string }>(
      'SELECT schema, name, digest FROM moonbase.migrations',
    );
    const known = new Map(applied.rows.map((row) => [`${row.schema}/${row.name}`, row.digest]));
    const ran: Migration[] = [];
    for (const migration of wanted) {
      const digest = known.get(`${migration.schema}/${migration.name}`);
      if (digest === migration.digest) continue;
      if (digest)
        throw new DataError('migration_changed', { detail: `${migration.schema}/${migration.name}` });
      await apply(tx, migration);
      ran.push(migration);
    }
    for (const schema of new Set(sets.map((set) => set.schema))) await grantToHosts(tx, schema);
    return ran;
  });
}

async function apply(tx: Transaction, migration: Migration): Promise<void> {
  try {
    await tx.query(`CREATE SCHEMA IF NOT EXISTS "${migration.schema}"`);
    await tx.query(`SET LOCAL search_path TO "${migration.schema}", public`);
    await tx.query(migration.sql);
    await tx.query('SET LOCAL search_path TO DEFAULT');
    await tx.query('INSERT INTO moonbase.migrations (schema, name, digest) VALUES ($1, $2, $3)', [
      migration.schema,
      migration.name,
      migration.digest,
    ]);
  } catch (cause) {
    const detail = `${migration.schema}/${migration.name}: ${(cause as Error).message}`;
    throw new DataError('migration_failed', { detail, cause });
  }
}

async function ensureRoles(tx: Transaction): Promise<void> {
  const member = (await serverVersion(tx)) >= 160000 ? 'SET' : 'MEMBER';
  // Roles belong to the whole server: two databases that migrate at once must not both create them.
  await tx.query('SAVEPOINT roles');
  try {
    for (const role of [HOST_ROLE, REQUEST_ROLE])
      await tx.query(`
        DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
            BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
          END IF;
          IF NOT pg_has_role(current_user, '${role}', '${member}') THEN
            EXECUTE format('GRANT ${role} TO %I', current_user);
          END IF;
        END $$;`);
    await tx.query('RELEASE roles');
  } catch (cause) {
    throw new DataError('host_role_missing', { cause });
  }
}

async function serverVersion(tx: Transaction): Promise<number> {
  const answer = await tx.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = answer.rows[0]!.version;
  if (version < 150000) throw new DataError('too_old', { detail: `It is ${version}.` });
  return version;
}

async function grantToHosts(tx: Transaction, schema: string): Promise<void> {
  await tx.query(`
    CREATE SCHEMA IF NOT EXISTS "${schema}";
    GRANT USAGE ON SCHEMA "${schema}" TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO ${HOST_ROLE}, ${REQUEST_ROLE};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "${schema}" TO ${HOST_ROLE}, ${REQUEST_ROLE};`);
}
