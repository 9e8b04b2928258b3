import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { BarChart, HeatmapChart, LineChart, PieChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import classes from '../chart.module.css';
import type { ShownChart } from '../chart.tsx';
import { darkChart, lightChart } from '../palette.ts';
import { useFormats } from '../values.tsx';
import { optionsOf } from './chart-options.ts';

use([
  BarChart,
  LineChart,
  PieChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  VisualMapComponent,
  MarkLineComponent,
  SVGRenderer,
]);

/** The picture of a chart; what it says in words stands around it. */
export default function Drawing(props: ShownChart<object>) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion();
  const formats = useFormats();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const node = box.current!;
    const made = init(node, undefined, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => {
      const { data, onPick, kind } = latest.current;
      const [x, y] = Array.isArray(event.value) ? (event.value as number[]) : [];
      const place = kind === 'heat' ? (x ?? -1) : event.dataIndex;
      const series = data.series[kind === 'heat' ? (y ?? -1) : (event.seriesIndex ?? 0)];
      const row = series?.rows[place];
      if (row && series) onPick?.(row, series.name);
    });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(node);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);

  const { kind, data, format, stacked, horizontal, goal, tones, writeX, onPick } = props;
  useEffect(() => {
    const options = optionsOf({
      kind,
      data,
      stacked,
      horizontal,
      goal,
      tones,
      writeX,
      picks: onPick !== undefined,
      colours: scheme === 'dark' ? darkChart : lightChart,
      still: still ?? false,
      width: box.current?.clientWidth ?? 600,
      write: (value) => formats.value(value, format),
      writeShort: (value) => formats.value(value, format, { compact: true }),
    });
    chart.current?.setOption(options, { notMerge: true });
  }, [kind, data, format, stacked, horizontal, goal, tones, writeX, onPick, scheme, still, formats]);

  return (
    <div ref={box} className={classes.drawing} style={{ height: props.height ?? 260 }} aria-hidden="true" />
  );
}
