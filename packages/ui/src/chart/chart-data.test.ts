import { describe, expect, it } from 'vitest';
import { chartDataOf, summaryOf } from './chart-data.ts';

const long = [
  { month: '2026-10', branch: 'North', total: '10.5000' },
  { month: '2026-10', branch: 'South', total: '20.0000' },
  { month: '2026-11', branch: 'South', total: '15.0000' },
];

describe('what a chart draws', () => {
  it('is one series per column', () => {
    const data = chartDataOf(
      [
        { day: 'a', now: 1, before: null },
        { day: 'b', now: '2.5', before: 4 },
      ],
      {
        x: 'day',
        series: [
          { key: 'now', name: 'Now' },
          { key: 'before', name: 'Before', muted: true },
        ],
      },
    );
    expect(data.categories).toEqual(['a', 'b']);
    expect(data.series.map(({ name, values, muted }) => [name, values, muted])).toEqual([
      ['Now', [1, 2.5], false],
      ['Before', [null, 4], true],
    ]);
  });

  it('is turned from long rows, with holes where there is no row, and keeps the row of each value', () => {
    const data = chartDataOf(long, { x: 'month', pivot: { series: 'branch', value: 'total' } });
    expect(data.series.map(({ name, values }) => [name, values])).toEqual([
      ['North', [10.5, null]],
      ['South', [20, 15]],
    ]);
    expect(data.series[1]?.rows[1]).toBe(long[2]);
    expect(data.series[0]?.rows[1]).toBeUndefined();
  });

  it('is told in a sentence', () => {
    const data = chartDataOf(long, { x: 'month', pivot: { series: 'branch', value: 'total' } });
    const text = summaryOf(
      'Sales',
      data,
      (value) => `$${value}`,
      (category) => `in ${category}`,
    );
    expect(text).toBe(
      'Sales. North: $10.5 (in 2026-10); South: highest $20 (in 2026-10), lowest $15 (in 2026-11).',
    );
  });
});
