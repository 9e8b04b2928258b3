/**
 * The lake and the questions to it: every event in immutable Parquet files that PostgreSQL catalogues, and
 * DuckDB in memory to ask them.
 */
export type { Compaction } from './compact.ts';
export { WarehouseError, type WarehouseErrorCode, warehouseErrors } from './errors.ts';
export { type ExportFormat, type ExportTable, exportMedia, exportTable } from './export-table.ts';
export type { LogSource } from './log-source.ts';
export type { Check, Difference, Figures, ReconcileReport, TypeCount } from './reconcile.ts';
export type { ResultValue } from './result-value.ts';
export type { QueryLimits, QueryParameter, QueryParameters, WarehouseResult } from './run-query.ts';
export { Warehouse, type WarehouseOptions } from './warehouse-of-host.ts';

import type { MigrationSet } from '@moonbase/data';

export const warehouseMigrations: MigrationSet = {
  schema: 'warehouse',
  folder: new URL('../migrations/', import.meta.url),
};
