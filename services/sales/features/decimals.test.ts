import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fourDecimals, fromUnits, splitAmount, toUnits } from './decimals.ts';

test('a number has one spelling', () => {
  expect(['7', '7.0', '007.00', '0', '-1.5', '548.9715'].map(fourDecimals)).toEqual([
    '7.0000',
    '7.0000',
    '7.0000',
    '0.0000',
    '-1.5000',
    '548.9715',
  ]);
});

test('units and decimals are each other’s inverse', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (units) => {
      expect(toUnits(fromUnits(units))).toBe(units);
    }),
  );
});

test('shares add up to the amount, whatever the percentages', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), cuts, (units, at) => {
      const edges = [0, ...at.sort((a, b) => a - b), 1_000_000];
      const percentages = edges.slice(1).map((edge, index) => fromUnits(BigInt(edge - edges[index]!)));
      const shares = splitAmount(fromUnits(units), percentages);
      expect(shares.reduce((sum, share) => sum + toUnits(share), 0n)).toBe(units);
      expect(shares.every((share) => !share.startsWith('-'))).toBe(true);
    }),
  );
});
