/** Answers as files. */
import type { Handler } from '@moonbase/service';
import { type ExportFormat, exportMedia, exportTable } from '@moonbase/warehouse';
import type { insightsApi } from '../api.ts';
import type { Column, ColumnKind, Row } from '../schema.ts';
import { answerInsight } from './ask-insight.ts';

export const exportInsight: Handler<typeof insightsApi.exportInsight> = async (request, context) => {
  const { params, query } = request;
  const answer = await answerInsight(params.name, query, request, context);
  return exported(answer.name, answer.columns, answer.rows, query.format);
};

const types: Record<ColumnKind, string> = {
  text: 'VARCHAR',
  status: 'VARCHAR',
  id: 'VARCHAR',
  day: 'DATE',
  month: 'DATE',
  hour: 'TIMESTAMPTZ',
  money: 'DECIMAL(24,4)',
  count: 'BIGINT',
  number: 'DOUBLE',
  percent: 'DOUBLE',
};

/** Amounts get a column with their currency beside them: a file has no column heads that explain. */
export async function exported(
  name: string,
  columns: readonly Column[],
  rows: readonly Row[],
  format: ExportFormat,
) {
  const currency = columns.find((column) => column.kind === 'money')?.unit;
  const table = {
    columns: [
      ...columns.map((column) => ({ name: column.key, type: types[column.kind] })),
      ...(currency ? [{ name: 'currency', type: 'VARCHAR' }] : []),
    ],
    rows: rows.map((row) => [
      ...columns.map((column) => row[column.key] ?? null),
      ...(currency ? [currency] : []),
    ]),
  };
  return {
    status: 200 as const,
    body: await exportTable(table, format),
    headers: {
      'content-type': exportMedia[format],
      'content-disposition': `attachment; filename="${name}.${format}"`,
    },
  };
}
