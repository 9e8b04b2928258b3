/**
 * The judgement of sales against what is known of agents, branches, products and authorisations, as SQL
 * that recording and correcting share. It never fails on a bad row: what is wrong becomes a verdict.
 *
 * The business day decides where the agent belonged and the branch's zone decides the business day; the
 * knot is cut by looking up the agent's place on the day in the organisation's zone first.
 */
import type { SalesErrorCode } from '../errors.ts';
import type { SaleFacts, ShareFacts } from '../schema.ts';
import type { PreparedSale, World } from './prepare-sale.ts';

/** Verdicts that a change of agents, products or branches can overturn. */
export const MENDABLE: readonly SalesErrorCode[] = [
  'agent_unknown',
  'agent_inactive',
  'product_unknown',
  'product_not_authorised',
  'branch_unknown',
];

/** The shares of split sales, each judged as the lead is. */
const PARTS = `, parts AS MATERIALIZED (
    SELECT o.ord, o.place, a.id AS agent_id, s.team_id, s.branch_id, o.percent, o.amount,
           CASE WHEN a.id IS NULL THEN 'agent_unknown'
                WHEN a.inactive @> d.day THEN 'agent_inactive'
                WHEN NOT EXISTS (
                  SELECT FROM sales.known_authorisations z
                  WHERE z.agent_id = a.id AND z.product_id = d.product_id AND z.days @> d.day)
                THEN 'product_not_authorised' END AS code
    FROM unnest($20::int[], $21::int[], $22::text[], $23::numeric[], $24::numeric[])
         AS o(ord, place, agent, percent, amount)
    JOIN dated d ON d.ord = o.ord
    LEFT JOIN sales.known_agents a ON a.code = o.agent
    LEFT JOIN LATERAL (
      SELECT k.branch_id, k.team_id FROM sales.known_assignments k
      WHERE k.agent_id = a.id AND k.first_day <= d.day ORDER BY k.first_day DESC LIMIT 1) s ON true
  )`;

/**
 * CTEs `input`, `verdict` (one row a sale: the input, what its codes stand for, `code` null when all is
 * well) and, where some are split, `parts` (their shares). Parameters are those of {@link judged}.
 */
export const judge = (split: boolean) => `
  WITH input AS MATERIALIZED (
    SELECT i.*, coalesce(i.moment, i.wall AT TIME ZONE i.zone) AS instant,
           CASE WHEN i.zone IS NULL THEN i.wall END AS local
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::numeric[], $9::text[], $10::timestamptz[], $11::timestamp[], $12::text[], $13::text[],
                $14::text[], $15::text[], $16::text[], $19::text[])
         WITH ORDINALITY AS i(id, digest, source, reference, agent, product, branch, amount, currency, moment,
                              wall, zone, policy_number, policyholder, refusal, actor, within, ord)
  ), placed AS (
    SELECT i.*, a.id AS agent_id, a.inactive, p.id AS product_id, s.team_id,
           CASE WHEN i.branch IS NULL THEN s.branch_id ELSE b.id END AS branch_id,
           s.branch_id AS home_id,
           coalesce(CASE WHEN i.branch IS NULL THEN h.zone ELSE b.zone END, $17) AS clock
    FROM input i
    LEFT JOIN sales.known_agents a ON a.code = i.agent
    LEFT JOIN sales.known_products p ON p.code = i.product
    LEFT JOIN sales.known_branches b ON b.code = i.branch
    LEFT JOIN LATERAL (
      SELECT k.branch_id, k.team_id FROM sales.known_assignments k
      WHERE k.agent_id = a.id AND k.first_day <= coalesce(i.local, i.instant AT TIME ZONE $17)::date
      ORDER BY k.first_day DESC LIMIT 1) s ON true
    LEFT JOIN sales.known_branches h ON h.id = s.branch_id
  ), dated AS (
    SELECT p.*, coalesce(p.instant, p.local AT TIME ZONE p.clock) AS sold_at,
           coalesce(p.local, p.instant AT TIME ZONE p.clock)::date AS day
    FROM placed p
  )${split ? PARTS : ''}, verdict AS MATERIALIZED (
    SELECT d.*,
           CASE WHEN d.refusal IS NOT NULL THEN d.refusal
                WHEN d.sold_at < '1990-01-01' OR d.sold_at > $18::timestamptz + interval '1 day'
                THEN 'date_impossible'
                WHEN d.product_id IS NULL THEN 'product_unknown'
                WHEN d.branch IS NOT NULL AND d.branch_id IS NULL THEN 'branch_unknown'
                WHEN d.agent_id IS NULL THEN 'agent_unknown'
                WHEN d.branch_id IS NULL THEN 'branch_unknown'
                WHEN d.within IS NOT NULL AND NOT sales.reaches(d.within::jsonb, d.agent_id, d.team_id, d.branch_id)
                THEN 'beyond_reach'
                WHEN d.inactive @> d.day THEN 'agent_inactive'
                WHEN NOT EXISTS (
                  SELECT FROM sales.known_authorisations z
                  WHERE z.agent_id = d.agent_id AND z.product_id = d.product_id AND z.days @> d.day)
                THEN 'product_not_authorised'
                ELSE ${split ? '(SELECT min(o.code) FROM parts o WHERE o.ord = d.ord)' : 'NULL'} END AS code
    FROM dated d
  )`;

/** Columns of a row `v` of `verdict` for {@link Judged}. */
export const columnsJudged = (
  split: boolean,
) => `v.ord, v.code, v.agent_id, v.team_id, v.home_id, v.branch_id,
  v.product_id, v.sold_at, v.day, ${split ? `CASE WHEN v.ord = ANY ($20) THEN ${SHARES} END` : 'NULL::jsonb'} AS shares`;

/** The shares of a split sale as JSON, for a row `v` of `verdict`. */
const SHARES = `(
  SELECT jsonb_agg(jsonb_build_object('agentId', o.agent_id, 'teamId', o.team_id, 'branchId', o.branch_id,
                                      'percent', o.percent::numeric(7,4)::text,
                                      'amount', o.amount::numeric(19,4)::text) ORDER BY o.place)
  FROM parts o WHERE o.ord = v.ord)`;

/** Whether some are split: the statement without shares is cheaper, and takes fewer parameters. */
export function someSplit(sales: readonly PreparedSale[]): boolean {
  return sales.some((sale) => sale.shares !== null);
}

/** The parameters of {@link judge}. @param actors who records each */
export function judged(
  split: boolean,
  sales: readonly PreparedSale[],
  actors: readonly string[],
  world: World,
): unknown[] {
  const whole = [
    sales.map((sale) => sale.id),
    sales.map((sale) => sale.digest),
    sales.map((sale) => sale.source),
    sales.map((sale) => sale.reference),
    sales.map((sale) => sale.agent),
    sales.map((sale) => sale.product),
    sales.map((sale) => sale.branch),
    sales.map((sale) => sale.amount),
    sales.map((sale) => sale.currency),
    sales.map((sale) => sale.instant),
    sales.map((sale) => sale.local),
    sales.map((sale) => sale.zone),
    sales.map((sale) => sale.policyNumber),
    sales.map((sale) => sale.policyholder),
    sales.map((sale) => sale.refusal?.code ?? null),
    actors,
    world.zone,
    world.clock.now().toISOString(),
    sales.map((sale) => (sale.within ? JSON.stringify(sale.within) : null)),
  ];
  if (!split) return whole;
  const parts = sales.flatMap((sale, index) =>
    (sale.shares ?? []).map((share, place) => ({ ...share, ord: index + 1, place })),
  );
  return [
    ...whole,
    parts.map((share) => share.ord),
    parts.map((share) => share.place),
    parts.map((share) => share.agent),
    parts.map((share) => share.percent),
    parts.map((share) => share.amount),
  ];
}

/** A row that the judgement returns; see {@link factsOf}. Ids are null where `code` says why. */
export interface Judged {
  ord: number;
  code: SalesErrorCode | null;
  agent_id: string;
  team_id: string | null;
  /** Where the agent belonged. */
  home_id: string;
  branch_id: string;
  product_id: string;
  sold_at: Date;
  day: string;
  shares: ShareFacts[] | null;
}

/** What events tell of a sale that was judged and found without fault. */
export function factsOf(sale: PreparedSale, row: Judged): SaleFacts {
  return {
    saleId: sale.id,
    source: sale.source,
    reference: sale.reference,
    soldAt: row.sold_at.toISOString(),
    day: row.day,
    productId: row.product_id,
    branchId: row.branch_id,
    amount: sale.amount,
    currency: sale.currency,
    shares: row.shares ?? [
      {
        agentId: row.agent_id,
        teamId: row.team_id,
        branchId: row.home_id,
        percent: '100.0000',
        amount: sale.amount,
      },
    ],
    policyNumber: sale.policyNumber,
  };
}
