/** An answer, drawn as its question says. */
import { Chart, type ChartProps, useGo, type ValueFormat } from '@moonbase/ui';
import type { InsightAnswer } from '../api.ts';
import type { Chart as ChartSpec, Column, Row } from '../schema.ts';
import { salesAddress } from './drill.ts';
import type { FilterValues } from './filters.ts';

export interface Asked {
  name: string;
  title: string;
  chart: ChartSpec;
  columns: readonly Column[];
  drill: Readonly<Record<string, string>> | null;
}

const tones = { SENT: 'good', PENDING: 'warn', FAILED: 'bad' } as const;

export function InsightChart(props: {
  insight: Asked;
  answer: InsightAnswer | undefined;
  filters: FilterValues;
  loading: boolean;
  error: unknown;
  onRetry: () => void;
  height?: number;
}) {
  const { answer, error, filters, height, insight, loading, onRetry } = props;
  const { chart, columns, drill } = insight;
  const go = useGo();
  const values = chart.pivot ? [chart.pivot.value] : (chart.series ?? []);
  const shown = answer?.columns ?? columns;
  const column = (key: string) => shown.find((each) => each.key === key);
  return (
    <Chart<Row>
      kind={chart.kind === 'table' ? 'bar' : chart.kind}
      label={insight.title}
      rows={answer?.rows}
      x={chart.x}
      series={chart.series?.map((key) => ({
        key,
        name: column(key)?.name ?? key,
        muted: key === 'target',
      }))}
      pivot={chart.pivot}
      format={formatOf(column(values[0] ?? ''))}
      xFormat={xFormatOf(column(chart.x))}
      horizontal={chart.horizontal}
      stacked={chart.stacked}
      tones={tones}
      height={height}
      loading={loading}
      error={error ?? undefined}
      onRetry={onRetry}
      onPick={drill && answer ? (row) => go(salesAddress(drill, row, answer, filters)) : undefined}
    />
  );
}

function formatOf(column: Column | undefined): ValueFormat {
  if (column?.kind === 'money' && column.unit) return { money: column.unit };
  return column?.kind === 'percent' ? 'percent' : 'count';
}

function xFormatOf(column: Column | undefined): ChartProps<Row>['xFormat'] {
  const kind = column?.kind;
  return kind === 'day' || kind === 'month' || kind === 'hour' ? kind : 'text';
}
