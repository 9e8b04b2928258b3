/** The lines of a statement as CSV, with all that is needed to recompute each by hand. */
import type { Handler } from '@moonbase/service';
import type { commissionsApi } from '../api.ts';
import type { StatementLine } from '../schema.ts';
import { plain } from './decimals.ts';
import { readStatement } from './list-statements.ts';

const HEADER = [
  ...['line', 'kind', 'sale', 'reference', 'day', 'product', 'share', 'currency', 'basis', 'applied', 'plan'],
  ...[
    'version',
    'tier',
    'rate',
    'points',
    'multiplier',
    'settledBasis',
    'settledCommission',
    'commission',
    'why',
  ],
];

export const exportStatement: Handler<typeof commissionsApi.exportStatement> = async (request, context) => {
  const { body: statement } = await readStatement(request as never, context);
  if (!('lines' in statement)) throw new Error('a statement has lines');
  const rows = statement.lines.map((line) => row(line, statement.plans, statement.products));
  const name = `statement-${statement.number ?? `${statement.month}-${statement.agent.code}`}.csv`;
  return {
    status: 200,
    body: [HEADER.join(','), ...rows, ''].join('\r\n'),
    headers: { 'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"` },
  };
};

function row(line: StatementLine, plans: Record<string, string>, products: Record<string, string>): string {
  const cells = [
    ...[String(line.n), line.kind, line.saleId, line.reference, line.day],
    ...[line.productId && (products[line.productId] ?? line.productId), line.share && plain(line.share)],
    ...[line.currency, line.basis, line.applied, line.planId && (plans[line.planId] ?? line.planId)],
    ...[line.version?.toString(), line.tier?.toString(), line.rate, line.points, line.multiplier],
    ...[line.of?.basis, line.of?.commission, line.commission, line.why],
  ];
  return cells.map((value) => cell(value ?? '')).join(',');
}

/** Text that a spreadsheet would take for a formula is kept text by an apostrophe; numbers stay numbers. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
