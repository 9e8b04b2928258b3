/** For the demo: a history of the insight tables, as the demo's sales would have made it. */
import type { ServiceContext } from '@moonbase/service';
import { addDays, dayIn, monthOf } from './features/days.ts';
import { backfillTables } from './features/keep-tables.ts';

/** The last days of the six months before this one, and each of the last fourteen days. */
export async function seed(context: ServiceContext): Promise<void> {
  const { zone } = await context.organisation();
  const today = dayIn(zone, context.clock.now());
  const months = [6, 5, 4, 3, 2, 1].map((back) => addDays(monthOf(today, 1 - back), -1));
  const days = Array.from({ length: 14 }, (_, index) => addDays(today, index - 14));
  await backfillTables([...new Set([...months, ...days])].sort(), context);
}
