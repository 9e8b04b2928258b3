import { expect, test, vi } from 'vitest';
import { newId } from './ids.ts';

test('an id is a UUID of version 7 that tells its time', () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now() + 1);
});

test('ids of one process sort in the order they were made, and none comes twice', () => {
  const ids = Array.from({ length: 50_000 }, newId);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('ids go on in their order when the clock is set back', () => {
  vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
  const ahead = newId();
  vi.useRealTimers();
  expect(newId() > ahead).toBe(true);
});
