/**
 * The archive of somebody's data: what every table holds of them by its marks, and what the event log holds,
 * decrypted. One JSON document, kept in pieces until it is fetched or expires.
 */
import type { Database } from '@moonbase/data';
import { readPersonal } from '@moonbase/events';
import { type PersonalData, type PersonalTable, type SubjectKind, wordsOf } from '../personal.ts';

export interface ExportedSubject {
  kind: SubjectKind;
  id: string;
}

export interface ExportWork {
  db: Database;
  marks: ReadonlyMap<string, PersonalData>;
  /** The person and the agent that the person is. */
  subjects: readonly ExportedSubject[];
  now: Date;
  progress?: (done: number, total: number) => Promise<void>;
}

const PAGE = 1_000;
const PIECE = 256 * 1024;

/** @returns rows by table, and the size */
export async function exportPersonal(
  work: ExportWork,
  write: (piece: string) => Promise<void>,
): Promise<{ bytes: number; counts: Record<string, number> }> {
  const counts: Record<string, number> = {};
  let bytes = 0;
  let held = '';
  const add = async (text: string) => {
    held += text;
    if (held.length < PIECE) return;
    bytes += Buffer.byteLength(held);
    await write(held);
    held = '';
  };
  const tables = tablesOf(work);
  await add(`{"subjects":${JSON.stringify(work.subjects)},"madeAt":"${work.now.toISOString()}","tables":[`);
  let first = true;
  for (const [done, { subject, schema, table, marks }] of tables.entries()) {
    const name = `${schema}.${table}`;
    await eachPage(work.db, name, marks, subject, async (rows) => {
      const start = counts[name] === undefined;
      if (start)
        await add(
          `${first ? '' : ']},'}\n${JSON.stringify({ service: schema, table, purpose: marks.purpose }).slice(0, -1)},"rows":[`,
        );
      await add(
        rows.map((row, index) => `${start && index === 0 ? '' : ','}\n${JSON.stringify(row)}`).join(''),
      );
      counts[name] = (counts[name] ?? 0) + rows.length;
      first = false;
    });
    await work.progress?.(done + 1, tables.length + 1);
  }
  await add(`${first ? '' : ']}'}],"events":[`);
  let separator = '';
  for (const { id } of work.subjects) {
    for await (const events of readPersonal(work.db, id)) {
      for (const event of events) {
        await add(`${separator}\n${JSON.stringify(event)}`);
        separator = ',';
      }
      if (events.length > 0) counts['events.log'] = (counts['events.log'] ?? 0) + events.length;
    }
  }
  held += ']}\n';
  bytes += Buffer.byteLength(held);
  await write(held);
  return { bytes, counts };
}

function tablesOf({ marks, subjects }: ExportWork) {
  return subjects.flatMap((subject) =>
    [...marks].flatMap(([schema, { tables }]) =>
      // The archives themselves, and keys, are nobody's to take along.
      Object.entries(tables).flatMap(([table, each]) =>
        each.of[subject.kind] && !(schema === 'privacy' && table === 'parts')
          ? [{ subject, schema, table, marks: each }]
          : [],
      ),
    ),
  );
}

/** Hands on the subject's rows page by page; what is exported is of one moment per table. */
async function eachPage(
  db: Database,
  table: string,
  { of, secret, others }: PersonalTable,
  { kind, id }: ExportedSubject,
  use: (rows: Record<string, unknown>[]) => Promise<void>,
): Promise<void> {
  const left = new Set([...wordsOf(secret), ...wordsOf(others?.[kind])]);
  const condition = of[kind]!.replaceAll('$1', () => literal(id));
  await db.transaction(async (tx) => {
    await tx.query(`DECLARE exported NO SCROLL CURSOR FOR SELECT * FROM ${table} WHERE ${condition}`);
    for (;;) {
      const { rows } = await tx.query<Record<string, unknown>>(`FETCH ${PAGE} FROM exported`);
      if (rows.length > 0)
        await use(
          rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !left.has(name)))),
        );
      if (rows.length < PAGE) return;
    }
  });
}

/** DECLARE takes no parameters. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
