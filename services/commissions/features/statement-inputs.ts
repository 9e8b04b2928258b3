/** All that a statement is computed from. A closed statement keeps it as JSON, so that it can be computed again. */
import type { PlanInput } from './choose-plan.ts';

export interface ShareInput {
  saleId: string;
  reference: string;
  day: string;
  /** ISO, for the order within a day. */
  soldAt: string;
  productId: string;
  productType: string;
  teamId: string | null;
  branchId: string;
  currency: string;
  percent: string;
  amount: string;
  state: 'counted' | 'cancelled' | 'deleted' | 'moved';
  /** When that became known. */
  knownOn: string;
  /** What closed statements have settled of it. */
  settled: {
    basis: string;
    commission: string;
    productId: string;
    currency: string;
    planId: string | null;
    version: number | null;
  } | null;
}

/** A share that was settled at a rate which a tier reached later may change. */
export interface EarlierShare {
  saleId: string;
  reference: string;
  day: string;
  month: string;
  productId: string;
  percent: string;
  currency: string;
  basis: string;
  planId: string;
  version: number;
  rate: string;
  multiplier: string;
}

export interface StatementInputs {
  agentId: string;
  teamId: string | null;
  branchId: string;
  month: string;
  /** Of each currency's minor unit. */
  digits: Readonly<Record<string, number>>;
  /** By day, time and id. */
  shares: readonly ShareInput[];
  plans: readonly PlanInput[];
  reached: readonly {
    kind: string;
    subjectId: string;
    threshold: string;
    day: string;
    from: string;
    to: string | null;
  }[];
  /** What earlier months of the year have counted, by plan. */
  carried: readonly { planId: string; month: string; amount: string; count: number }[];
  earlier: readonly EarlierShare[];
  adjustments: readonly {
    id: string;
    saleId: string | null;
    reference: string | null;
    currency: string;
    amount: string;
    reason: string;
    day: string;
  }[];
}

/** What a line says of the share it is about. */
export function share(of: { saleId: string; reference: string; day: string; percent: string }) {
  return { saleId: of.saleId, reference: of.reference, day: of.day, share: of.percent };
}
