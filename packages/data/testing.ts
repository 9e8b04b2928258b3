/**
 * For tests: a real PostgreSQL, and a database of one's own in milliseconds.
 *
 * Every test run shares one embedded server (see `startTestServer`, called by the runner's global set-up).
 * A set of migrations is applied once to a template; each test clones it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from './src/database.ts';
import { startEmbeddedServer } from './src/embedded-server.ts';
import { localMasterKey, useMasterKeys } from './src/master-keys.ts';
import { type MigrationSet, migrate, readMigrations } from './src/migrate.ts';

/** The master key of tests: known to everybody, so `moon start` refuses it outside development. */
export const TEST_MASTER_KEY = createHash('sha256').update('moonbase tests').digest();

/** Has this process encrypt with the key of tests; for processes that tests start. */
export function useTestMasterKey(): void {
  useMasterKeys(() => [localMasterKey(TEST_MASTER_KEY)]);
}

/** Where tests find the server: its administrator's URL. */
const TEST_SERVER = 'MOONBASE_TEST_SERVER';

/**
 * Starts the server for a test run and names it in the environment. One that the environment names already is
 * used as it is, so that the tests can run on another version: a URL ending in `/postgres`, of a role with
 * CREATEDB and CREATEROLE.
 *
 * @returns stops it and removes its data
 */
export async function startTestServer(): Promise<() => Promise<void>> {
  if (process.env[TEST_SERVER]) return async () => {};
  const folder = await mkdtemp(join(tmpdir(), 'moonbase-test-'));
  const server = await startEmbeddedServer({ folder, volatile: true });
  process.env[TEST_SERVER] = server.url('postgres');
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export interface TestDatabase {
  url: string;
  /** As a host sees it. */
  db: Database;
  /** As the owner sees it, for set-up that a host may not do. */
  owner: Database;
  drop(): Promise<void>;
}

/** A new database with the migrations applied. */
export async function createTestDatabase(sets: readonly MigrationSet[] = []): Promise<TestDatabase> {
  useTestMasterKey();
  const server = process.env[TEST_SERVER];
  if (!server) throw new Error(`${TEST_SERVER} is not set: run tests with ./moon test`);
  const template = await ensureTemplate(server, sets);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const url = server.replace(/\/postgres$/, `/${name}`);
  const db = new Database({ url });
  const owner = new Database({ url, role: 'owner', connections: 2 });
  return {
    url,
    db,
    owner,
    drop: async () => {
      await Promise.all([db.close(), owner.close()]);
      await dropDatabase(server, name);
    },
  };
}

async function ensureTemplate(server: string, sets: readonly MigrationSet[]): Promise<string> {
  const migrations = await readMigrations(sets);
  const digest = createHash('sha256')
    .update(migrations.map((each) => each.schema + each.digest).join())
    .digest('hex');
  const name = `template_${digest.slice(0, 16)}`;
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('${name}'))`);
    const known = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (known.rowCount) return name;
    const making = `${name}_${randomBytes(3).toString('hex')}`;
    await client.query(`CREATE DATABASE ${making}`);
    const owner = new Database({
      url: server.replace(/\/postgres$/, `/${making}`),
      role: 'owner',
      connections: 1,
    });
    try {
      await migrate(owner, sets);
    } finally {
      await owner.close();
    }
    await client.query(`ALTER DATABASE ${making} RENAME TO ${name}`);
    return name;
  } finally {
    await client.end();
  }
}

/** An autovacuum worker, which only a superuser may end, can be in it for a moment. */
async function dropDatabase(server: string, name: string, attempts = 50): Promise<void> {
  try {
    await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (attempts === 0 || (code !== '42501' && code !== '55006')) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
    await dropDatabase(server, name, attempts - 1);
  }
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
