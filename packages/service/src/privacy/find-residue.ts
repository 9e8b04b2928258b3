/** What is left of somebody: by the marks for an erased id, and by texts in every table and file for tests. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '@moonbase/data';
import { type PersonalData, type SubjectKind, wordsOf } from '../personal.ts';

/**
 * Rows of the subject that still hold something personal, by their marks: `sales.sales: 3 rows`. Empty after an
 * erasure that every service has followed.
 */
export async function leftOf(
  db: Queryable,
  marks: ReadonlyMap<string, PersonalData>,
  kind: SubjectKind,
  id: string,
): Promise<string[]> {
  const left: string[] = [];
  for (const [schema, { tables }] of marks) {
    for (const [table, { of, columns, clean }] of Object.entries(tables)) {
      const condition = of[kind];
      const names = wordsOf(columns);
      if (!condition || (names.length === 0 && !clean)) continue;
      const isClean = clean ?? names.map((name) => `coalesce(${name}::text, '') = ''`).join(' AND ');
      const found = await db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${schema}.${table} WHERE ${condition} AND NOT (${isClean})`,
        [id],
      );
      const { count } = found.rows[0]!;
      if (count > 0) left.push(`${schema}.${table}: ${count} ${count === 1 ? 'row' : 'rows'}`);
    }
  }
  return left;
}

/**
 * Looks for texts in every column of every table that can hold text or bytes, whatever the marks say.
 *
 * @param db as the owner, who sees every schema
 * @returns `schema.table.column: text` of each that is found
 */
export async function searchTables(db: Queryable, texts: readonly string[]): Promise<string[]> {
  const columns = await db.query<{ table: string; column: string; bytes: boolean }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, quote_ident(a.attname) AS column,
            a.atttypid = 'bytea'::regtype AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND format_type(a.atttypid, NULL) ~ '^(text|json|jsonb|bytea|inet|character|name)'
      ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column, bytes } of columns.rows) {
    for (const text of texts) {
      const condition = bytes
        ? `position(convert_to($1, 'UTF8') IN ${column}) > 0`
        : `strpos(lower(${column}::text), lower($1)) > 0`;
      const answer = await db.query(`SELECT FROM ${table} WHERE ${condition} LIMIT 1`, [text]);
      if (answer.rowCount) found.push(`${table}.${column}: ${text}`);
    }
  }
  return found;
}

/**
 * Looks for texts in the files below a folder, as bytes; a folder that is not there has none. Parquet files are
 * compressed: the caller reads those with DuckDB.
 *
 * @returns `path: text` of each that is found
 */
export async function searchFiles(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    for (const text of texts) if (content.includes(text)) found.push(`${path}: ${text}`);
  }
  return found;
}
