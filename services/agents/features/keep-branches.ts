/** Branches, in regions: added, changed, closed and opened again; never deleted, since sales name them. */
import { newId, type Queryable, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { branchesChanged } from '../events.ts';
import type { Branch } from '../schema.ts';
import { isTaken } from './unique-violation.ts';

async function select(db: Queryable, rest: string, values: unknown[] = []): Promise<Branch[]> {
  const answer = await db.query<Branch>(
    `SELECT id, code, name, region, zone, active, version FROM agents.branches ${rest}`,
    values,
  );
  return answer.rows;
}

/** Writes the row of a new or locked branch, and tells of it. */
async function save(tx: Transaction, before: Branch | null, wanted: Branch): Promise<Branch> {
  const branch = { ...wanted, version: (before?.version ?? 0) + 1 };
  const { id, code, name, region, zone, active, version } = branch;
  if (before && JSON.stringify({ ...wanted, version: before.version }) === JSON.stringify(before))
    return before;
  await tx.query(
    `INSERT INTO agents.branches (id, code, name, region, zone, active, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE
     SET code = $2, name = $3, region = $4, zone = $5, active = $6, version = $7`,
    [id, code, name, region, zone, active, version],
  );
  await publish(tx, branchesChanged, {
    key: id,
    payload: { branchId: id, code, name, region, zone, active },
  });
  return branch;
}

function taken(error: unknown): never {
  if (!isTaken(error)) throw error;
  throw agentsError('code_taken', { faults: [{ at: '/code', message: 'Is in use already.' }] });
}

export const listBranches: Handler<typeof agentsApi.listBranches> = async (_request, { db }) => ({
  status: 200,
  body: { items: await select(db, 'ORDER BY region, name, code') },
});

export const createBranch: Handler<typeof agentsApi.createBranch> = async ({ body }, { db }) => {
  const branch = { id: newId(), ...body, zone: body.zone ?? null, active: true, version: 0 };
  return { status: 201, body: await db.transaction((tx) => save(tx, null, branch)).catch(taken) };
};

/** The branch of the code, added or brought up to date; what the body leaves out stays. */
export const putBranch: Handler<typeof agentsApi.putBranch> = async ({ params, body }, { db }) =>
  db.transaction(async (tx) => {
    // Two at once for a new code: the second waits here and then finds the first one's row.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('agents.branches'))`);
    const [before = null] = await select(tx, 'WHERE code = $1 FOR UPDATE', [params.code]);
    const wanted: Branch = {
      id: before?.id ?? newId(),
      code: params.code,
      name: body.name,
      region: body.region,
      zone: body.zone === undefined ? (before?.zone ?? null) : body.zone,
      active: body.active ?? before?.active ?? true,
      version: 0,
    };
    return { status: before ? 200 : 201, body: await save(tx, before, wanted) };
  });

export const changeBranch: Handler<typeof agentsApi.changeBranch> = async ({ params, body }, { db }) => {
  const branch = await db
    .transaction(async (tx) => {
      const [before] = await select(tx, 'WHERE id = $1 FOR UPDATE', [params.id]);
      if (!before) throw agentsError('branch_unknown');
      if (before.version !== body.version) throw agentsError('version_conflict');
      return save(tx, before, {
        id: before.id,
        code: body.code ?? before.code,
        name: body.name ?? before.name,
        region: body.region ?? before.region,
        zone: body.zone === undefined ? before.zone : body.zone,
        active: body.active ?? before.active,
        version: 0,
      });
    })
    .catch(taken);
  return { status: 200, body: branch };
};
