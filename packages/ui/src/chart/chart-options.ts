/** What ECharts is told: pure, from data and look to its options. */
import type { EChartsCoreOption } from 'echarts/core';
import type { ChartColours } from '../palette.ts';
import type { Tone } from '../status-badge.tsx';
import type { ChartData } from './chart-data.ts';
import { tooltipOf } from './chart-tooltip.ts';

export interface ChartLook {
  kind: 'bar' | 'line' | 'area' | 'donut' | 'heat';
  data: ChartData<object>;
  stacked: boolean | undefined;
  horizontal: boolean | undefined;
  goal: { value: number; name: string } | undefined;
  tones: Readonly<Record<string, Tone>> | undefined;
  colours: ChartColours;
  writeX: (category: string) => string;
  write: (value: number) => string;
  writeShort: (value: number) => string;
  /** A click leads somewhere. */
  picks: boolean;
  /** No movement is wanted. */
  still: boolean;
  /** Pixels. */
  width: number;
}

const font = '"Inter Variable", Inter, ui-sans-serif, system-ui, sans-serif';

export function optionsOf(look: ChartLook): EChartsCoreOption {
  const { colours, still, kind } = look;
  const base = {
    animation: !still,
    animationDuration: 350,
    animationDurationUpdate: 250,
    color: coloursOf(look),
    textStyle: { fontFamily: font, fontSize: 12, color: colours.muted },
    tooltip: {
      trigger: kind === 'donut' || kind === 'heat' ? 'item' : 'axis',
      axisPointer:
        kind === 'bar'
          ? { type: 'shadow', shadowStyle: { color: colours.muted, opacity: 0.08 } }
          : { type: 'line', lineStyle: { color: colours.muted, opacity: 0.5, type: 'solid' } },
      backgroundColor: colours.surface,
      borderColor: colours.line,
      borderWidth: 1,
      padding: [8, 10],
      confine: true,
      transitionDuration: 0,
      textStyle: { color: colours.ink, fontSize: 12 },
      extraCssText: 'border-radius:8px;box-shadow:0 6px 20px -6px rgb(0 0 0 / 25%)',
      formatter: tooltipOf(look),
    },
  };
  if (kind === 'donut') return { ...base, ...donut(look) };
  if (kind === 'heat') return { ...base, ...heat(look) };
  return { ...base, ...axes(look), series: look.data.series.map((_, index) => cartesian(look, index)) };
}

function legend({ data, colours }: ChartLook) {
  return {
    show: data.series.length > 1,
    type: 'scroll' as const,
    top: 0,
    left: 0,
    right: 28,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 14,
    textStyle: { color: colours.muted, fontSize: 12 },
    pageIconColor: colours.muted,
    pageTextStyle: { color: colours.muted },
    inactiveColor: colours.line,
  };
}

function axes(look: ChartLook) {
  const { data, colours, writeX, writeShort, horizontal, kind } = look;
  const category = {
    type: 'category',
    data: data.categories,
    inverse: horizontal ?? false,
    boundaryGap: kind === 'bar',
    axisLine: { show: !horizontal, lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: {
      color: horizontal ? colours.ink : colours.muted,
      fontSize: 12,
      formatter: writeX,
      hideOverlap: true,
      ...(horizontal ? { width: Math.min(170, look.width * 0.32), overflow: 'truncate' } : {}),
    },
  };
  const value = {
    type: 'value',
    splitNumber: 4,
    axisLabel: { color: colours.muted, fontSize: 12, formatter: writeShort },
    splitLine: { lineStyle: { color: colours.line } },
  };
  return {
    grid: {
      left: 4,
      right: look.goal ? 12 : horizontal ? 20 : 10,
      top: data.series.length > 1 ? 34 : 14,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: legend(look),
    xAxis: horizontal ? value : category,
    yAxis: horizontal ? category : value,
  };
}

function cartesian(look: ChartLook, index: number) {
  const { data, stacked, horizontal, goal, kind, picks } = look;
  const series = data.series[index]!;
  const colour = coloursOf(look)[index]!;
  const last = index === data.series.length - 1;
  const shared = {
    name: series.name,
    data: series.values,
    stack: stacked ? 'all' : undefined,
    cursor: picks ? 'pointer' : 'default',
    emphasis: { focus: data.series.length > 1 ? 'series' : 'none' },
    blur: { itemStyle: { opacity: 0.35 }, lineStyle: { opacity: 0.25 } },
    markLine: goal && index === 0 ? goalLine(look) : undefined,
  };
  if (kind === 'bar') {
    const round = horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0];
    return {
      ...shared,
      type: 'bar',
      barMaxWidth: horizontal ? 16 : 32,
      barGap: '12%',
      barCategoryGap: '34%',
      itemStyle: { borderRadius: !stacked || last ? round : 0 },
    };
  }
  const few = data.categories.length <= 1;
  return {
    ...shared,
    type: 'line',
    showSymbol: few,
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: series.muted ? { width: 1.5, type: [4, 4] } : { width: 2 },
    areaStyle: areaOf(look, index, colour),
  };
}

/** A colour per series (per slice of a donut): by meaning where it has one; muted ones leave the palette to the others. */
function coloursOf({ data, colours, kind, tones, writeX }: ChartLook): string[] {
  const parts =
    kind === 'donut'
      ? data.categories.map((name) => ({ name: tones?.[name] ? name : writeX(name), muted: false }))
      : data.series;
  let used = 0;
  const chosen = parts.map(({ name, muted }) => {
    const tone = tones?.[name];
    if (tone) return tone === 'info' ? colours.series[0]! : colours[tone];
    if (muted) return colours.neutral;
    used += 1;
    return colours.series[(used - 1) % colours.series.length]!;
  });
  return chosen.length > 0 ? chosen : [...colours.series];
}

/** Stacked areas are full; else only the first is filled: several over each other would be mud. */
function areaOf({ kind, stacked }: ChartLook, index: number, colour: string) {
  if (stacked) return { opacity: 0.8, color: colour };
  return kind === 'area' && index === 0 ? { opacity: 1, color: fade(colour) } : undefined;
}

function fade(colour: string) {
  return {
    type: 'linear',
    x: 0,
    y: 0,
    x2: 0,
    y2: 1,
    colorStops: [
      { offset: 0, color: `${colour}33` },
      { offset: 1, color: `${colour}03` },
    ],
  };
}

function goalLine({ goal, horizontal, colours, write }: ChartLook) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colours.ink, type: 'dashed', width: 1.2, opacity: 0.7 },
    label: {
      formatter: `${goal!.name} ${write(goal!.value)}`,
      position: horizontal ? 'end' : 'insideEndTop',
      color: colours.ink,
      fontSize: 11,
      padding: [2, 5],
      borderRadius: 3,
      backgroundColor: `${colours.surface}d9`,
    },
    data: [horizontal ? { xAxis: goal!.value } : { yAxis: goal!.value }],
  };
}

function donut(look: ChartLook) {
  const { data, colours, writeX, write, writeShort, picks, width } = look;
  const values = data.series[0]?.values ?? [];
  const total = values.reduce((sum: number, value) => sum + (value ?? 0), 0);
  const wide = width > 360;
  const centre = wide ? ['30%', '50%'] : ['50%', '38%'];
  return {
    legend: {
      ...legend(look),
      show: true,
      orient: 'vertical',
      ...(wide ? { left: '58%', top: 'middle', right: 8 } : { left: 'center', top: undefined, bottom: 0 }),
      formatter: (name: string) => {
        const value = values[data.categories.findIndex((each) => writeX(each) === name)] ?? 0;
        const share = total > 0 ? Math.round((value / total) * 100) : 0;
        return `{name|${name}}{share|${share} %}`;
      },
      textStyle: {
        rich: {
          name: { color: colours.ink, fontSize: 12, width: 110, padding: [0, 8, 0, 2] },
          share: { color: colours.muted, fontSize: 12, align: 'right', width: 36 },
        },
      },
    },
    title: undefined,
    series: [
      {
        type: 'pie',
        radius: wide ? ['56%', '82%'] : ['42%', '62%'],
        center: centre,
        cursor: picks ? 'pointer' : 'default',
        padAngle: 1.2,
        itemStyle: { borderRadius: 3 },
        emphasis: { scaleSize: 4 },
        label: {
          show: true,
          position: 'center',
          formatter: () => `{total|${total >= 100_000 ? writeShort(total) : write(total)}}\n{word|total}`,
          rich: {
            total: { fontSize: 18, fontWeight: 600, color: colours.ink, lineHeight: 24 },
            word: { fontSize: 12, color: colours.muted },
          },
        },
        labelLine: { show: false },
        data: data.categories.map((category, index) => ({
          name: writeX(category),
          value: values[index] ?? 0,
        })),
      },
    ],
  };
}

function heat(look: ChartLook) {
  const { data, colours, writeX, write, picks } = look;
  const cells = data.series.flatMap((series, y) =>
    series.values.flatMap((value, x) => (value === null ? [] : [[x, y, value]])),
  );
  const most = Math.max(1, ...cells.map(([, , value]) => value ?? 0));
  const labels = { color: colours.muted, fontSize: 12 };
  const axis = { axisLine: { show: false }, axisTick: { show: false }, splitArea: { show: false } };
  return {
    grid: { left: 4, right: 8, top: 8, bottom: 34, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: data.categories,
      ...axis,
      axisLabel: { ...labels, formatter: writeX, hideOverlap: true },
    },
    yAxis: {
      type: 'category',
      data: data.series.map(({ name }) => name),
      inverse: true,
      ...axis,
      axisLabel: labels,
    },
    visualMap: {
      min: 0,
      max: most,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemWidth: 10,
      itemHeight: 120,
      calculable: false,
      text: [write(most), write(0)],
      textStyle: labels,
      inRange: { color: [...colours.ramp] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        cursor: picks ? 'pointer' : 'default',
        itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 1.5 } },
      },
    ],
  };
}
