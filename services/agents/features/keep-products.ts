/** Products, of types: added, changed, withdrawn and offered again; never deleted, since sales name them. */
import { newId, type Queryable, type Transaction } from '@moonbase/data';
import { publish } from '@moonbase/events';
import type { Handler } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { productsChanged } from '../events.ts';
import type { Product } from '../schema.ts';
import { isTaken } from './unique-violation.ts';

async function select(db: Queryable, rest: string, values: unknown[] = []): Promise<Product[]> {
  const answer = await db.query<Product>(
    `SELECT id, code, type, name, target_amount AS "targetAmount", currency, active, version
     FROM agents.products ${rest}`,
    values,
  );
  return answer.rows;
}

/**
 * Writes the row of a new or locked product, and tells of it.
 *
 * @throws CodedError `target_without_currency`
 */
async function save(
  tx: Transaction,
  before: Product | null,
  wanted: Omit<Product, 'version'>,
): Promise<Product> {
  const { id, code, type, name, targetAmount, currency, active } = wanted;
  if ((targetAmount === null) !== (currency === null)) {
    const at = currency === null ? '/currency' : '/targetAmount';
    throw agentsError('target_without_currency', { faults: [{ at, message: 'Is missing.' }] });
  }
  const changed = await tx.query(
    `INSERT INTO agents.products AS p (id, code, type, name, target_amount, currency, active, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (id) DO UPDATE
     SET code = $2, type = $3, name = $4, target_amount = $5, currency = $6, active = $7, version = p.version + 1
     WHERE (p.code, p.type, p.name, p.target_amount, p.currency, p.active)
       IS DISTINCT FROM ($2, $3, $4, $5::numeric, $6, $7)`,
    [id, code, type, name, targetAmount, currency, active],
  );
  if (!changed.rowCount && before) return before;
  const [product] = await select(tx, 'WHERE id = $1', [id]);
  const payload = { productId: id, code, type, name, targetAmount: product!.targetAmount, currency, active };
  await publish(tx, productsChanged, { key: id, payload });
  return product!;
}

function taken(error: unknown): never {
  if (!isTaken(error)) throw error;
  throw agentsError('code_taken', { faults: [{ at: '/code', message: 'Is in use already.' }] });
}

export const listProducts: Handler<typeof agentsApi.listProducts> = async (_request, { db }) => ({
  status: 200,
  body: { items: await select(db, 'ORDER BY type, name, code') },
});

export const createProduct: Handler<typeof agentsApi.createProduct> = async ({ body }, { db }) => {
  const { targetAmount = null, currency = null, ...rest } = body;
  const product = { id: newId(), ...rest, targetAmount, currency, active: true };
  return { status: 201, body: await db.transaction((tx) => save(tx, null, product)).catch(taken) };
};

/** The product of the code, added or brought up to date; what the body leaves out stays. */
export const putProduct: Handler<typeof agentsApi.putProduct> = async ({ params, body }, { db }) =>
  db.transaction(async (tx) => {
    // Two at once for a new code: the second waits here and then finds the first one's row.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('agents.products'))`);
    const [before = null] = await select(tx, 'WHERE code = $1 FOR UPDATE', [params.code]);
    const product = await save(tx, before, {
      id: before?.id ?? newId(),
      code: params.code,
      type: body.type,
      name: body.name,
      ...targetOf(body, before),
      active: body.active ?? before?.active ?? true,
    });
    return { status: before ? 200 : 201, body: product };
  });

export const changeProduct: Handler<typeof agentsApi.changeProduct> = async ({ params, body }, { db }) => {
  const product = await db
    .transaction(async (tx) => {
      const [before] = await select(tx, 'WHERE id = $1 FOR UPDATE', [params.id]);
      if (!before) throw agentsError('product_unknown');
      if (before.version !== body.version) throw agentsError('version_conflict');
      return save(tx, before, {
        id: before.id,
        code: body.code ?? before.code,
        type: body.type ?? before.type,
        name: body.name ?? before.name,
        ...targetOf(body, before),
        active: body.active ?? before.active,
      });
    })
    .catch(taken);
  return { status: 200, body: product };
};

function targetOf(
  body: { targetAmount?: string | null | undefined; currency?: string | null | undefined },
  before: Product | null,
): Pick<Product, 'targetAmount' | 'currency'> {
  return {
    targetAmount: body.targetAmount === undefined ? (before?.targetAmount ?? null) : body.targetAmount,
    currency: body.currency === undefined ? (before?.currency ?? null) : body.currency,
  };
}
