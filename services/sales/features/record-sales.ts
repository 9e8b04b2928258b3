/** Records many sales of one request: the good ones land, the others are listed and kept. */
import type { Handler } from '@moonbase/service';
import type { salesApi } from '../api.ts';
import { count, emptySummary, takeRows } from './take-rows.ts';
import { worldOf } from './world.ts';

export const recordSales: Handler<typeof salesApi.recordSales> = async ({ body, reach }, context) => {
  const world = await worldOf(context, reach);
  const rows = body.map((input, index) => ({ line: index + 1, input }));
  const results = await takeRows(rows, null, world, context);
  const summary = emptySummary();
  count(summary, results);
  return { status: 200, body: { summary, results } };
};
