/** Sales: what was sold, by whom, and how that stands against the targets. */
import { defineService } from '@moonbase/service';
import { salesApi } from './api.ts';
import { importCommand, simulateCommand } from './commands.ts';
import { salesError } from './errors.ts';
import { salesEvents } from './events.ts';
import { correctSale } from './features/correct-sale.ts';
import { cancelSale, deleteSale } from './features/end-sale.ts';
import { erasePolicyholder, findPolicyholders } from './features/erase-policyholder.ts';
import { exportSales } from './features/export-sales.ts';
import { listRejectedSales } from './features/list-rejected.ts';
import { listSales } from './features/list-sales.ts';
import { getTarget, listTargets } from './features/read-targets.ts';
import { recordSale } from './features/record-sale.ts';
import { recordSales } from './features/record-sales.ts';
import { dismissRejectedSale, mendRejectedSale, retryRejectedSale } from './features/retry-rejected.ts';
import { changeTarget, createTarget, deleteTarget } from './features/set-target.ts';
import { getSale, getSaleHistory } from './features/show-sale.ts';
import { totalSales } from './features/total-sales.ts';
import { uploadSales } from './features/upload-sales.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { salesPersonal } from './schema.ts';
import { seed } from './seed.ts';

export const sales = defineService({
  name: 'sales',
  title: 'Sales',
  migrations: new URL('./migrations/', import.meta.url),
  api: salesApi,
  handlers: {
    recordSale,
    recordSales,
    uploadSales,
    listSales,
    totalSales,
    exportSales,
    getSale,
    getSaleHistory,
    correctSale,
    cancelSale,
    deleteSale,
    listRejectedSales,
    mendRejectedSale,
    retryRejectedSale,
    dismissRejectedSale,
    listTargets,
    getTarget,
    createTarget,
    changeTarget,
    deleteTarget,
  },
  events: salesEvents,
  reactions,
  jobs,
  personal: salesPersonal,
  findSubjects: findPolicyholders,
  erase: { policyholder: erasePolicyholder },
  errors: salesError.table,
  commands: [simulateCommand, importCommand],
  seed,
});
