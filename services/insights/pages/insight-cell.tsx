/** A value of an answer, as its column says. */
import { Count, Day, Money, Percent, StatusBadge, useFormats, When } from '@moonbase/ui';
import type { Column, Row } from '../schema.ts';

export function InsightCell({ column, value }: { column: Column; value: Row[string] | undefined }) {
  if (value === null || value === undefined) return <span className="mb-none">–</span>;
  switch (column.kind) {
    case 'money':
      return <Money value={String(value)} currency={column.unit ?? undefined} />;
    case 'count':
      return <Count value={Number(value)} />;
    case 'number':
      return <Count value={Number(value)} digits={2} />;
    case 'percent':
      return <Percent value={Number(value)} digits={1} />;
    case 'day':
      return <Day value={String(value)} />;
    case 'month':
      return <Month value={String(value)} />;
    case 'hour':
      return <When at={String(value)} exact />;
    case 'status':
      return <StatusBadge status={String(value)} />;
    default:
      return <>{String(value)}</>;
  }
}

function Month({ value }: { value: string }) {
  return <>{useFormats().day(value, 'month')}</>;
}

export const isNumber = (column: Column) =>
  column.kind === 'money' || column.kind === 'count' || column.kind === 'number' || column.kind === 'percent';
