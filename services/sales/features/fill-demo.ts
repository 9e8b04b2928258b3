/**
 * Nine months of an insurer's sales, up to now, with targets, some of them reached, and what goes wrong in
 * real life: corrections, cancellations, sales of an agent nobody has entered, products that do not exist.
 *
 * Deterministic: what is sold on a day depends on the day alone, so that two installations that start on
 * the same day show the same. It goes through the feature that records every other sale.
 */
import type { ServiceContext } from '@moonbase/service';
import { type SaleInput, saleInput, type TargetInput, targetInput } from '../schema.ts';
import { correct } from './correct-sale.ts';
import { cancel } from './end-sale.ts';
import { dayIn } from './pace.ts';
import { prepareSale } from './prepare-sale.ts';
import { writeTarget } from './set-target.ts';
import { worldOf } from './world.ts';
import { type Outcome, writeSales } from './write-sales.ts';

const DAYS = 274;
const BATCH = 500;
const SENDER = { actor: 'system', cause: null };

/** Typical premium and how often it is sold, by the kinds of demo products; others get the last row. */
const PRODUCTS: Record<string, { premium: number; weight: number; growth: number }> = {
  'LIFE-PREMIUM': { premium: 27_500, weight: 9, growth: 0.3 },
  'LIFE-TERM': { premium: 13_500, weight: 12, growth: -0.1 },
  'MOTOR-FULL': { premium: 15_200, weight: 21, growth: 0.1 },
  'MOTOR-THIRD': { premium: 3_900, weight: 24, growth: 0 },
  'HEALTH-FAMILY': { premium: 11_800, weight: 19, growth: 0.45 },
  'HEALTH-SENIOR': { premium: 8_700, weight: 13, growth: -0.25 },
  other: { premium: 9_000, weight: 5, growth: 0 },
};
const HOLDERS = ['A. Wijesinghe', 'M. Rizvi', 'S. Thilakaratne', 'K. Nadarajah', 'P. Gamage', 'Z. Shafeeq'];

interface Seller {
  code: string;
  team_id: string | null;
  /** Product codes with the days on which they may be sold. */
  products: { code: string; days: string }[];
  gone: boolean;
}

/** Fills an installation that knows agents and has no sales. */
export async function fillDemo(context: ServiceContext): Promise<void> {
  const known = await context.db.query('SELECT FROM sales.sales LIMIT 1');
  const sellers = await readSellers(context);
  if (known.rowCount || sellers.length === 0) return;
  const { zone } = await context.organisation();
  const today = dayIn(zone, context.clock.now());
  const recorded: { id: string; sale: SaleInput }[] = [];
  const sales = demoSales(sellers, today, timeIn(zone, context.clock.now()));
  for (let at = 0; at < sales.length; at += BATCH) {
    const batch = sales.slice(at, at + BATCH);
    const outcomes = await record(batch, context);
    for (const [index, outcome] of outcomes.entries())
      if (outcome.outcome === 'recorded') recorded.push({ id: outcome.receipt.saleId, sale: batch[index]! });
  }
  await setTargets(today, context);
  await record(troubles(today), context);
  const amount = (sale: SaleInput) => (Number(sale.amount) * 0.9).toFixed(2);
  for (const [index, { id, sale }] of recorded.entries()) {
    if (index % 89 === 41)
      await cancel(id, 'Withdrawn by the customer within the cooling-off period', context);
    else if (index % 97 === 53)
      await correct(id, { amount: amount(sale), reason: 'No-claims discount was missing' }, context);
  }
}

async function record(sales: readonly SaleInput[], context: ServiceContext): Promise<Outcome[]> {
  const world = await worldOf(context);
  const prepared = sales.map((sale) => prepareSale(sale, world));
  const senders = sales.map(() => SENDER);
  return context.db.transaction((tx) => writeSales(tx, prepared, senders, world));
}

async function readSellers(context: ServiceContext): Promise<Seller[]> {
  const found = await context.db.query<Seller>(
    `SELECT a.code, upper_inf(a.inactive) AS gone,
            (SELECT s.team_id FROM sales.known_assignments s WHERE s.agent_id = a.id
             ORDER BY s.first_day DESC LIMIT 1) AS team_id,
            json_agg(json_build_object('code', p.code, 'days', z.days) ORDER BY p.code) AS products
     FROM sales.known_agents a
     JOIN sales.known_authorisations z ON z.agent_id = a.id
     JOIN sales.known_products p ON p.id = z.product_id
     GROUP BY a.id ORDER BY a.code`,
  );
  return found.rows;
}

/** Oldest first. @param now the time of day, `HH:mm:ss`, until which there are sales of the last day */
function demoSales(sellers: readonly Seller[], today: string, now: string): SaleInput[] {
  const sales: SaleInput[] = [];
  for (let ago = DAYS; ago >= 0; ago -= 1) {
    const date = new Date(Date.parse(today) - ago * 86_400_000);
    const day = date.toISOString().slice(0, 10);
    const random = randomOf(date.getTime() / 86_400_000);
    const weekday = [0.35, 1.15, 1, 1, 1.05, 1.2, 0.7][date.getUTCDay()]!;
    // A year has its seasons: licences run out in December and March, April is slow.
    const season = 1 + 0.18 * Math.cos(((date.getUTCMonth() + 1) / 12) * 2 * Math.PI * 2);
    const number = Math.round(34 * weekday * season * (1 + 0.02 * random()) * (0.85 + 0.3 * random()));
    for (let n = 0; n < number; n += 1) {
      const sale = demoSale(sellers, day, (DAYS - ago) / DAYS, n, random);
      if (sale && (ago > 0 || sale.soldAt.slice(11) <= now)) sales.push(sale);
    }
    if (ago < DAYS) sales.push(...oddities(sellers, day, ago, sales));
  }
  return sales;
}

/**
 * What a compliance officer should hear of, in the last days: digits too many, a policy worth next to nothing,
 * and a quiet agent with a very busy day.
 */
function oddities(
  sellers: readonly Seller[],
  day: string,
  ago: number,
  sales: readonly SaleInput[],
): SaleInput[] {
  const factor = { 2: 32, 6: 0.012, 17: 45 }[ago];
  // Of a cheap product, so that the demo's figures stay what they are.
  const product = 'MOTOR-THIRD';
  const latest = sales.findLast((sale) => sale.product === product && sale.agent !== undefined);
  if (factor && latest) {
    const reference = `${latest.reference}-X`;
    const amount = (PRODUCTS[product]!.premium * factor).toFixed(2);
    return [{ ...latest, reference, amount, policyNumber: `${latest.policyNumber}-X` }];
  }
  if (ago !== 4) return [];
  const quiet = sellers.findLast((seller) => !seller.gone && seller.products.length > 1);
  const random = randomOf(ago);
  return Array.from({ length: 14 }, (_, n) => quiet && demoSale([quiet], day, 1, 900 + n, random)).filter(
    (sale) => !!sale,
  );
}

/** @param time how far the nine months are gone, 0 to 1 */
function demoSale(
  sellers: readonly Seller[],
  day: string,
  time: number,
  n: number,
  random: () => number,
): SaleInput | null {
  // Few sell much, most sell some.
  const seller = sellers[Math.floor(random() ** 1.35 * sellers.length * 0.9999)]!;
  const partner = sellers[Math.floor(random() * sellers.length)]!;
  const [pick, size, hour, minute, late, split] = [
    random(),
    random(),
    random(),
    random(),
    random(),
    random(),
  ];
  if (seller.gone && time > 0.75) return null;
  const allowed = seller.products.filter((product) => within(day, product.days));
  const product = choose(allowed, pick, time);
  if (!product) return null;
  const { premium } = PRODUCTS[product] ?? PRODUCTS.other!;
  const clock = late < 0.08 ? hour * 24 : 8.5 + ((hour + minute) / 2) * 10.5;
  const time_ = [clock, (clock % 1) * 60, minute * 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  const shared = split < 0.03 && partner !== seller && !partner.gone && sells(partner, product, day);
  const digits = `${day.replaceAll('-', '').slice(2)}${String(n).padStart(3, '0')}`;
  return saleInput.parse({
    source: 'core',
    reference: `POL-${digits}`,
    ...(shared
      ? {
          shares: [
            { agent: seller.code, percent: '60' },
            { agent: partner.code, percent: '40' },
          ],
        }
      : { agent: seller.code }),
    product,
    amount: (premium * (0.45 + size ** 2 * 1.65)).toFixed(2),
    soldAt: `${day}T${time_.join(':')}`,
    policyNumber: `${product
      .split('-')
      .map((word) => word[0])
      .join('')}-${digits}`,
    policyholder:
      n % 3 === 0 ? HOLDERS[(n + digits.length + Math.floor(size * 60)) % HOLDERS.length] : undefined,
  });
}

function choose(products: readonly { code: string }[], pick: number, time: number): string | undefined {
  const weights = products.map(({ code }) => {
    const { weight, growth } = PRODUCTS[code] ?? PRODUCTS.other!;
    return weight * (1 + growth * (time * 2 - 1));
  });
  let rest = pick * weights.reduce((sum, weight) => sum + weight, 0);
  return products.find((_, index) => {
    rest -= weights[index]!;
    return rest <= 0;
  })?.code;
}

function sells(seller: Seller, product: string, day: string): boolean {
  return seller.products.some((each) => each.code === product && within(day, each.days));
}

/** @param days a range as PostgreSQL writes it: `[2020-01-01,2026-01-01)` */
function within(day: string, days: string): boolean {
  const [from = '', to = ''] = days.slice(1, -1).split(',');
  return day >= from && (to === '' || day < to);
}

/** What has not been taken in, and why. */
function troubles(today: string): SaleInput[] {
  const sale = (n: number, change: object) =>
    saleInput.parse({
      ...{ source: 'core', reference: `POL-X${n}`, agent: 'AGT001', product: 'MOTOR-FULL' },
      ...{ amount: `${12_000 + n * 731}.50`, soldAt: `${today}T0${n % 9}:15:00`, ...change },
    });
  return [
    ...[1, 2, 3, 4].map((n) => sale(n, { agent: n % 2 ? 'AGT061' : 'AGT062' })),
    ...[5, 6].map((n) => sale(n, { product: 'TRAVEL-ASIA' })),
    sale(7, { agent: 'AGT007', product: 'LIFE-TERM' }),
    sale(8, { amount: '-450.00' }),
    sale(9, { soldAt: '1970-01-01' }),
    sale(10, { branch: 'JAF' }),
  ];
}

async function setTargets(today: string, context: ServiceContext): Promise<void> {
  const { currency } = await context.organisation();
  const sums = await context.db.query<{ kind: TargetInput['subject']['kind']; id: string; amount: number }>(
    `SELECT * FROM (
     SELECT 'company' AS kind, NULL::uuid AS id, sum(amount)::float8 AS amount FROM sales.sales
     UNION ALL SELECT 'branch', branch_id, sum(amount)::float8 FROM sales.sales GROUP BY 2
     UNION ALL SELECT 'team', team_id, sum(amount)::float8 FROM sales.sales WHERE team_id IS NOT NULL GROUP BY 2
     UNION ALL SELECT 'product', product_id, sum(amount)::float8 FROM sales.sales GROUP BY 2
     UNION ALL SELECT 'agent', agent_id, sum(amount)::float8 FROM sales.sales s
       WHERE agent_id IN (SELECT id FROM sales.known_agents WHERE NOT upper_inf(inactive)) GROUP BY 2) sums
     ORDER BY array_position(ARRAY['agent', 'product', 'team', 'branch', 'company'], kind), id`,
  );
  const months = DAYS / 30.4;
  const from = (ago: number) => new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10);
  const periods = {
    company: { kind: 'month', from: from(DAYS - 35), repeats: true },
    branch: { kind: 'month', from: from(62), repeats: true },
    team: { kind: 'quarter', from: from(92), repeats: true },
    product: { kind: 'quarter', from: from(92), repeats: true },
    agent: { kind: 'month', from: from(31), repeats: true },
  } as const;
  const parts = {
    company: 1 / months,
    branch: 1 / months,
    team: 3 / months,
    product: 3 / months,
    agent: 1 / months,
  };
  await context.db.transaction(async (tx) => {
    for (const [index, { kind, id, amount }] of sums.rows.entries()) {
      // Some are modest and some are bold, so that some are reached.
      const value = amount * parts[kind] * (0.85 + ((index * 7) % 9) * 0.05);
      const step = 10 ** Math.max(2, Math.floor(Math.log10(value)) - 1);
      const target = targetInput.parse({
        ...{ subject: { kind, id }, period: periods[kind], measure: 'amount', currency },
        ...{
          value: String(Math.max(step, Math.round(value / step) * step)),
          reference: `demo ${kind} ${id ?? ''}`,
        },
      });
      await writeTarget(null, target, tx, context);
    }
    const count = { period: periods.company, measure: 'count', value: '950', reference: 'demo count' };
    await writeTarget(
      null,
      targetInput.parse({ subject: { kind: 'company', id: null }, ...count }),
      tx,
      context,
    );
  });
}

/** The wall clock in a zone, `HH:mm:ss`. */
function timeIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' }).format(at);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
