import { describe, expect, it } from 'vitest';
import { periodOf, presets, todayIn } from './periods.ts';

const now = new Date('2026-11-20T20:00:00Z');
const at = (key: string, zone = 'UTC', when = now) => {
  const { from, to, before } = periodOf(key, 'today', zone, when);
  return [from, to, before.from, before.to];
};

describe('a period', () => {
  it('is counted in the zone of the organisation', () => {
    expect(todayIn('Asia/Colombo', now)).toBe('2026-11-21');
    expect(at('today', 'Asia/Colombo')).toEqual(['2026-11-21', '2026-11-21', '2026-11-20', '2026-11-20']);
    expect(at('today', 'America/New_York')).toEqual(['2026-11-20', '2026-11-20', '2026-11-19', '2026-11-19']);
  });

  it('of days ends with today and is compared with as many before', () => {
    expect(at('last-7-days')).toEqual(['2026-11-14', '2026-11-20', '2026-11-07', '2026-11-13']);
    expect(at('last-30-days')).toEqual(['2026-10-22', '2026-11-20', '2026-09-22', '2026-10-21']);
  });

  it('of months, quarters and years is whole', () => {
    expect(at('this-month')).toEqual(['2026-11-01', '2026-11-30', '2026-10-01', '2026-10-31']);
    expect(at('last-month')).toEqual(['2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30']);
    expect(at('last-3-months')).toEqual(['2026-09-01', '2026-11-30', '2026-06-01', '2026-08-31']);
    expect(at('this-quarter')).toEqual(['2026-10-01', '2026-12-31', '2026-07-01', '2026-09-30']);
    expect(at('last-quarter')).toEqual(['2026-07-01', '2026-09-30', '2026-04-01', '2026-06-30']);
    expect(at('last-year')).toEqual(['2025-01-01', '2025-12-31', '2024-01-01', '2024-12-31']);
  });

  it('at the turn of a year and in a leap year is right', () => {
    const january = new Date('2028-01-31T12:00:00Z');
    expect(at('last-month', 'UTC', january)).toEqual([
      '2027-12-01',
      '2027-12-31',
      '2027-11-01',
      '2027-11-30',
    ]);
    expect(at('this-month', 'UTC', new Date('2028-02-10T12:00:00Z')).slice(0, 2)).toEqual([
      '2028-02-01',
      '2028-02-29',
    ]);
  });

  it('from day to day includes both', () => {
    expect(at('2026-01-01..2026-01-31')).toEqual(['2026-01-01', '2026-01-31', '2025-12-01', '2025-12-31']);
  });

  it('that is none, or ends before it begins, is the fallback', () => {
    expect(periodOf('nonsense', 'yesterday', 'UTC', now).key).toBe('yesterday');
    expect(periodOf('2026-02-01..2026-01-01', 'yesterday', 'UTC', now).key).toBe('yesterday');
    expect(periodOf('2026-13-45..2026-99-99', 'yesterday', 'UTC', now).key).toBe('yesterday');
    expect(periodOf(undefined, 'yesterday', 'UTC', now).key).toBe('yesterday');
  });

  it('of all time has neither end', () => {
    expect(at('all')).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('of every preset can be worked out', () => {
    for (const [key] of presets) expect(periodOf(key, 'today', 'UTC', now).key).toBe(key);
  });
});
