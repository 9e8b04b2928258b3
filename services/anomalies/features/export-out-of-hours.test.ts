import { expect, test } from 'vitest';
import { judgeHour, withExport } from './export-out-of-hours.ts';

const business = { from: 7, to: 20, days: [1, 2, 3, 4, 5] };
const [tuesday, sunday] = ['2026-03-10', '2026-03-15'];

test('within business hours nothing is unusual', () => {
  expect(judgeHour({ day: tuesday, hour: 7 }, business, [])).toBeUndefined();
  expect(judgeHour({ day: tuesday, hour: 19 }, business, [])).toBeUndefined();
});

test('a first export at night is, and one on a free day', () => {
  expect(judgeHour({ day: tuesday, hour: 20 }, business, [])!.score).toBeCloseTo(4.32);
  expect(judgeHour({ day: sunday, hour: 10 }, business, [])!.score).toBeCloseTo(4.32);
});

test('the habit of working late is known after some nights', () => {
  let hours: number[] = [];
  for (let night = 0; night < 5; night += 1) hours = withExport(hours, { day: tuesday, hour: 22 }, business);
  expect(judgeHour({ day: tuesday, hour: 23 }, business, hours)!.score).toBeLessThan(1.5);
  expect(judgeHour({ day: tuesday, hour: 3 }, business, hours)!.score).toBeGreaterThan(5);
  expect(judgeHour({ day: sunday, hour: 22 }, business, hours)!.score).toBeGreaterThan(5);
});

test('old habits fade', () => {
  let hours: number[] = [];
  for (let each = 0; each < 1_000; each += 1) hours = withExport(hours, { day: tuesday, hour: 22 }, business);
  expect(hours.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(400);
});
