/**
 * Writes a batch of sales with the events that tell of them, in the caller's transaction: two statements
 * when all is well.
 *
 * 1. One statement judges every row and inserts those without fault (`ON CONFLICT DO NOTHING`).
 * 2. Rows that were not inserted are looked up by their reference: a sale with the same content is a
 *    repeat, with other content a conflict. A row whose id is there already is our own: the batch is sent
 *    again because the answer to its COMMIT was lost.
 * 3. What is still refused because of agents, products or branches is judged once more under a lock that
 *    the reaction copy-agents takes alone: whichever of the two comes second sees the other, so no sale
 *    waits for an agent who is there already.
 * 4. What is then refused is kept in `sales.rejected`.
 *
 * Rows of one reference in one batch go one after the other, in rounds.
 */
import type { Transaction } from '@moonbase/data';
import { type NewEvent, publish } from '@moonbase/events';
import type { Context } from '@moonbase/telemetry';
import { saleRecorded } from '../events.ts';
import type { Receipt, SaleFacts } from '../schema.ts';
import { columnsJudged, factsOf, type Judged, judge, judged, MENDABLE, someSplit } from './judge-sales.ts';
import { keepRejected } from './keep-rejected.ts';
import type { PreparedSale, Refusal, World } from './prepare-sale.ts';

/** What became of one sale. */
export type Outcome =
  | { outcome: 'recorded' | 'repeated'; receipt: Receipt }
  | { outcome: 'waiting' | 'rejected'; id: string; refusal: Refusal; receipt: Receipt }
  | { outcome: 'conflict'; saleId: string };

export interface Refused {
  sale: PreparedSale;
  sender: Context;
  refusal: Refusal;
}

const insertion = (split: boolean) => ({
  name: `sales.write${split ? '-split' : ''}`,
  text: `${judge(split)}, taken AS (
    INSERT INTO sales.sales (id, digest, agent_id, team_id, branch_id, home_id, product_id, sold_at,
                             recorded_at, day, split, amount, currency, source, reference, actor, policy_number,
                             policyholder)
    SELECT v.id, v.digest, v.agent_id, v.team_id, v.branch_id, nullif(v.home_id, v.branch_id), v.product_id,
           v.sold_at, $18, v.day, ${split ? 'v.ord = ANY ($20)' : 'false'}, v.amount, v.currency, v.source,
           v.reference, v.actor, v.policy_number, v.policyholder
    FROM verdict v WHERE v.code IS NULL ORDER BY v.reference, v.source
    ON CONFLICT (reference, source) DO NOTHING
    RETURNING id, reference, source
  ), mended AS (
    DELETE FROM sales.rejected r USING taken t WHERE r.reference = t.reference AND r.source = t.source
  )${split ? SPLIT : ''}
  SELECT ${columnsJudged(split)}, t.id IS NOT NULL AS taken FROM verdict v LEFT JOIN taken t ON t.id = v.id`,
});

const SPLIT = `, split AS (
    INSERT INTO sales.shares (sale_id, place, agent_id, team_id, branch_id, percent, amount)
    SELECT v.id, o.place, o.agent_id, o.team_id, o.branch_id, o.percent, o.amount
    FROM parts o JOIN verdict v USING (ord) JOIN taken t ON t.id = v.id
  )`;

const WHOLE_SALES = insertion(false);
const SPLIT_SALES = insertion(true);

/**
 * @param senders in whose context each sale was sent
 * @returns what became of each, in order
 */
export async function writeSales(
  tx: Transaction,
  sales: readonly PreparedSale[],
  senders: readonly Context[],
  world: World,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(sales.length);
  const recorded: NewEvent<typeof saleRecorded>[] = [];

  const attempt = async (places: readonly number[]): Promise<{ place: number; refusal: Refusal }[]> => {
    const refused: { place: number; refusal: Refusal }[] = [];
    for (let waiting = places; waiting.length > 0; ) {
      const [round, later] = firstOfEachReference(waiting, sales);
      const batch = round.map((place) => sales[place]!);
      const actors = round.map((place) => senders[place]!.actor);
      const split = someSplit(batch);
      const answer = await tx.query<Judged & { taken: boolean }>(
        split ? SPLIT_SALES : WHOLE_SALES,
        judged(split, batch, actors, world),
      );
      const missing: { place: number; row: Judged }[] = [];
      for (const row of answer.rows) {
        const place = round[row.ord - 1]!;
        if (!row.taken) {
          missing.push({ place, row });
          continue;
        }
        const after = factsOf(sales[place]!, row);
        recorded.push(eventOf(after, sales[place]!, senders[place]!));
        outcomes[place] = { outcome: 'recorded', receipt: receiptOf(after) };
      }
      const known = await findByReference(
        tx,
        missing.map(({ place }) => sales[place]!),
      );
      for (const { place, row } of missing) {
        const sale = sales[place]!;
        const there = known.get(keyOf(sale));
        if (there) outcomes[place] = comparison(sale, there);
        else if (row.code) refused.push({ place, refusal: refusalOf(sale, row) });
        else later.push(place); // Deleted between the two statements: its reference is free.
      }
      waiting = later;
    }
    return refused;
  };

  let refused = await attempt([...sales.keys()]);
  const mendable = refused.filter(({ refusal }) => MENDABLE.includes(refusal.code));
  if (mendable.length > 0) {
    await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtext('sales.known'))`);
    refused = refused.filter((each) => !mendable.includes(each));
    refused.push(...(await attempt(mendable.map(({ place }) => place))));
  }
  const kept = await keepRejected(
    tx,
    refused.map(({ place, refusal }) => ({ sale: sales[place]!, sender: senders[place]!, refusal })),
    world,
  );
  for (const [index, { place, refusal }] of refused.entries())
    outcomes[place] = refusedAs(sales[place]!, kept[index]!, refusal);
  if (recorded.length > 0) await publish(tx, saleRecorded, recorded);
  return outcomes;
}

function keyOf(sale: { source: string; reference: string }): string {
  return `${sale.reference}\0${sale.source}`;
}

function firstOfEachReference(
  places: readonly number[],
  sales: readonly PreparedSale[],
): [number[], number[]] {
  const seen = new Set<string>();
  const later: number[] = [];
  const first = places.filter((place) => {
    const key = keyOf(sales[place]!);
    if (!seen.has(key)) return seen.add(key);
    later.push(place);
    return false;
  });
  return [first, later];
}

interface Known {
  id: string;
  digest: string;
  source: string;
  reference: string;
  day: string;
  branch_id: string;
  amount: string;
  currency: string;
  cancelled: boolean;
}

async function findByReference(tx: Transaction, sales: readonly PreparedSale[]): Promise<Map<string, Known>> {
  if (sales.length === 0) return new Map();
  const answer = await tx.query<Known>(
    `SELECT id, digest, source, reference, day, branch_id, amount, currency, cancelled
     FROM sales.sales JOIN unnest($1::text[], $2::text[]) AS i(reference, source) USING (reference, source)`,
    [sales.map((sale) => sale.reference), sales.map((sale) => sale.source)],
  );
  return new Map(answer.rows.map((row) => [keyOf(row), row]));
}

function comparison(sale: PreparedSale, there: Known): Outcome {
  const own = there.id === sale.id;
  if (!own && there.digest.replaceAll('-', '') !== sale.digest)
    return { outcome: 'conflict', saleId: there.id };
  return {
    outcome: own ? 'recorded' : 'repeated',
    receipt: {
      saleId: there.id,
      status: there.cancelled ? 'cancelled' : 'recorded',
      source: there.source,
      reference: there.reference,
      day: there.day,
      branchId: there.branch_id,
      amount: there.amount,
      currency: there.currency,
    },
  };
}

function receiptOf(facts: SaleFacts): Receipt {
  const { saleId, source, reference, day, branchId, amount, currency } = facts;
  return { saleId, status: 'recorded', source, reference, day, branchId, amount, currency };
}

function refusedAs(sale: PreparedSale, id: string, refusal: Refusal): Outcome {
  const { source, reference, amount, currency } = sale;
  const waits = refusal.code === 'agent_unknown';
  const receipt: Receipt = {
    ...{ saleId: id, status: 'waiting', source, reference, day: null, branchId: null, amount, currency },
  };
  return { outcome: waits ? 'waiting' : 'rejected', id, refusal, receipt };
}

const FIELDS: Record<string, string> = {
  agent_unknown: 'agent',
  agent_inactive: 'agent',
  product_unknown: 'product',
  product_not_authorised: 'product',
  branch_unknown: 'branch',
  date_impossible: 'soldAt',
  beyond_reach: 'agent',
};

function refusalOf(sale: PreparedSale, row: Judged): Refusal {
  if (sale.refusal) return sale.refusal;
  const field = FIELDS[row.code!] ?? null;
  return { code: row.code!, field: field === 'agent' && sale.shares ? 'shares' : field };
}

function eventOf(after: SaleFacts, sale: PreparedSale, context: Context): NewEvent<typeof saleRecorded> {
  const agents = after.shares.map((share) => share.agentId);
  return {
    key: after.saleId,
    payload: { after, policyholder: sale.policyholder },
    // A policyholder has no id of their own: the sale's stands for them and owns the key of the name.
    subjects: sale.policyholder === null ? agents : [after.saleId, ...agents],
    context,
  };
}
