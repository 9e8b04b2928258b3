import type { ChartLook } from './chart-options.ts';

interface Point {
  seriesName?: string;
  seriesIndex?: number;
  dataIndex: number;
  name: string;
  color?: unknown;
  value: unknown;
}

/** Draws a tooltip as elements, not as HTML text: names come from people. */
export function tooltipOf(look: ChartLook): (points: Point | Point[]) => HTMLElement {
  return (given) => {
    const points = [given].flat();
    const { data, writeX, write, kind, stacked, colours } = look;
    const box = document.createElement('div');
    box.style.minWidth = '120px';
    const first = points[0];
    if (!first) return box;
    if (kind === 'heat') {
      const [x, y, value] = first.value as [number, number, number];
      box.append(heading(`${data.series[y]?.name} · ${writeX(data.categories[x] ?? '')}`));
      box.append(line(undefined, '', write(value)));
      return box;
    }
    if (kind === 'donut') {
      box.append(line(first.color, first.name, write(Number(first.value))));
      return box;
    }
    box.append(heading(writeX(data.categories[first.dataIndex] ?? first.name)));
    let total = 0;
    for (const point of points) {
      if (point.value === null || point.value === undefined) continue;
      total += Number(point.value);
      box.append(line(point.color, point.seriesName ?? '', write(Number(point.value))));
    }
    if (stacked && points.length > 1) {
      const sum = line(undefined, 'Total', write(total));
      sum.style.borderTop = `1px solid ${colours.line}`;
      sum.style.marginTop = '4px';
      sum.style.paddingTop = '4px';
      box.append(sum);
    }
    return box;
  };
}

function heading(text: string): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  element.style.cssText = 'font-weight:600;margin-bottom:4px';
  return element;
}

function line(colour: unknown, name: string, value: string): HTMLElement {
  const element = document.createElement('div');
  element.style.cssText = 'display:flex;align-items:center;gap:8px;line-height:20px';
  if (typeof colour === 'string') {
    const dot = document.createElement('span');
    dot.style.cssText = `width:8px;height:8px;border-radius:2px;background:${colour}`;
    element.append(dot);
  }
  const label = document.createElement('span');
  label.textContent = name;
  const number = document.createElement('span');
  number.textContent = value;
  number.style.cssText =
    'margin-left:auto;padding-left:16px;font-weight:500;font-variant-numeric:tabular-nums';
  element.append(label, number);
  return element;
}
