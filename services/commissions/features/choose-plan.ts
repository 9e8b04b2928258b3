/**
 * Which plan a share earns by: of those that run on the sale's day, cover its product and currency and are
 * assigned to its agent, the most specifically assigned one (agent, then team, branch, everyone); among
 * those the one that names the product, then its type; then the one that began last.
 */
import type { PlanDefinition } from '../schema.ts';

export interface PlanInput {
  planId: string;
  from: string;
  to: string | null;
  /** Rising. */
  versions: readonly { version: number; from: string; definition: PlanDefinition }[];
}

export interface ChosenPlan {
  planId: string;
  version: number;
  definition: PlanDefinition;
}

export interface PlanQuestion {
  agentId: string;
  teamId: string | null;
  branchId: string;
  productId: string;
  productType: string;
  currency: string;
  day: string;
}

const closeness = { all: 1, branch: 2, team: 3, agent: 4 } as const;

/** Null where no plan covers the share. */
export function choosePlan(plans: readonly PlanInput[], share: PlanQuestion): ChosenPlan | null {
  let best: { rank: readonly [number, number, string, string]; plan: ChosenPlan } | null = null;
  for (const plan of plans) {
    const version = versionOn(plan, share.day);
    if (!version) continue;
    const { definition } = version;
    if (definition.currency !== null && definition.currency !== share.currency) continue;
    const assigned = assignment(definition, share);
    const product = coverage(definition, share);
    if (assigned === 0 || product === 0) continue;
    const rank = [assigned, product, plan.from, plan.planId] as const;
    if (!best || isAbove(rank, best.rank))
      best = { rank, plan: { planId: plan.planId, version: version.version, definition } };
  }
  return best?.plan ?? null;
}

/** The version that holds on a day: the newest of those that begin by then. */
export function versionOn(plan: PlanInput, day: string): PlanInput['versions'][number] | undefined {
  if (day < plan.from || (plan.to !== null && day > plan.to)) return undefined;
  return plan.versions.findLast((version) => version.from <= day);
}

function assignment({ assigned }: PlanDefinition, share: PlanQuestion): number {
  const own = { all: null, branch: share.branchId, team: share.teamId, agent: share.agentId };
  const fitting = assigned.filter(({ kind, id }) => kind === 'all' || (id !== null && id === own[kind]));
  return Math.max(0, ...fitting.map(({ kind }) => closeness[kind]));
}

function coverage({ everything, products, types }: PlanDefinition, share: PlanQuestion): number {
  if (products.includes(share.productId)) return 3;
  if (types.includes(share.productType)) return 2;
  return everything ? 1 : 0;
}

function isAbove<T extends readonly (number | string)[]>(one: T, other: T): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && one[at]! > other[at]!;
}
