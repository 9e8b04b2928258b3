/**
 * An amount far from the agent's usual for this product and currency.
 *
 * Rule: the logarithm of the amount against the median of the agent's latest sales, in units of their median
 * spread. While the history is short the spread leans towards the product's, and below `OWN_LEAST` sales the
 * product's own distribution is asked instead. Amounts within a factor of `TIMES` of the usual are never flagged,
 * however narrow the history. Only amount, product, currency and order count: nothing about who bought or sold.
 */
import type { Evidence } from '../schema.ts';
import type { AmountWindow } from './amount-windows.ts';
import { median, medianSpread } from './robust-statistics.ts';
import { writeAmount, writeTimes } from './write-words.ts';

export const OWN_LEAST = 8;
export const PRODUCT_LEAST = 30;
/** The smallest spread of logarithms that is believed: about a quarter up or down. */
const FLOOR = 0.25;
/** So many sales of the agent weigh as much as the product's distribution. */
const LEAN = 10;
const TIMES = 4;

export interface Surprise {
  score: number;
  reason: string;
  evidence: Evidence;
}

/** @param own, product without the sale in question. @returns nothing where there is too little to say so */
export function judgeAmount(
  sale: { reference: string; amount: string; currency: string; day: string },
  own: AmountWindow | undefined,
  product: AmountWindow | undefined,
): Surprise | undefined {
  const ofOwn = own && own.size >= OWN_LEAST ? own : undefined;
  const ofProduct = product && product.size >= PRODUCT_LEAST ? product : undefined;
  const window = ofOwn ?? ofProduct;
  if (!window) return undefined;
  const centre = median(window.logs());
  const value = Math.log(Number(sale.amount));
  const ratio = Math.exp(value - centre);
  if (ratio < TIMES && ratio > 1 / TIMES) return undefined;
  const spread = spreadOf(window, centre, ofProduct);
  const usual = window.usual();
  const times = writeTimes(ratio);
  return {
    score: Math.abs(value - centre) / spread,
    reason: `Sale ${sale.reference} of ${writeAmount(sale.amount)} ${sale.currency} is ${times} ${
      ofOwn ? 'the agent’s usual' : 'what is usual for this product,'
    } ${writeAmount(usual)}${
      ofOwn
        ? ` for this product (median of the last ${window.size} sales).`
        : `; the agent has sold it ${own?.size ?? 0} times before.`
    }`,
    evidence: {
      measure: 'amount',
      currency: sale.currency,
      usual,
      value: sale.amount,
      whose: ofOwn ? 'agent' : 'product',
      history: window.history(),
    },
  };
}

function spreadOf(window: AmountWindow, centre: number, product: AmountWindow | undefined): number {
  const own = medianSpread(window.logs(), centre);
  if (!product || product === window) return Math.max(FLOOR, own);
  const logs = product.logs();
  const others = medianSpread(logs, median(logs));
  const leaned = Math.sqrt((window.size * own ** 2 + LEAN * others ** 2) / (window.size + LEAN));
  return Math.max(FLOOR, leaned);
}
