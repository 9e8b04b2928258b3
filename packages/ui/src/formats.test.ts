import { describe, expect, it } from 'vitest';
import { formatsFor } from './formats.ts';

const british = formatsFor({ locale: 'en-GB', zone: 'Asia/Colombo', currency: 'USD' });
const german = formatsFor({ locale: 'de-DE', zone: 'Europe/Berlin', currency: 'EUR' });
/** Intl puts narrow and ordinary no-break spaces where people see a space. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is rounded half to even', () => {
    expect(british.money('0.125')).toBe('$0.12');
    expect(british.money('0.135')).toBe('$0.14');
    expect(british.money('322966.7490')).toBe('$322,966.75');
  });

  it('of more digits than a float holds loses none', () => {
    expect(british.money('90071992547409931.25')).toBe('$90,071,992,547,409,931.25');
  });

  it('has the digits of its currency and the shape of the locale', () => {
    expect(plain(british.money('1200', 'JPY'))).toBe('¥1,200');
    expect(plain(german.money('1234.5'))).toBe('1.234,50 €');
  });

  it('is exact, with its code, in the tooltip', () => {
    expect(plain(british.exactMoney('322966.7490'))).toBe('USD 322,966.749');
  });

  it('can be short', () => {
    expect(british.money('1204382.10', 'USD', { compact: true })).toMatch(/^\$1\.2m$/i);
    expect(british.money('812', 'USD', { compact: true })).toBe('$812');
  });
});

describe('numbers', () => {
  it('write ratios as per cent, small ones with a digit', () => {
    expect(british.percent(0.42)).toBe('42%');
    expect(british.percent(0.0241)).toBe('2.4%');
    expect(british.percent(0.0005)).toBe('0.05%');
    expect(british.percent(0)).toBe('0%');
    expect(british.percent(-0.5, { signed: true })).toBe('-50%');
  });

  it('write durations in the two largest units', () => {
    expect(plain(british.duration(340))).toBe('340ms');
    expect(plain(british.duration(93_400))).toBe('1m 33s');
    expect(plain(british.duration(7_200_000))).toBe('2h');
  });

  it('write bytes', () => {
    expect(plain(british.bytes(999))).toBe('999 bytes');
    expect(plain(british.bytes(67_108_864))).toBe('67.1 MB');
  });

  it('write a value as its format says', () => {
    expect(british.value('1234', 'count')).toBe('1,234');
    expect(british.value(0.5, 'percent')).toBe('50%');
    expect(british.value('12', { money: 'USD' })).toBe('$12.00');
  });
});

describe('times', () => {
  const now = new Date('2026-11-20T10:00:00Z');

  it('are told from now within a day, and by the clock of the zone beyond', () => {
    expect(british.when('2026-11-20T09:59:40Z', now)).toBe('now');
    expect(british.when('2026-11-20T09:55:00Z', now)).toBe('5 min ago');
    expect(british.when('2026-11-20T06:00:00Z', now)).toBe('4 hr ago');
    expect(british.when('2026-11-18T20:00:00Z', now)).toBe('19 Nov, 01:30');
  });

  it('say the year when it is another one', () => {
    expect(british.time('2025-11-18T20:00:00Z', { now })).toBe('19 Nov 2025, 01:30');
  });

  it('leave a business day the same in every zone', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      expect(formatsFor({ locale: 'en-GB', zone, currency: 'USD' }).day('2026-03-01')).toBe('1 Mar 2026');
    }
  });
});
