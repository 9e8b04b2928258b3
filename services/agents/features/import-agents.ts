/**
 * A file of agents, taken in as it arrives: 500 lines a transaction, with the count of what landed and the
 * lines that did not. Lines go by code, so a file that broke off is simply sent again.
 */
import { type Database, newId, type Transaction } from '@moonbase/data';
import { CodedError } from '@moonbase/http/errors';
import type { Handler, ServiceContext } from '@moonbase/service';
import type { agentsApi } from '../api.ts';
import { agentsError } from '../errors.ts';
import { agentColumns, columnOf, rowOf } from './agent-csv.ts';
import { todayOf } from './business-day.ts';
import { landAgents, type PushResult, type RejectedRow } from './push-agents.ts';
import { type CsvRecord, readCsv } from './read-csv.ts';
import { type ImportProgress, readProgress } from './read-import.ts';

const ROWS_AT_ONCE = 500;

export interface ImportInput {
  id: string;
  fileName: string | null;
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * Takes the file in and tells how it went.
 *
 * @throws CodedError `import_known`, `csv_columns`, `csv_unreadable`; what had landed before stays
 */
export async function importFile(context: ServiceContext, input: ImportInput): Promise<ImportProgress> {
  const { db, clock } = context;
  await begin(db, input, clock.now());
  try {
    const today = await todayOf(context);
    for await (const records of inGroups(readCsv(input.bytes, agentColumns)))
      await db.transaction((tx) => landRecords(tx, input.id, records, today, clock.now()));
    await end(db, input.id, null, clock.now());
  } catch (error) {
    await end(db, input.id, explain(error), clock.now());
    throw error;
  }
  return readProgress(db, input.id, clock.now());
}

async function begin(db: Database, { id, fileName }: ImportInput, now: Date): Promise<void> {
  await db.query(`DELETE FROM agents.imports WHERE started_at < $1::timestamptz - interval '90 days'`, [now]);
  const answer = await db.query(
    `INSERT INTO agents.imports (id, file_name, status, started_at, progressed_at)
     VALUES ($1, $2, 'running', $3, $3) ON CONFLICT DO NOTHING`,
    [id, fileName, now],
  );
  if (!answer.rowCount) throw agentsError('import_known');
}

async function end(db: Database, id: string, error: string | null, now: Date): Promise<void> {
  await db.query(`UPDATE agents.imports SET status = $2, error = $3, ended_at = $4 WHERE id = $1`, [
    id,
    error === null ? 'done' : 'broken',
    error,
    now,
  ]);
}

/** What the page shows: never a message that was made for developers. */
function explain(error: unknown): string {
  if (!(error instanceof CodedError)) return 'The connection or the host broke off: send the file again.';
  const places = error.faults.map((fault) => `${fault.at}: ${fault.message}`);
  return [error.message, ...places, error.remedy].join(' ');
}

async function* inGroups(records: AsyncIterable<CsvRecord>): AsyncGenerator<CsvRecord[]> {
  let group: CsvRecord[] = [];
  try {
    for await (const record of records) {
      group.push(record);
      if (group.length < ROWS_AT_ONCE) continue;
      yield group;
      group = [];
    }
  } catch (error) {
    // Good lines before the one that breaks the file land too.
    if (group.length > 0) yield group;
    throw error;
  }
  if (group.length > 0) yield group;
}

async function landRecords(
  tx: Transaction,
  id: string,
  records: CsvRecord[],
  today: string,
  now: Date,
): Promise<void> {
  const whole = records.filter((record) => record.faults.length === 0);
  const result = await landAgents(
    tx,
    whole.map(({ line, cells }) => ({ row: line, value: rowOf(cells) })),
    today,
    now,
  );
  const rejected: RejectedRow[] = [
    ...records
      .filter((record) => record.faults.length > 0)
      .map(({ line, cells, faults }) => ({
        row: line,
        code: cells.code?.slice(0, 50) || null,
        faults,
        remedy,
      })),
    ...result.rejected.map((row) => ({
      ...row,
      faults: row.faults.map(({ at, message }) => ({
        at: `line ${row.row}, column "${columnOf(at)}"`,
        message,
      })),
      remedy,
    })),
  ];
  await note(tx, id, records.length, { ...result, rejected }, now);
}

const remedy = 'Correct the line and send it again, alone or with the whole file.';

async function note(tx: Transaction, id: string, rows: number, result: PushResult, now: Date): Promise<void> {
  await tx.query(
    `UPDATE agents.imports SET rows = rows + $2, created = created + $3, changed = changed + $4,
       unchanged = unchanged + $5, rejected = rejected + $6, progressed_at = $7 WHERE id = $1`,
    [id, rows, result.created, result.changed, result.unchanged, result.rejected.length, now],
  );
  await tx.query(
    `INSERT INTO agents.rejected_rows (import_id, row, code, faults, remedy)
     SELECT $1, row, code, faults, remedy
     FROM jsonb_to_recordset($2) AS r (row integer, code text, faults jsonb, remedy text)`,
    [id, JSON.stringify(result.rejected)],
  );
}

export const importAgents: Handler<typeof agentsApi.importAgents> = async ({ query, stream }, context) => {
  if (!stream) throw agentsError('csv_expected');
  const input = { id: query.id ?? newId(), fileName: query.file ?? null, bytes: stream.body };
  return { status: 200, body: await importFile(context, input) };
};
