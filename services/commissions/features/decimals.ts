/**
 * Exact decimals: strings outside, whole ten-thousandths (bigint) inside. Never floats.
 *
 * The same few lines as in sales, which may not be imported from here; money is rounded here besides.
 */

/** `"548.97"` → `5489700n`. Expects the shape that the contract checked. */
export function toUnits(decimal: string): bigint {
  const negative = decimal.startsWith('-');
  const [whole = '0', part = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  const units = BigInt(whole + part.padEnd(4, '0'));
  return negative ? -units : units;
}

/** `5489700n` → `"548.9700"`, as PostgreSQL writes numeric(19,4). */
export function fromUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** `"7.5000"` → `"7.5"`, for people. */
export function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** A quotient rounded half-even: 2.5 → 2, 3.5 → 4, -2.5 → -2. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n !== denominator < 0n ? -1n : 1n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && whole % 2n === 1n);
  return sign * (up ? whole + 1n : whole);
}

/**
 * The one place where commissions are rounded: `numerator ÷ denominator` ten-thousandths, half-even to the
 * minor unit of a currency.
 *
 * @param digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD
 */
export function roundMoney(numerator: bigint, denominator: bigint, digits: number): bigint {
  const step = 10n ** BigInt(4 - Math.min(4, digits));
  return divideHalfEven(numerator, denominator * step) * step;
}

/** How many digits the minor unit of a currency has. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
