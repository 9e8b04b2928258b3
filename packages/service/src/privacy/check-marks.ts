/** Holds the marks of personal data equal to the database. */
import type { Queryable } from '@moonbase/data';
import type { Service } from '../declaration.ts';
import { type PersonalData, wordsOf } from '../personal.ts';
import { platformMarks } from './platform-marks.ts';

/** The marks of the platform and of the services, by schema. */
export function marksOf(services: readonly Pick<Service, 'name' | 'personal'>[]): Map<string, PersonalData> {
  return new Map([
    ...Object.entries(platformMarks),
    ...services.flatMap(({ name, personal }) => (personal ? [[name, personal] as const] : [])),
  ]);
}

/** Each column that is marked neither way, both ways, or is not there: `sales.sales.policyholder: …`. */
export async function checkMarks(
  db: Queryable,
  services: readonly Pick<Service, 'name' | 'personal' | 'migrations'>[],
): Promise<string[]> {
  const marks = marksOf(services);
  const schemas = [
    ...marks.keys(),
    ...services.flatMap(({ name, migrations }) => (migrations ? [name] : [])),
  ];
  const found = await db.query<{ schema: string; table: string; column: string; holds: boolean }>(
    // Partitions have their parent's columns.
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,
            format_type(a.atttypid, NULL) ~ '^(text|json|jsonb|bytea|inet|character|name)' AS holds
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition`,
    [schemas],
  );
  const wrong: string[] = [];
  const columns = new Map<string, boolean>();
  const tables = new Set<string>();
  for (const { schema, table, column, holds } of found.rows) {
    tables.add(`${schema}.${table}`);
    columns.set(`${schema}.${table}.${column}`, holds);
    if (!holds) continue;
    const { personal, impersonal } = marked(marks.get(schema), table);
    const isPersonal = personal.includes(column);
    const isImpersonal = impersonal.includes(column) || impersonal.includes('*');
    if (isPersonal && impersonal.includes(column))
      wrong.push(`${schema}.${table}.${column}: marked personal and not personal`);
    if (!isPersonal && !isImpersonal)
      wrong.push(`${schema}.${table}.${column}: marked neither personal nor not personal`);
  }
  for (const [schema, { tables: personal, impersonal }] of marks) {
    for (const table of new Set([...Object.keys(personal), ...Object.keys(impersonal)])) {
      if (!tables.has(`${schema}.${table}`)) wrong.push(`${schema}.${table}: there is no such table`);
      else
        for (const column of [
          ...wordsOf(personal[table]?.columns),
          ...wordsOf(personal[table]?.secret),
          ...wordsOf(impersonal[table]).filter((each) => each !== '*'),
        ])
          if (!columns.has(`${schema}.${table}.${column}`))
            wrong.push(`${schema}.${table}.${column}: there is no such column`);
    }
  }
  return [...new Set(wrong)].sort();
}

function marked(of: PersonalData | undefined, table: string) {
  return {
    personal: wordsOf(of?.tables[table]?.columns),
    impersonal: wordsOf(of?.impersonal[table]),
  };
}
