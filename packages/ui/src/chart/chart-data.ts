/** From rows as an api answers them to what a chart draws: categories and series of numbers. */

export interface Series {
  key: string;
  name: string;
  /** What the others are compared with: grey, and dashed as a line. */
  muted?: boolean;
}

export interface ChartShape<Row> {
  /** Column of the categories. */
  x: keyof Row & string;
  /** One column per series. */
  series?: readonly Series[];
  /** Or rows of (x, series, value). */
  pivot?: { series: keyof Row & string; value: keyof Row & string };
  /** Heat: the column of the other axis, and of the number. */
  y?: keyof Row & string;
  value?: keyof Row & string;
}

export interface ChartData<Row> {
  categories: string[];
  series: {
    name: string;
    muted: boolean;
    /** One per category; null where there is none. */
    values: (number | null)[];
    /** The rows they came from. */
    rows: (Row | undefined)[];
  }[];
}

/** Categories and series stand in the order in which they first appear. */
export function chartDataOf<Row extends object>(
  rows: readonly Row[],
  shape: ChartShape<Row>,
): ChartData<Row> {
  const at = (row: Row, key: string) => (row as Record<string, unknown>)[key];
  const categories = [...new Set(rows.map((row) => String(at(row, shape.x))))];
  const place = new Map(categories.map((category, index) => [category, index]));
  const pivot = shape.pivot ?? (shape.y && shape.value ? { series: shape.y, value: shape.value } : undefined);
  const names: readonly Series[] = pivot
    ? [...new Set(rows.map((row) => String(at(row, pivot.series))))].map((name) => ({
        key: pivot.value,
        name,
      }))
    : (shape.series ?? []);
  const series = names.map(({ key, name, muted = false }) => {
    const values: (number | null)[] = categories.map(() => null);
    const sources: (Row | undefined)[] = categories.map(() => undefined);
    for (const row of rows) {
      if (pivot && String(at(row, pivot.series)) !== name) continue;
      const index = place.get(String(at(row, shape.x)))!;
      values[index] = numberOf(at(row, key));
      sources[index] = row;
    }
    return { name, muted, values, rows: sources };
  });
  return { categories, series };
}

/** Decimal strings become floats here: they are drawn, not added up. */
function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A chart in a sentence or two. */
export function summaryOf<Row>(
  label: string,
  data: ChartData<Row>,
  write: (value: number) => string,
  writeX: (category: string) => string,
): string {
  const parts = data.series.slice(0, 4).map(({ name, values }) => {
    const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
    if (known.length === 0) return `${name}: no values`;
    const high = known.reduce((best, each) => (each.value > best.value ? each : best));
    const low = known.reduce((best, each) => (each.value < best.value ? each : best));
    const category = (index: number) => writeX(data.categories[index]!);
    if (known.length === 1) return `${name}: ${write(high.value)} (${category(high.index)})`;
    return `${name}: highest ${write(high.value)} (${category(high.index)}), lowest ${write(low.value)} (${category(low.index)})`;
  });
  const left = data.series.length - parts.length;
  return `${label}. ${parts.join('; ')}${left > 0 ? `; and ${left} more` : ''}.`;
}
