import { expect, it } from 'vitest';
import { instantOf, wallTimeOf } from './wall-time.ts';

it('goes from instants to clocks and back in any zone', () => {
  expect(wallTimeOf('2026-11-20T10:00:00Z', 'Asia/Colombo')).toBe('2026-11-20 15:30:00');
  expect(instantOf('2026-11-20 15:30:00', 'Asia/Colombo')).toBe('2026-11-20T10:00:00.000Z');
  expect(instantOf('2026-07-01 08:00:00', 'America/New_York')).toBe('2026-07-01T12:00:00.000Z');
});

it('is right on the days on which clocks are changed', () => {
  expect(instantOf('2026-03-29 04:00:00', 'Europe/Berlin')).toBe('2026-03-29T02:00:00.000Z');
  expect(instantOf('2026-10-25 04:00:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00.000Z');
});
