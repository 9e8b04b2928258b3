/**
 * A chart with its words: a summary for those who don't see it, and the same numbers as a table on demand.
 * ECharts is loaded when the first one is drawn.
 */

import { ActionIcon, Skeleton } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type ChartData, type ChartShape, chartDataOf, summaryOf } from './chart/chart-data.ts';
import { ChartTable } from './chart/chart-table.tsx';
import classes from './chart.module.css';
import type { ValueFormat } from './formats.ts';
import { Hint } from './hint.tsx';
import { EmptyState, ErrorState } from './states.tsx';
import type { Tone } from './status-badge.tsx';
import { useFormats } from './values.tsx';

const Drawing = lazy(() => import('./chart/drawing.tsx'));

export interface ChartProps<Row> extends ChartShape<Row> {
  kind: 'bar' | 'line' | 'area' | 'donut' | 'heat';
  /** What it shows: «Sales by branch, last 6 months». */
  label: string;
  rows: readonly Row[] | undefined;
  format?: ValueFormat;
  stacked?: boolean;
  /** Bars lie: for long names. */
  horizontal?: boolean;
  /** A line across: a target. */
  goal?: { value: number; name: string };
  height?: number;
  xFormat?: 'text' | 'day' | 'month' | 'hour';
  /** Meaning of series or slices by name, where they have one: states. */
  tones?: Readonly<Record<string, Tone>>;
  /** A click on a bar, point or slice. */
  onPick?: (row: Row, series: string) => void;
  loading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  /** What to say when there are no rows. */
  empty?: string;
}

export function Chart<Row extends object>(props: ChartProps<Row>) {
  const { kind, label, rows, height = 260, loading, error, onRetry, empty } = props;
  const [asTable, setAsTable] = useState(false);
  const formats = useFormats();
  const writeX = useMemo(() => categoryWriter(props.xFormat, formats), [props.xFormat, formats]);
  const { x, y, series, pivot, value } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape's parts are new objects at every render; their text decides.
  const data = useMemo(
    () => (rows ? chartDataOf(rows, { x, y, series, pivot, value }) : undefined),
    [rows, x, y, value, JSON.stringify(series), JSON.stringify(pivot)],
  );
  const summary = data ? summaryOf(label, data, (v) => formats.value(v, props.format), writeX) : label;

  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (loading || !data) return <ChartHolder height={height} />;
  if (data.categories.length === 0) {
    return (
      <EmptyState
        title={empty ?? 'Nothing to show'}
        text="There is no data for these filters."
        icon={IconChartBar}
      />
    );
  }
  const shown: ShownChart<Row> = { ...props, data, writeX };
  return (
    <figure className={classes.chart} aria-label={summary}>
      <div className={classes.toggle}>
        <Hint label={asTable ? 'Show as chart' : 'Show as table'}>
          <ActionIcon
            size="sm"
            aria-label={asTable ? `Show «${label}» as chart` : `Show «${label}» as table`}
            aria-pressed={asTable}
            onClick={() => setAsTable((is) => !is)}
          >
            {asTable ? <IconChartBar size={15} /> : <IconTable size={15} />}
          </ActionIcon>
        </Hint>
      </div>
      {asTable ? (
        <ChartTable {...shown} />
      ) : (
        <Suspense fallback={<ChartHolder height={height} />}>
          <Drawing {...(shown as unknown as ShownChart<object>)} key={kind} />
        </Suspense>
      )}
    </figure>
  );
}

export interface ShownChart<Row> extends ChartProps<Row> {
  data: ChartData<Row>;
  writeX: (category: string) => string;
}

function ChartHolder({ height }: { height: number }) {
  return (
    <div className={classes.holder} style={{ height }} aria-busy="true">
      {[52, 74, 40, 86, 63, 95, 58, 70].map((each) => (
        <Skeleton key={each} height={`${each}%`} radius={3} />
      ))}
    </div>
  );
}

function categoryWriter(form: ChartProps<object>['xFormat'], formats: ReturnType<typeof useFormats>) {
  return (category: string): string => {
    if (!/^\d{4}-\d\d/.test(category)) return category;
    if (form === 'day') return formats.day(category, 'short');
    if (form === 'month') return formats.day(`${category.slice(0, 7)}-01`, 'month');
    if (form === 'hour') return formats.time(category);
    return category;
  };
}
