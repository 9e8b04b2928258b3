/**
 * Values of DuckDB as JSON: integers as numbers where they are exact, decimals as strings (money is never a
 * float), instants in ISO 8601, days as `YYYY-MM-DD`, lists and structs as they are.
 */
import type { DuckDBValue } from '@duckdb/node-api';

export type ResultValue = null | boolean | number | string | ResultValue[] | { [field: string]: ResultValue };

export function resultValue(value: DuckDBValue): ResultValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  if ('micros' in value && value.constructor.name === 'DuckDBTimestampTZValue') {
    const millis = Number(value.micros / 1000n);
    return Number.isNaN(new Date(millis).getTime()) ? value.toString() : new Date(millis).toISOString();
  }
  if ('items' in value) return value.items.map(resultValue);
  if ('entries' in value && !Array.isArray(value.entries))
    return Object.fromEntries(
      Object.entries(value.entries as Record<string, DuckDBValue>).map(([name, each]) => [
        name,
        resultValue(each),
      ]),
    );
  return value.toString();
}
