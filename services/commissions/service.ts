/** Commissions: what agents earn by what they sell, in statements that anyone can recompute. */
import { defineService } from '@moonbase/service';
import { commissionsApi } from './api.ts';
import { reconcileCommand } from './commands.ts';
import { commissionsError } from './errors.ts';
import { commissionsEvents } from './events.ts';
import { closeMonth, closeStatement, payMonth } from './features/close-month.ts';
import { exportStatement } from './features/export-statement.ts';
import { changePlan, createPlan, endPlan, listPlans } from './features/keep-plans.ts';
import { listDisputes, readDispute } from './features/list-disputes.ts';
import { listStatements, readStatement } from './features/list-statements.ts';
import { readOverview } from './features/read-overview.ts';
import { recomputeStatement, reconcile } from './features/reconcile.ts';
import { decideDispute, raiseDispute, withdrawDispute, writeMessage } from './features/settle-disputes.ts';
import { tryPlan } from './features/try-plan.ts';
import { trySales } from './features/try-sales.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { commissionsPersonal } from './schema.ts';
import { seed } from './seed.ts';

export const commissions = defineService({
  name: 'commissions',
  title: 'Commissions',
  migrations: new URL('./migrations/', import.meta.url),
  api: commissionsApi,
  events: commissionsEvents,
  personal: commissionsPersonal,
  errors: commissionsError.table,
  reactions,
  jobs,
  commands: [reconcileCommand],
  seed,
  handlers: {
    readOverview,
    listStatements,
    readStatement,
    exportStatement,
    recomputeStatement,
    closeStatement,
    closeMonth,
    payMonth,
    listPlans,
    createPlan,
    changePlan,
    endPlan,
    tryPlan,
    trySales,
    reconcile,
    listDisputes,
    readDispute,
    raiseDispute,
    writeMessage,
    withdrawDispute,
    decideDispute,
  },
});
