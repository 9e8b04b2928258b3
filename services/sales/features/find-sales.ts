/** How sales are found and told: the filter that list, totals and export share, and the row as answers show it. */
import type { z } from 'zod';
import type { salesApi } from '../api.ts';
import type { Sale, SaleFacts, ShareFacts } from '../schema.ts';

export type SaleFilter = z.output<typeof salesApi.totalSales.query>;

/** Conditions on sales `s`, and their parameters. */
export interface Conditions {
  where: string[];
  values: unknown[];
}

/**
 * Writes a filter as SQL. Days also bound `sold_at`, whose index gives the order of the list: a business
 * day lies within a day and a half of it, in any zone.
 */
export function conditionsOf(filter: SaleFilter): Conditions {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (value: unknown, write: (parameter: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    where.push(write(`$${values.length}`));
  };
  add(filter.from, (p) => `s.day >= ${p} AND s.sold_at >= ${p}::date - interval '36 hours'`);
  add(filter.to, (p) => `s.day <= ${p} AND s.sold_at < ${p}::date + interval '60 hours'`);
  add(filter.branchId, (p) => `s.branch_id = ${p}`);
  add(filter.productId, (p) => `s.product_id = ${p}`);
  add(filter.currency, (p) => `s.currency = ${p}`);
  add(filter.source, (p) => `s.source = ${p}`);
  add(
    filter.teamId,
    (p) =>
      `(s.team_id = ${p} OR s.split AND EXISTS (SELECT FROM sales.shares x WHERE x.sale_id = s.id AND x.team_id = ${p}))`,
  );
  // An array made once, so that both sides of the OR can use their index.
  add(
    filter.agentId,
    (p) =>
      `(s.agent_id = ${p} OR s.id = ANY (ARRAY(SELECT x.sale_id FROM sales.shares x WHERE x.agent_id = ${p})))`,
  );
  // Bounds, not LIKE: behind a row policy only operators that give nothing away may use an index.
  add(filter.text, (p) => {
    const begins = (column: string) => `${column} >= ${p} AND ${column} < ${p} || chr(1114111)`;
    return `(${begins('s.reference')} OR ${begins('s.policy_number')})`;
  });
  if (filter.status) where.push(filter.status === 'cancelled' ? 's.cancelled' : 'NOT s.cancelled');
  return { where, values };
}

/** Columns of a sale `s` for {@link saleOf}; joins of {@link JOINS}. */
export const COLUMNS = `s.id, s.source, s.reference, s.sold_at, s.day, s.product_id, s.branch_id, s.agent_id,
  s.team_id, s.amount::text AS amount, s.currency, s.policy_number, s.policyholder, s.cancelled, s.revision,
  s.recorded_at, s.split, coalesce(p.code, '') AS product_code, coalesce(p.name, '') AS product_name,
  coalesce(b.code, '') AS branch_code, coalesce(b.name, '') AS branch_name, coalesce(a.code, '') AS agent_code,
  coalesce(a.name, a.code, '') AS agent_name, t.name AS team_name, w.shares,
  coalesce(s.home_id, s.branch_id) AS home_id`;

export const JOINS = `
  LEFT JOIN sales.known_products p ON p.id = s.product_id
  LEFT JOIN sales.known_branches b ON b.id = s.branch_id
  LEFT JOIN sales.known_agents a ON a.id = s.agent_id
  LEFT JOIN sales.known_teams t ON t.id = s.team_id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
      'agentId', x.agent_id, 'teamId', x.team_id, 'branchId', x.branch_id, 'percent', x.percent::text,
      'amount', x.amount::text, 'code', coalesce(y.code, ''), 'name', coalesce(y.name, y.code, ''),
      'team', z.name) ORDER BY x.place) AS shares
    FROM sales.shares x
    LEFT JOIN sales.known_agents y ON y.id = x.agent_id
    LEFT JOIN sales.known_teams z ON z.id = x.team_id
    WHERE s.split AND x.sale_id = s.id) w ON true`;

export interface SaleRow {
  id: string;
  source: string;
  reference: string;
  sold_at: Date;
  day: string;
  product_id: string;
  branch_id: string;
  agent_id: string;
  team_id: string | null;
  home_id: string;
  amount: string;
  currency: string;
  policy_number: string | null;
  policyholder: string | null;
  cancelled: boolean;
  revision: number;
  recorded_at: Date;
  product_code: string;
  product_name: string;
  branch_code: string;
  branch_name: string;
  agent_code: string;
  agent_name: string;
  team_name: string | null;
  shares: (ShareFacts & { code: string; name: string; team: string | null })[] | null;
}

/** What events tell of it. */
export function factsOfRow(row: SaleRow): SaleFacts {
  return {
    saleId: row.id,
    source: row.source,
    reference: row.reference,
    soldAt: row.sold_at.toISOString(),
    day: row.day,
    productId: row.product_id,
    branchId: row.branch_id,
    amount: row.amount,
    currency: row.currency,
    shares: row.shares?.map(({ agentId, teamId, branchId, percent, amount }) => ({
      ...{ agentId, teamId, branchId, percent, amount },
    })) ?? [
      {
        agentId: row.agent_id,
        teamId: row.team_id,
        branchId: row.home_id,
        percent: '100.0000',
        amount: row.amount,
      },
    ],
    policyNumber: row.policy_number,
  };
}

/** As answers show it. */
export function saleOf(row: SaleRow): Sale {
  return {
    ...factsOfRow(row),
    status: row.cancelled ? 'cancelled' : 'recorded',
    revision: row.revision,
    recordedAt: row.recorded_at.toISOString(),
    policyholder: row.policyholder,
    product: { code: row.product_code, name: row.product_name },
    branch: { code: row.branch_code, name: row.branch_name },
    agents: row.shares?.map(({ agentId, code, name, team }) => ({ agentId, code, name, team })) ?? [
      { agentId: row.agent_id, code: row.agent_code, name: row.agent_name, team: row.team_name },
    ],
  };
}
