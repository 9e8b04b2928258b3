/**
 * Gathers what the open statements of some agents are computed from.
 *
 * Which month a share earns in: that of its sale's day while that is open for the agent; else the month in
 * which its last change became known, or the first open one where that is closed as well. Commissions begin with
 * the month of the first plan: sales of months before it are on no statement.
 */
import type { Queryable } from '@moonbase/data';
import type { PlanInput } from './choose-plan.ts';
import { minorDigits } from './decimals.ts';
import { addMonths, firstDay, lastDay, monthOf, windowStart } from './months.ts';
import { type PlanRow, readPlans } from './read-plans.ts';
import type { EarlierShare, ShareInput, StatementInputs } from './statement-inputs.ts';

/** An agent's inputs, before they are told apart by month. */
export interface AgentInputs {
  agentId: string;
  code: string;
  teamId: string | null;
  branchId: string;
  closedUntil: string | null;
  /** First month that is open, whether or not it has lines. */
  firstOpen: string;
  shares: ShareInput[];
  plans: PlanInput[];
  reached: StatementInputs['reached'];
  carried: StatementInputs['carried'];
  earlier: EarlierShare[];
  adjustments: StatementInputs['adjustments'];
}

interface AgentRow {
  id: string;
  code: string;
  team_id: string | null;
  branch_id: string;
  closed_until: string | null;
}

/**
 * @param asOf business day: a cancellation that became known later is not known yet
 * @returns agents that are known, in the order of their ids; none before the first plan
 */
export async function gatherInputs(
  db: Queryable,
  agentIds: readonly string[],
  asOf: string,
  plans?: readonly PlanRow[],
): Promise<AgentInputs[]> {
  const all = plans ?? (await readPlans(db));
  const begin = beginningOf(all);
  if (begin === null || agentIds.length === 0) return [];
  const agents = await db.query<AgentRow>(
    `SELECT id, code, team_id, branch_id, closed_until FROM commissions.known_agents
     WHERE id = ANY ($1) ORDER BY id`,
    [agentIds],
  );
  const firstOpen = (row: AgentRow) =>
    row.closed_until === null ? begin : later(begin, addMonths(monthOf(row.closed_until), 1));
  const from = agents.rows.map(firstOpen).sort()[0] ?? begin;
  const year = firstDay(windowStart(from, 'year'));
  const shares = grouped(await readShares(db, agentIds, firstDay(begin), asOf));
  const earlier = grouped(await readEarlier(db, agentIds, year));
  const carried = grouped(await readCarried(db, agentIds, year));
  const adjustments = grouped(await readAdjustments(db, agentIds));
  const reached = await readReached(db, agents.rows, year);
  return agents.rows.map((row) => {
    const own = shares.get(row.id) ?? [];
    return {
      agentId: row.id,
      code: row.code,
      teamId: row.team_id,
      branchId: row.branch_id,
      closedUntil: row.closed_until === null ? null : monthOf(row.closed_until),
      firstOpen: firstOpen(row),
      shares: own,
      plans: plansFor(all, row, own),
      reached: reached.filter(({ kind, subjectId }) => isOwn(kind, subjectId, row)),
      carried: carried.get(row.id) ?? [],
      earlier: earlier.get(row.id) ?? [],
      adjustments: adjustments.get(row.id) ?? [],
    };
  });
}

/** The month in which commissions begin; null before the first plan. */
export function beginningOf(plans: readonly Pick<PlanRow, 'from'>[]): string | null {
  const days = plans.map(({ from }) => from).sort();
  return days[0] === undefined ? null : monthOf(days[0]);
}

export const later = (one: string, other: string) => (one > other ? one : other);

/** Which open month a share, or a decision, belongs to. */
export function monthFor(
  { closedUntil, firstOpen }: Pick<AgentInputs, 'closedUntil' | 'firstOpen'>,
  sold: string,
  known: string,
  settled: boolean,
): string {
  if (!settled && (closedUntil === null || sold > closedUntil)) return sold;
  return later(firstOpen, known);
}

/** The inputs of one month. @param before what open months before it have counted, and all earlier shares after them */
export function inputsOf(
  agent: AgentInputs,
  month: string,
  before: Pick<StatementInputs, 'carried' | 'earlier'>,
): StatementInputs {
  const { agentId, teamId, branchId, plans } = agent;
  const shares = agent.shares.filter(
    (share) => monthFor(agent, monthOf(share.day), monthOf(share.knownOn), share.settled !== null) === month,
  );
  const adjustments = agent.adjustments.filter(({ day }) => later(agent.firstOpen, monthOf(day)) === month);
  const year = windowStart(month, 'year');
  const carried = [...agent.carried, ...before.carried].filter(
    (each) => each.month >= year && each.month < month,
  );
  const earlier = before.earlier.filter((each) => each.month >= year && each.month < month);
  const currencies = [
    ...shares.flatMap((share) => [share.currency, ...(share.settled ? [share.settled.currency] : [])]),
    ...adjustments.map(({ currency }) => currency),
    ...earlier.map(({ currency }) => currency),
  ].sort();
  return {
    ...{ agentId, teamId, branchId, month },
    digits: Object.fromEntries([...new Set(currencies)].map((code) => [code, minorDigits(code)])),
    ...{ shares, plans },
    reached: agent.reached.filter(
      (each) =>
        each.day <= lastDay(month) &&
        each.from <= lastDay(month) &&
        (each.to === null || each.to >= firstDay(month)),
    ),
    ...{ carried, earlier, adjustments },
  };
}

/** Plans that may be this agent's: the frozen inputs of a statement need not hold those of everybody. */
function plansFor(plans: readonly PlanRow[], agent: AgentRow, shares: readonly ShareInput[]): PlanInput[] {
  const own = new Set([agent.id, agent.team_id, agent.branch_id]);
  for (const share of shares) own.add(share.teamId).add(share.branchId);
  return plans
    .filter(({ versions }) =>
      versions.some(({ definition }) =>
        definition.assigned.some(({ kind, id }) => kind === 'all' || own.has(id)),
      ),
    )
    .map(({ planId, from, to, versions }) => ({
      ...{ planId, from, to },
      versions: versions.map((version) => ({
        version: version.version,
        from: version.from,
        definition: version.definition,
      })),
    }));
}

function isOwn(kind: string, subjectId: string, agent: AgentRow): boolean {
  const own: Record<string, string | null> = {
    agent: agent.id,
    team: agent.team_id,
    branch: agent.branch_id,
  };
  return kind === 'company' || own[kind] === subjectId;
}

function grouped<T extends { agentId: string }>(rows: readonly T[]): Map<string, Omit<T, 'agentId'>[]> {
  const groups = new Map<string, Omit<T, 'agentId'>[]>();
  for (const { agentId, ...row } of rows) {
    const group = groups.get(agentId);
    if (group) group.push(row);
    else groups.set(agentId, [row]);
  }
  return groups;
}

async function readShares(db: Queryable, agentIds: readonly string[], begin: string, asOf: string) {
  const found = await db.query<
    { [column: string]: string | null } & { version: number | null; sold_at: Date }
  >(
    `SELECT s.agent_id, s.sale_id, s.reference, s.day, s.sold_at, s.product_id, coalesce(p.type, '') AS product_type,
            s.team_id, s.branch_id, s.currency, s.percent::text AS percent, s.amount::text AS amount,
            CASE WHEN s.state = 'cancelled' AND s.known_on > $3 THEN 'counted' ELSE s.state END AS state, s.known_on,
            s.settled_basis::text AS basis, s.settled_commission::text AS commission, s.settled_product,
            s.settled_currency, s.settled_plan, s.settled_version AS version
     FROM commissions.shares s LEFT JOIN commissions.known_products p ON p.id = s.product_id
     WHERE s.agent_id = ANY ($1) AND s.month >= $2 AND (s.unsettled OR s.state = 'cancelled' AND s.known_on > $3)
     ORDER BY s.agent_id, s.day, s.sold_at, s.sale_id`,
    [agentIds, begin, asOf],
  );
  return found.rows.map((row) => ({
    agentId: row.agent_id!,
    saleId: row.sale_id!,
    reference: row.reference!,
    day: row.day!,
    soldAt: (row.sold_at as Date).toISOString(),
    productId: row.product_id!,
    productType: row.product_type!,
    teamId: row.team_id ?? null,
    branchId: row.branch_id!,
    currency: row.currency!,
    percent: row.percent!,
    amount: row.amount!,
    state: row.state as ShareInput['state'],
    knownOn: row.known_on!,
    settled:
      row.basis === null || row.basis === undefined
        ? null
        : {
            basis: row.basis,
            commission: row.commission!,
            productId: row.settled_product!,
            currency: row.settled_currency!,
            planId: row.settled_plan ?? null,
            version: row.version,
          },
  }));
}

async function readEarlier(db: Queryable, agentIds: readonly string[], year: string) {
  const found = await db.query<EarlierShare & { agentId: string }>(
    `SELECT agent_id AS "agentId", sale_id AS "saleId", reference, day, to_char(settled_month, 'YYYY-MM') AS month,
            settled_product AS "productId", percent::text AS percent, settled_currency AS currency,
            settled_basis::text AS basis, settled_plan AS "planId", settled_version AS version,
            settled_rate::text AS rate, settled_multiplier::text AS multiplier
     FROM commissions.shares
     WHERE agent_id = ANY ($1) AND settled_month >= $2 AND settled_rate IS NOT NULL AND settled_basis <> 0
     ORDER BY agent_id, day, sold_at, sale_id`,
    [agentIds, year],
  );
  return found.rows;
}

async function readCarried(db: Queryable, agentIds: readonly string[], year: string) {
  const found = await db.query<StatementInputs['carried'][number] & { agentId: string }>(
    `SELECT l.agent_id AS "agentId", l.plan_id AS "planId", to_char(l.month, 'YYYY-MM') AS month,
            sum(l.basis)::text AS amount, sum(l.counts) AS count
     FROM commissions.lines l JOIN commissions.known_agents a ON a.id = l.agent_id AND l.month <= a.closed_until
     WHERE l.agent_id = ANY ($1) AND l.month >= $2 AND l.plan_id IS NOT NULL
     GROUP BY l.agent_id, l.plan_id, l.month ORDER BY l.agent_id, l.plan_id, l.month`,
    [agentIds, year],
  );
  return found.rows;
}

async function readAdjustments(db: Queryable, agentIds: readonly string[]) {
  const found = await db.query<StatementInputs['adjustments'][number] & { agentId: string }>(
    `SELECT a.agent_id AS "agentId", a.id, a.sale_id AS "saleId", s.reference, a.currency, a.amount::text AS amount,
            a.reason, a.day
     FROM commissions.adjustments a
     LEFT JOIN commissions.shares s ON s.sale_id = a.sale_id AND s.agent_id = a.agent_id
     WHERE a.agent_id = ANY ($1) AND a.settled_month IS NULL ORDER BY a.agent_id, a.id`,
    [agentIds],
  );
  return found.rows;
}

async function readReached(db: Queryable, agents: readonly AgentRow[], since: string) {
  const subjects = new Set(
    agents.flatMap((row) => [row.id, row.branch_id, ...(row.team_id ? [row.team_id] : [])]),
  );
  const found = await db.query<StatementInputs['reached'][number]>(
    `SELECT kind, subject_id AS "subjectId", threshold::text AS threshold, day, period_from AS from, period_to AS to
     FROM commissions.reached
     WHERE (kind = 'company' OR subject_id = ANY ($1)) AND (period_to IS NULL OR period_to >= $2)
     ORDER BY kind, subject_id, period_from, threshold, target_id, revision`,
    [[...subjects], since],
  );
  return found.rows;
}
