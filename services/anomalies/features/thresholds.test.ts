import { expect, test } from 'vitest';
import { moveOf, moveOfAgent, Thresholds } from './thresholds.ts';

test('wrong answers raise a threshold, right ones lower it, by half as much', () => {
  expect(moveOf({ right: 0, wrong: 4 })).toBe(0.4);
  expect(moveOf({ right: 4, wrong: 0 })).toBe(-0.2);
  expect(moveOf({ right: 8, wrong: 4 })).toBe(0);
});

test('it moves no further than its bounds', () => {
  expect(moveOf({ right: 0, wrong: 1_000 })).toBe(2);
  expect(moveOf({ right: 1_000, wrong: 0 })).toBe(-0.5);
});

test('an agent’s own answers count from the fifth on', () => {
  expect(moveOfAgent({ right: 0, wrong: 4 })).toBe(0);
  expect(moveOfAgent({ right: 0, wrong: 5 })).toBe(0.5);
  expect(moveOfAgent({ right: 0, wrong: 500 })).toBe(1);
});

test('the agent’s move is on top of the detector’s, and a detector that is off is beyond reach', () => {
  const thresholds = new Thresholds(
    new Map([
      ['unusual-count all', 0.4],
      ['unusual-count ann', 0.5],
    ]),
    new Set(['new-place']),
  );
  expect(thresholds.of('unusual-count', 'bob')).toBe(3.9);
  expect(thresholds.of('unusual-count', 'ann')).toBe(4.4);
  expect(thresholds.of('unusual-amount', 'ann')).toBe(4.8);
  expect(thresholds.of('new-place', null)).toBe(Number.POSITIVE_INFINITY);
});
