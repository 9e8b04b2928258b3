/** The statistics that a batch of events needs, in memory: windows of amounts and counts by day. */
import { AmountWindow, OWN_MOST, PRODUCT_MOST, type StoredWindow } from './amount-windows.ts';
import { DayCounts, type StoredCounts } from './day-counts.ts';

/** Stands where no agent does: the product's own window, or what is counted of everybody. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

export type CountKind =
  | 'sales-of-agent'
  | 'cancellations-of-agent'
  | 'cancellations-of-branch'
  | 'cancellations';

export interface WindowKey {
  agentId: string;
  productId: string;
  currency: string;
}
export interface CountKey {
  kind: CountKind;
  subjectId: string;
}

const nameOfWindow = (key: WindowKey) => `${key.agentId} ${key.productId} ${key.currency}`;
const nameOfCounts = (key: CountKey) => `${key.kind} ${key.subjectId}`;

export class Statistics {
  readonly #windows = new Map<string, { key: WindowKey; window: AmountWindow }>();
  readonly #counts = new Map<string, { key: CountKey; counts: DayCounts }>();

  window(key: WindowKey): AmountWindow {
    return this.putWindow(key);
  }

  counts(key: CountKey): DayCounts {
    return this.putCounts(key);
  }

  /** Puts one in as it was stored, unless it is there. */
  putWindow(key: WindowKey, stored?: StoredWindow): AmountWindow {
    const name = nameOfWindow(key);
    let found = this.#windows.get(name);
    if (!found) {
      const most = key.agentId === NOBODY ? PRODUCT_MOST : OWN_MOST;
      found = { key, window: new AmountWindow(most, stored) };
      this.#windows.set(name, found);
    }
    return found.window;
  }

  putCounts(key: CountKey, stored?: StoredCounts): DayCounts {
    const name = nameOfCounts(key);
    let found = this.#counts.get(name);
    if (!found) {
      found = { key, counts: new DayCounts(stored) };
      this.#counts.set(name, found);
    }
    return found.counts;
  }

  changedWindows(): { key: WindowKey; window: AmountWindow }[] {
    return [...this.#windows.values()].filter(({ window }) => window.changed);
  }

  changedCounts(): { key: CountKey; counts: DayCounts }[] {
    return [...this.#counts.values()].filter(({ counts }) => counts.changed);
  }
}
