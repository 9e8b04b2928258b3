/** Exact decimals: strings outside, whole ten-thousandths (BigInt) inside. Never floats. */

/** `"548.97"` → `5489700n`. Expects the shape that the contract checked. */
export function toUnits(decimal: string): bigint {
  return BigInt(fourDecimals(decimal).replace('.', ''));
}

/** `5489700n` → `"548.9700"`. */
export function fromUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** One spelling per number, as PostgreSQL writes numeric(19,4): `"7"` and `"007.00"` → `"7.0000"`. */
export function fourDecimals(decimal: string): string {
  const negative = decimal.startsWith('-');
  const [whole = '', part = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  let start = 0;
  while (start < whole.length - 1 && whole[start] === '0') start += 1;
  return `${negative ? '-' : ''}${whole.slice(start)}.${part.padEnd(4, '0')}`;
}

/**
 * Splits an amount by percentages that add up to 100; what rounding leaves over goes to the first share.
 *
 * @returns amounts that add up to the amount, exactly
 */
export function splitAmount(amount: string, percentages: readonly string[]): string[] {
  const units = toUnits(amount);
  const shares = percentages.map((percent) => (units * toUnits(percent)) / 1_000_000n);
  const rest = units - shares.reduce((sum, share) => sum + share, 0n);
  shares[0] = (shares[0] ?? 0n) + rest;
  return shares.map(fromUnits);
}
