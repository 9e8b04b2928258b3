/** From a bar to its sales: the address of the list of sales that a row of an answer counts. */
import type { InsightAnswer } from '../api.ts';
import type { Row } from '../schema.ts';
import { addressWith, type FilterValues } from './filters.ts';

type Drill = Readonly<Record<string, string>>;

/** @param drill filter of the sales page → column of the row */
export function salesAddress(drill: Drill, row: Row, answer: InsightAnswer, filters: FilterValues): string {
  const at = (filter: string) => {
    const column = drill[filter];
    const value = column === undefined ? null : row[column];
    return value === null || value === undefined ? undefined : String(value);
  };
  const from = at('from') ?? answer.from ?? undefined;
  const to = at('to') ?? answer.to ?? undefined;
  return addressWith('/sales', {
    period: from ? `${from}..${to ?? '2999-12-31'}` : 'all',
    branchId: at('branch') ?? filters.branch,
    teamId: at('team') ?? filters.team,
    productId: at('product') ?? filters.product,
    agentId: at('agent'),
  });
}
