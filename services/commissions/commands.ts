/** What commissions adds to the command line. */
import type { Command } from '@moonbase/service';
import { reconcileCommissions } from './features/reconcile-command.ts';

export const reconcileCommand: Command = {
  usage: 'commissions reconcile',
  summary: 'Hold statements against the sales line by line and recompute them; ends with 1 where they differ',
  options: [['--month <month>', 'of the sales, as 2026-03; all of them unless given']],
  run: async (_args, options, world) => {
    const month = typeof options.month === 'string' ? options.month : undefined;
    if ((await reconcileCommissions(world, month)) > 0) process.exitCode = 1;
  },
};
