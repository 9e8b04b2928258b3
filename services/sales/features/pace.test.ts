import { expect, test } from 'vitest';
import { dayIn, daysBetween, standing } from './pace.ts';

const target = { value: '31000.0000', measure: 'amount' as const };
const january = { from: '2026-01-01', to: '2026-01-31', amount: '10000.0000', sales: 3 };

test('on the tenth of thirty-one days, ten thirty-firsts are expected', () => {
  expect(standing(target, january, '2026-01-10')).toMatchObject({
    expected: '10000.0000',
    pace: 100,
    percent: 32.25,
    progress: '10000.0000',
  });
});

test('after its end all of it is expected, before its start nothing is', () => {
  expect(standing(target, january, '2026-05-01')).toMatchObject({ expected: '31000.0000', pace: 32.25 });
  expect(standing(target, january, '2025-12-31')).toMatchObject({ expected: null, pace: null });
});

test('an open-ended target has progress but no pace', () => {
  expect(standing(target, { ...january, to: null }, '2026-01-10')).toMatchObject({
    percent: 32.25,
    expected: null,
    pace: null,
  });
});

test('a number of sales is counted, not summed up', () => {
  const count = { value: '12.0000', measure: 'count' as const };
  expect(standing(count, january, '2026-01-31')).toMatchObject({ progress: '3.0000', percent: 25, pace: 25 });
});

test('just short of a threshold is never shown as reached', () => {
  expect(standing(target, { ...january, amount: '30999.9999' }, '2026-01-31').percent).toBe(99.99);
});

test('days are counted across a change of clocks, and belong to a zone', () => {
  expect(daysBetween('2026-03-01', '2026-03-31')).toBe(31);
  expect(dayIn('Asia/Colombo', new Date('2026-01-31T20:00:00Z'))).toBe('2026-02-01');
  expect(dayIn('America/New_York', new Date('2026-01-01T02:00:00Z'))).toBe('2025-12-31');
});
