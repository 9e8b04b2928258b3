import { expect, test } from 'vitest';
import { divideHalfEven, fromUnits, minorDigits, plain, roundMoney, toUnits } from './decimals.ts';

test('decimals go in and out exactly', () => {
  for (const value of ['0.0000', '548.9715', '-0.0500', '999999999999999.9999', '-12.3000'])
    expect(fromUnits(toUnits(value))).toBe(value);
  expect([toUnits('7'), toUnits('-7.5'), toUnits('0.0001')]).toEqual([70_000n, -75_000n, 1n]);
  expect(['7.5000', '7.0000', '70', '0.0000'].map(plain)).toEqual(['7.5', '7', '70', '0']);
});

test('halves go to the even neighbour, on both sides of zero', () => {
  const halves = [5n, 15n, 25n, 35n, -5n, -15n, -25n, 24n, 26n].map((value) => divideHalfEven(value, 10n));
  expect(halves).toEqual([0n, 2n, 2n, 4n, 0n, -2n, -2n, 2n, 3n]);
  expect(divideHalfEven(25n, -10n)).toBe(-2n);
});

test('money is rounded to the minor unit of its currency', () => {
  expect(['USD', 'JPY', 'KWD', 'LKR'].map(minorDigits)).toEqual([2, 0, 3, 2]);
  const rounded = (value: string, currency: string) =>
    fromUnits(roundMoney(toUnits(value), 1n, minorDigits(currency)));
  expect(rounded('1.0050', 'USD')).toBe('1.0000');
  expect(rounded('1.0150', 'USD')).toBe('1.0200');
  expect(rounded('2.5000', 'JPY')).toBe('2.0000');
  expect(rounded('1.0005', 'KWD')).toBe('1.0000');
});
