import { newId } from '@moonbase/data';
import { expect, test } from 'vitest';
import { SLOTS, slotOf } from './slots.ts';

test('the slot of a key never changes: it is stored with the events', () => {
  const keys = ['', 'a', 'b', 'agent-1', '018f3c1e-0000-7000-8000-000000000001', 'ünï 🌙'];
  expect(keys.map(slotOf)).toEqual([11, 51, 50, 26, 16, 21]);
});

test('ids made one after the other spread over all slots', () => {
  const counts = new Array<number>(SLOTS).fill(0);
  for (let i = 0; i < 64_000; i += 1) counts[slotOf(newId())]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});

test('numbered keys spread, too', () => {
  const counts = new Array<number>(SLOTS).fill(0);
  for (let i = 0; i < 6_400; i += 1) counts[slotOf(`agent-${i}`)]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
});
