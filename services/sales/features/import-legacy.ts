/**
 * Brings the first Moon's MySQL database over: agents (authorised for what they sold, from their hire
 * date), products with their target amounts as open-ended targets, sales under their old numbers, and the
 * notifications that were sent.
 *
 * It reads page by page and pushes through the routes of a core system. Everything has a reference, so that
 * running it again doubles nothing, and continues where a run broke off.
 */
import { createClient } from '@moonbase/http/client';
import { Settings } from '@moonbase/identity';
import { notificationsApi } from '@moonbase/notifications/api.ts';
import type { CommandWorld } from '@moonbase/service';
import mysql from 'mysql2/promise';
import { salesApi } from '../api.ts';
import { salesError } from '../errors.ts';
import { pushReferences, type References } from './push-references.ts';
import { SalesPush } from './push-sales.ts';

const SOURCE = 'moon-legacy';
const PAGE = 1_000;
/** Before any sale: the target amounts of the first Moon had no beginning. */
const EVER = '2000-01-01';

/** Reads pages of the source; every failure of it says what it was. */
class Legacy {
  readonly #connection: mysql.Connection;

  private constructor(connection: mysql.Connection) {
    this.#connection = connection;
  }

  static async open(url: string): Promise<Legacy> {
    return told(async () => {
      const connection = await mysql.createConnection({ uri: url, dateStrings: true, charset: 'utf8mb4' });
      // A lost connection also fails the query under way; without a listener it ends the process.
      connection.on('error', () => {});
      await connection.query(`SET time_zone = '+00:00'`);
      return new Legacy(connection);
    });
  }

  async rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return told(async () => (await this.#connection.query(text, values))[0] as Row[]);
  }

  /** All rows in the order of a number, page by page. `text` selects those above `?`, `LIMIT ?`. */
  async *pages<Row>(text: string, number: (row: Row) => number): AsyncGenerator<Row[]> {
    for (let after = 0; ; ) {
      const rows = await this.rows<Row>(text, [after, PAGE]);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      after = number(rows.at(-1)!);
    }
  }

  async close(): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }
}

async function told<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { message, code } = cause as { message?: string; code?: string };
    throw salesError('source_unreachable', { detail: `MySQL says: ${message || code}.`, cause });
  }
}

/** @param currency of everything in it; the organisation's unless given */
export async function importLegacy(
  url: string,
  options: { currency?: string },
  world: CommandWorld,
): Promise<void> {
  const source = await Legacy.open(url);
  try {
    const currency =
      options.currency ?? (await new Settings({ db: await world.database() }).organisation()).currency;
    const { references, targets } = await readReferences(source, currency);
    const { products, refused } = await pushReferences(references, world);
    world.print(`Products: ${products.size}. Agents: ${references.agents.length - refused.length}.`);
    for (const line of refused) world.print(`  agent not taken: ${line}`);
    await pushTargets(targets, products, currency, world);
    await pushAllSales(source, currency, world);
    await pushNotifications(source, world);
  } finally {
    await source.close();
  }
}

interface ProductRow {
  product_id: number;
  product_type: string;
  product_name: string;
  target_amount: string;
}

const productCode = (id: number) => `P${id}`;
/** A branch of the first Moon is a name; its code is the name in capitals. */
export const codeOf = (name: string) => name.trim().toUpperCase().replace(/\s+/g, '-').slice(0, 50);

async function readReferences(
  source: Legacy,
  currency: string,
): Promise<{ references: References; targets: ProductRow[] }> {
  const products = await source.rows<ProductRow>(
    'SELECT product_id, product_type, product_name, target_amount FROM products ORDER BY product_id',
  );
  const branches = await source.rows<{ name: string }>(
    `SELECT DISTINCT trim(branch) AS name FROM (SELECT branch FROM agents UNION SELECT branch FROM sales) b
     WHERE trim(coalesce(branch, '')) <> '' ORDER BY 1`,
  );
  const sold = await source.rows<{ agent_code: string; product_id: number; first: string }>(
    `SELECT agent_code, product_id, MIN(sale_date) AS first FROM sales
     WHERE product_id IS NOT NULL AND sale_date IS NOT NULL GROUP BY agent_code, product_id
     ORDER BY agent_code, product_id`,
  );
  const agents = await source.rows<{
    agent_code: string;
    first_name: string;
    last_name: string;
    branch: string | null;
    contact_number: string | null;
    email: string | null;
    team: string | null;
    hire_date: string | null;
  }>('SELECT * FROM agents ORDER BY agent_id');
  const homeless = agents.some((agent) => !agent.branch?.trim());
  return {
    targets: products,
    references: {
      branches: [...branches.map(({ name }) => name), ...(homeless ? ['No branch'] : [])].map((name) => ({
        ...{ code: codeOf(name), name, region: 'Imported' },
      })),
      teams: [...new Set(agents.flatMap((agent) => agent.team ?? []))],
      products: products.map((product) => ({
        code: productCode(product.product_id),
        type: product.product_type,
        name: product.product_name,
        targetAmount: product.target_amount,
        currency,
      })),
      agents: agents.map((agent) => ({
        code: agent.agent_code,
        firstName: agent.first_name,
        lastName: agent.last_name,
        email: agent.email || null,
        contact: agent.contact_number || null,
        hireDate: agent.hire_date,
        branch: codeOf(agent.branch?.trim() || 'No branch'),
        team: agent.team,
        authorisations: sold
          .filter((each) => each.agent_code === agent.agent_code)
          .map((each) => ({ product: productCode(each.product_id), from: agent.hire_date ?? each.first })),
      })),
    },
  };
}

async function pushTargets(
  rows: readonly ProductRow[],
  products: ReadonlyMap<string, string>,
  currency: string,
  world: CommandWorld,
): Promise<void> {
  const headers = { authorization: `Bearer ${await world.key('targets:write')}` };
  const client = createClient(salesApi, { url: world.url, headers });
  let set = 0;
  for (const { product_id, target_amount } of rows) {
    if (!/[1-9]/.test(target_amount)) continue;
    const id = products.get(productCode(product_id))!;
    await client.createTarget({
      body: {
        subject: { kind: 'product', id },
        period: { kind: 'open', from: EVER },
        ...{ measure: 'amount', value: target_amount, currency, reference: `${SOURCE}/${product_id}` },
      },
    });
    set += 1;
  }
  world.print(`Targets: ${set}.`);
}

async function pushAllSales(source: Legacy, currency: string, world: CommandWorld): Promise<void> {
  const push = new SalesPush(world, await world.key('sales:write'));
  const pages = source.pages<{
    sale_id: number;
    agent_code: string;
    product_id: number | null;
    amount: string | null;
    sale_date: string | null;
    branch: string | null;
  }>('SELECT * FROM sales WHERE sale_id > ? ORDER BY sale_id LIMIT ?', (row) => row.sale_id);
  for await (const page of pages) {
    for (const row of page) {
      // What the source does not know stays out: the row is then listed as not taken in, with the field.
      await push.add(row.sale_id, {
        ...{ source: SOURCE, reference: String(row.sale_id), agent: row.agent_code, currency },
        product: row.product_id === null ? undefined : productCode(row.product_id),
        amount: row.amount ?? undefined,
        soldAt: row.sale_date ?? undefined,
        branch: row.branch?.trim() ? codeOf(row.branch) : undefined,
      });
    }
    world.signal.throwIfAborted();
  }
  await push.flush();
  push.report();
}

async function pushNotifications(source: Legacy, world: CommandWorld): Promise<void> {
  const headers = { authorization: `Bearer ${await world.key('notifications:write')}` };
  const client = createClient(notificationsApi, { url: world.url, headers });
  const pages = source.pages<{
    id: number;
    agent_code: string | null;
    message: string | null;
    sent_at: string;
  }>(
    'SELECT id, agent_code, message, sent_at FROM notifications WHERE id > ? ORDER BY id LIMIT ?',
    (row) => row.id,
  );
  const counts = { created: 0, unchanged: 0 };
  for await (const page of pages) {
    const { created, unchanged, rejected } = await client.importNotifications({
      body: {
        notifications: page.map((row) => ({
          ...{ source: SOURCE, reference: String(row.id), agent: row.agent_code, message: row.message ?? '' },
          sentAt: `${row.sent_at.replace(' ', 'T')}Z`,
        })),
      },
    });
    counts.created += created;
    counts.unchanged += unchanged;
    for (const { reference, faults } of rejected)
      world.print(`  notification ${reference} not taken: ${faults.map((each) => each.message).join('; ')}`);
  }
  world.print(`Notifications: ${counts.created} taken over, ${counts.unchanged} there already.`);
}
