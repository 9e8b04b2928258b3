/**
 * What sales events move, per subject, currency and day: the agents' shares, the teams' shares (a sale
 * counts once for a team, however many of its agents took part), and the whole for branch, product and
 * company.
 */
import type { SaleFacts } from '../schema.ts';
import { fromUnits, toUnits } from './decimals.ts';

/** The company, as a subject. */
export const COMPANY = '00000000-0000-0000-0000-000000000000';

export interface Move {
  kind: string;
  subject: string;
  currency: string;
  day: string;
  amount: string;
  sales: number;
}

interface Counter {
  kind: string;
  subject: string;
  currency: string;
  day: string;
  units: bigint;
  sales: number;
}

/** Adds up what events move. */
export class DayCounters {
  readonly #counters = new Map<string, Counter>();

  /** What was counted before is taken back, what is there after is counted. */
  move(before: SaleFacts | null, after: SaleFacts | null): void {
    if (before) this.#count(before, -1);
    if (after) this.#count(after, 1);
  }

  /** The moves that are not nothing, in the order in which rows are locked; then it is empty. */
  take(): Move[] {
    const moves = [...this.#counters.values()]
      .filter((counter) => counter.units !== 0n || counter.sales !== 0)
      .map(({ units, ...counter }) => ({ ...counter, amount: fromUnits(units) }));
    this.#counters.clear();
    return moves;
  }

  #count(sale: SaleFacts, sign: 1 | -1): void {
    const whole = toUnits(sale.amount);
    this.#add('company', COMPANY, sale, whole, sign);
    this.#add('branch', sale.branchId, sale, whole, sign);
    this.#add('product', sale.productId, sale, whole, sign);
    const alone = sale.shares.length === 1;
    const teams = new Set<string>();
    for (const share of sale.shares) {
      const units = alone ? whole : toUnits(share.amount);
      this.#add('agent', share.agentId, sale, units, sign);
      if (share.teamId === null) continue;
      this.#add('team', share.teamId, sale, units, sign, !teams.has(share.teamId));
      teams.add(share.teamId);
    }
  }

  #add(kind: string, subject: string, sale: SaleFacts, units: bigint, sign: 1 | -1, counts = true): void {
    const { currency, day } = sale;
    const key = `${kind}${subject}${currency}${day}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      counter = { kind, subject, currency, day, units: 0n, sales: 0 };
      this.#counters.set(key, counter);
    }
    counter.units += sign === 1 ? units : -units;
    if (counts) counter.sales += sign;
  }
}
