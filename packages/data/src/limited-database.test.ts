import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { withBeforeCommit } from './database.ts';
import { newId } from './ids.ts';
import { EVERYTHING, limited, type Reach } from './limited-database.ts';

const [nimal, kamala, colombo, kandy, north] = [newId(), newId(), newId(), newId(), newId()];
const nobody: Reach = { all: false, person: null, agent: null, teams: [], branches: [] };

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.owner.transaction(async (tx) => {
    await tx.query(`
      CREATE TABLE public.deals (id int PRIMARY KEY, agent_id uuid, team_id uuid, branch_id uuid);
      CREATE TABLE public.parts (deal int, part text);
      CREATE TABLE public.letters (person_id uuid, text text);
      SELECT moonbase.limit_rows('public.deals', agent => 'agent_id', team => 'team_id', branch => 'branch_id');
      SELECT moonbase.limit_rows('public.letters', person => 'person_id');
      SELECT moonbase.limit_rows_by('public.parts', 'EXISTS (SELECT FROM public.deals d WHERE d.id = deal)');
      GRANT ALL ON public.deals, public.parts, public.letters TO moonbase_host, moonbase_request;`);
  });
  // The system writes without a reach.
  await database.db.query('INSERT INTO public.deals VALUES (1, $1, $3, $4), (2, $2, NULL, $5)', [
    ...[nimal, kamala, north, colombo, kandy],
  ]);
  await database.db.query(`INSERT INTO public.parts VALUES (1, 'one'), (2, 'two')`);
  await database.db.query('INSERT INTO public.letters VALUES ($1, $3), ($2, $3)', [nimal, kamala, 'Hello']);
});
afterEach(() => database.drop());

const seenBy = async (reach: Partial<Reach>) =>
  (
    await limited(database.db, { ...nobody, ...reach }).query('SELECT id FROM public.deals ORDER BY id')
  ).rows.map((row) => row.id);

test('who reaches nothing sees nothing, who reaches everything all', async () => {
  expect(await seenBy({})).toEqual([]);
  expect(await seenBy(EVERYTHING)).toEqual([1, 2]);
});

test('a row is seen by its agent, its team and its branch', async () => {
  expect(await seenBy({ agent: nimal })).toEqual([1]);
  expect(await seenBy({ teams: [north] })).toEqual([1]);
  expect(await seenBy({ branches: [kandy] })).toEqual([2]);
  expect(await seenBy({ agent: kamala, teams: [north] })).toEqual([1, 2]);
  // A person's id is no agent's: each stands in its own column.
  expect(await seenBy({ person: nimal })).toEqual([]);
});

test('a person sees its own rows, a child row is seen with its parent', async () => {
  const mine = limited(database.db, { ...nobody, person: nimal, branches: [kandy] });
  expect((await mine.query('SELECT person_id FROM public.letters')).rows).toEqual([{ person_id: nimal }]);
  expect((await mine.query('SELECT part FROM public.parts')).rows).toEqual([{ part: 'two' }]);
});

test('what lies beyond the reach cannot be written, changed or deleted', async () => {
  const mine = limited(database.db, { ...nobody, branches: [colombo] });
  const insert = 'INSERT INTO public.deals VALUES (3, $1, NULL, $2)';
  await expect(mine.query(insert, [nimal, kandy])).rejects.toMatchObject({ code: '42501' });
  await mine.query(insert, [nimal, colombo]);
  expect((await mine.query('DELETE FROM public.deals WHERE id = 2')).rowCount).toBe(0);
  await expect(
    mine.query('UPDATE public.deals SET branch_id = $1 WHERE id = 1', [kandy]),
  ).rejects.toMatchObject({ code: '42501' });
  expect(await seenBy(EVERYTHING)).toEqual([1, 2, 3]);
});

test('the limit ends with the transaction: the next user of the connection has its own', async () => {
  database.db.pool.options.max = 1;
  const mine = limited(database.db, { ...nobody, agent: nimal });
  expect((await mine.query('SELECT id FROM public.deals')).rowCount).toBe(1);
  await expect(mine.query('SELECT nonsense')).rejects.toThrow(/nonsense/);
  expect((await database.db.query('SELECT id FROM public.deals')).rowCount).toBe(2);
  const role = await database.db.query('SELECT current_user AS role');
  expect(role.rows).toEqual([{ role: 'moonbase_host' }]);
});

test('a transaction is limited from its first statement to its last', async () => {
  const mine = limited(database.db, { ...nobody, agent: nimal });
  let last: unknown;
  await withBeforeCommit(
    async (tx) => {
      last = (await tx.query('SELECT count(*) AS n FROM public.deals')).rows[0];
    },
    () =>
      mine.transaction(async (tx) => {
        expect((await tx.query('SELECT id FROM public.deals')).rows).toEqual([{ id: 1 }]);
      }),
  );
  expect(last).toEqual({ n: 1 });
});

test('neither role owns anything or goes around policies', async () => {
  const roles = await database.db.query(
    String.raw`SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns
     FROM pg_roles r WHERE rolname LIKE 'moonbase\_%' ORDER BY rolname`,
  );
  expect(roles.rows).toEqual([
    { rolname: 'moonbase_host', rolsuper: false, rolbypassrls: false, owns: false },
    { rolname: 'moonbase_request', rolsuper: false, rolbypassrls: false, owns: false },
  ]);
});
